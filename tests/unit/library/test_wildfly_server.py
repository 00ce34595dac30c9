"""The module whole, against a server that keeps a model: predict, do, nothing more; failures without secrets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.module_runs import run
from tests.unit.gatekit.portable.wildfly.fake_server import PASSWORD, USER, FakeServer, serving

STORE = {"address": "/subsystem=elytron/credential-store=gatekit", "attributes": {"path": "x"}}
SOURCE = {
    "address": "/subsystem=io/source=archive",
    "attributes": {"credential-reference": {"store": "gatekit", "alias": "<secret database>"}},
}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving(FakeServer()) as running:
        yield running


def arguments(server: FakeServer, password: str = PASSWORD) -> dict[str, object]:
    given = {"owner": "archive", "port": server.port, "user": USER, "password": password, "fingerprint_key": "the-key"}
    return given | {"secrets": {"database": "s3cr3t-value"}, "resources": [STORE, SOURCE], "start_timeout_s": 5}


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(server: FakeServer) -> None:
    predicted = run("wildfly_server", arguments(server), check=True)
    assert server.aliases == {}
    done = run("wildfly_server", arguments(server))
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    again = run("wildfly_server", arguments(server))
    assert (again["changed"], again["server_state"]) == (False, "running")
    assert "s3cr3t-value" not in repr((predicted, done, again))


def test_failure_gives_facts_and_no_secret(server: FakeServer) -> None:
    failed = run("wildfly_server", arguments(server, "another-password"))
    assert (failed["failed"], failed["code"], failed["path"]) == (True, "GW401", "wildfly.management")
    assert not any(secret in repr(failed) for secret in ("another-password", "s3cr3t-value", "the-key"))
