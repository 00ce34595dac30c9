from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatekit.errors import DicomError
from gatekit.pacs_gateway.configuration import Configuration, Secrets, credentials, database_url, load
from tests.unit.gatekit.pacs_gateway.gateway import PLAN

CONFIGURATION = Configuration(gateway=PLAN)
SECRETS = Secrets("pass-word", b"key-of-the-site")


def test_file_of_the_role_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "pacs_gateway.json"
    path.write_text(json.dumps({"gateway": PLAN.model_dump(mode="json")}))
    assert load(path) == CONFIGURATION


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(None, "No such file or directory", id="no-file"),
        pytest.param('{"gateway": {}, "port": 1}', "port", id="unknown-key"),
    ],
)
def test_file_that_the_role_did_not_write_is_refused(tmp_path: Path, text: str | None, value: str) -> None:
    path = tmp_path / "pacs_gateway.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(DicomError) as caught:
        load(path)
    assert caught.value.facts[:2] == ("GW532", str(path))
    assert value in str(caught.value.value)


def test_secrets_come_from_the_unit_s_credentials_and_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / "database_password").write_text("pass-word\n")
    (tmp_path / "patient_hash_key").write_text("key-of-the-site\n")
    secrets = credentials({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert secrets == SECRETS
    assert "pass-word" not in repr(secrets)
    assert "key-of-the-site" not in repr(secrets)


def test_daemon_without_credentials_says_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(DicomError) as caught:
        credentials({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert caught.value.facts[:2] == ("GW532", "credentials")


def test_database_is_the_plan_s_on_loopback_and_a_dead_one_is_noticed_soon() -> None:
    url = database_url(CONFIGURATION, SECRETS, "test")
    assert (url["host"], url["port"], url["dbname"], url["user"]) == ("127.0.0.1", 5432, "pacs_gateway", "pacs_gateway")
    assert (url["password"], url["connect_timeout"]) == ("pass-word", 5)


def test_unknown_pacs_is_refused_with_the_names_there_are() -> None:
    assert CONFIGURATION.source("main") == PLAN.sources[0]
    with pytest.raises(DicomError) as caught:
        CONFIGURATION.source("other")
    assert caught.value.facts == ("GW534", "request.pacs", "other", "Name a PACS of the site file: main.")
