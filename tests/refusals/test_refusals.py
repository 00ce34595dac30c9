"""Bad site files are refused before any login, with exactly path, value, fix and code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatekit.codes import CODES
from gatekit.errors import IntentRefused
from gatekit.intent.load import load_intent, missing_secrets
from tests.refusals.case import Case, example
from tests.refusals.table import TABLE

STAFF = "staff\n"
SECRET_TEXTS = ("correct horse battery", "hunter2", "saltsalt", "b3BlbnNzaC1rZXktdjEAAAAA", "6162")
ELSEWHERE = {
    "GW107",  # by the vault, below
    "GW108",  # by a device's rule for secrets: unit/gatekit/devices/change/test_secret_rule.py
    "GW145",  # by the zip: unit/gatekit/intent/test_artefacts.py
    "GW146",  # by the install medium: unit/gatekit/install/esxi
    "GW147",  # the same
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id.replace(" ", "-")) for case in TABLE])
def test_inventory_is_refused_with_every_path_value_fix_and_code_and_no_secret(case: Case, tmp_path: Path) -> None:
    folder = case.lay(tmp_path)
    (folder / "site.txt").write_text(STAFF)
    with pytest.raises(IntentRefused) as caught:
        load_intent(folder)
    assert tuple(error.facts for error in caught.value) == case.expected
    message = str(caught.value)
    assert message.encode("utf-8")
    assert len(message.splitlines()) == len(case.expected)
    assert not [text for text in SECRET_TEXTS if text in message]


def test_table_has_at_least_80_cases_with_ids_of_their_own() -> None:
    ids = [case.id for case in TABLE]
    assert len(ids) >= 80
    assert len(ids) == len(set(ids))


def test_every_code_of_the_site_file_is_raised_by_a_case() -> None:
    wanted = {code for code in CODES if code.startswith("GW1")}
    raised = {code for case in TABLE for code, *_ in case.expected}
    assert raised == wanted - ELSEWHERE


def test_every_fix_is_a_sentence_that_tells_what_to_do() -> None:
    fixes = {fix for case in TABLE for *_, fix in case.expected}
    assert not [fix for fix in fixes if not re.match(r"[A-Z].{5,}[.?]$", fix)]


def test_folder_without_a_site_file_is_refused_in_both_files(tmp_path: Path) -> None:
    folder = tmp_path / "minato"
    folder.mkdir()
    with pytest.raises(IntentRefused) as caught:
        load_intent(folder)
    fix = "Create the file {}; inventories/README.md says how."
    assert [error.facts for error in caught.value] == [
        ("GW101", "site.yml", "missing", fix.format("minato/site.yml")),
        ("GW101", "data_centre.yml", "missing", fix.format(f"{tmp_path.name}/data_centre.yml")),
    ]


def test_staff_file_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = example(4, tmp_path)
    (tmp_path / "elsewhere.csv").write_text(STAFF)
    (folder / "staff.csv").symlink_to(tmp_path / "elsewhere.csv")
    with (folder / "site.yml").open("a") as file:
        file.write(f"staff_file: {{path: staff.csv, sha256: {'0' * 63}a}}\n")
    with pytest.raises(IntentRefused) as caught:
        load_intent(folder)
    fix = "Put the file itself, not a link, into pattern4/."
    assert [error.facts for error in caught.value] == [("GW142", "staff_file.path", "staff.csv", fix)]


@pytest.mark.parametrize(
    ("vault", "value"),
    [
        pytest.param({}, "missing", id="missing"),
        pytest.param({"vpn_psk": " "}, "empty or not text", id="blank"),
        pytest.param({"vpn_psk": 12345}, "empty or not text", id="number"),
        pytest.param({"vpn_psk": ["hunter2"]}, "empty or not text", id="list"),
    ],
)
def test_secret_missing_from_the_vault_is_named_and_never_shown(vault: dict[str, object], value: str) -> None:
    held = vault | {"esxi_password": "x"}
    fix = "Add `vpn_psk` to the mapping `vault` in group_vars/all/vault.yml and encrypt it with ansible-vault."
    found = [error.facts for error in missing_secrets(("vpn_psk", "esxi_password"), held)]
    assert found == [("GW107", "vault.vpn_psk", value, fix)]
