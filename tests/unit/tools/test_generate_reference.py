"""The reference is fresh, complete, and the editor's schema says what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gatekit.catalogue import products
from gatekit.codes import CODES
from gatekit.intent.yaml_text import read_mapping
from gatekit.simulators.evidence import coverage
from tests.refusals.case import INVENTORIES, REMOVED, set_at
from tools.generate_reference import FOLDER, main, pages, stale


def checked(name: str, tree: Any) -> list[str]:
    """Return the places that the generated schema does not accept."""
    validator = jsonschema.Draft202012Validator(json.loads(pages()[name]))
    return sorted({".".join(map(str, error.absolute_path)) for error in validator.iter_errors(tree)})


def test_committed_reference_is_fresh() -> None:
    assert stale(FOLDER) == []


def test_check_names_what_is_stale_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "errors.md").write_text("by hand")
    (tmp_path / "site.md").unlink()
    assert main(["--check"], tmp_path) == 1
    said = "docs/reference/{} is stale: run python tools/generate_reference.py\n"
    assert capsys.readouterr().err == said.format("errors.md") + said.format("site.md")
    assert (tmp_path / "errors.md").read_text() == "by hand"


def test_every_page_says_that_it_is_generated_and_how() -> None:
    assert not [name for name, text in pages().items() if "python tools/generate_reference.py" not in text[:300]]


def test_pages_hold_every_code_and_every_product() -> None:
    written = pages()
    assert not [code for code in CODES if f"| {code} | " not in written["errors.md"]]
    assert not [name for name in products() if f"| `{name}` | " not in written["products.md"]]


def test_answers_that_nobody_else_reads_stand_by_name_in_the_platform_table() -> None:
    page = pages()["platforms.md"]
    for platform, found in coverage().items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| {platform} |"))
        assert not [name for name in found.nobody if f"`{name}`".replace("|", "\\|") not in row.rsplit(" | ", 1)[1]]


@pytest.mark.parametrize("pattern", [1, 2, 3, 4])
def test_schema_accepts_the_example_site(pattern: int) -> None:
    assert checked("site.schema.json", read_mapping(INVENTORIES / f"pattern{pattern}" / "site.yml")) == []


def test_schema_accepts_the_data_centre() -> None:
    assert checked("data_centre.schema.json", read_mapping(INVENTORIES / "data_centre.yml")) == []


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        pytest.param("hospital.colour", "blue", "hospital", id="unknown-key"),
        pytest.param("hospital.id", REMOVED, "hospital", id="missing-key"),
        pytest.param("pacs[0].port", 0, "pacs.0.port", id="out-of-range"),
        pytest.param("pacs[0].ae_title", "A" * 17, "pacs.0.ae_title", id="bad-title"),
        pytest.param("uploads.to", "moon", "uploads", id="unknown-kind"),
        pytest.param("networks[0].network", "192.168.20.0", "networks.0.network", id="no-prefix-length"),
        pytest.param("trust.firewall_address", "192.168.10", "trust.firewall_address", id="half-an-address"),
    ],
)
def test_schema_refuses_at_the_place_that_is_wrong(path: str, value: object, place: str) -> None:
    tree = read_mapping(INVENTORIES / "pattern4" / "site.yml")
    set_at(tree, path, value)
    assert checked("site.schema.json", tree) == [place]
