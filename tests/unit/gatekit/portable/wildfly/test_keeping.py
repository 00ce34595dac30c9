"""One call of the module against a server that keeps a model: prediction, deed, no second change, and each fault."""

from __future__ import annotations

import hashlib
import http.server
import json
from pathlib import Path
from typing import Any

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly.keeping import keep
from tests.unit.gatekit.portable.wildfly.fake_server import PASSWORD, STORE, USER, FakeServer

SECRET = "s3cr3t-of-the-database"
STORE_RESOURCE = {"address": "/subsystem=elytron/credential-store=gatekit", "attributes": {"path": "x", "create": True}}
SOURCE = {
    "address": "/subsystem=io/source=archive",
    "attributes": {"credential-reference": {"store": "gatekit", "alias": "<secret database>"}, "size": 4, "none": None},
}


def call(server: FakeServer, *, check: bool = False, **wish: Any) -> dict[str, Any]:
    given = {"owner": "archive", "port": server.port, "user": USER, "password": PASSWORD, "unit": "wildfly.service"}
    given |= {"start_timeout_s": 5, "credential_store": "/subsystem=elytron/credential-store=gatekit"}
    given |= {"secrets": {"database": SECRET}, "fingerprint_key": "key", "resources": [], "deployments": []}
    return keep({**given, **wish}, predict=check)


def application(folder: Path, content: bytes = b"one", name: str = "a.war") -> dict[str, str]:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return {"name": name, "sha256": sha256, "file": str(folder / sha256)}


def test_prediction_and_deed_are_equal_and_a_third_call_changes_nothing(server: FakeServer, tmp_path: Path) -> None:
    wish = {"resources": [STORE_RESOURCE, SOURCE], "deployments": [application(tmp_path)]}
    predicted = call(server, check=True, **wish)
    assert all(row["operation"] == "composite" for row in server.operations)
    assert server.model["deployment"] is None
    done = call(server, **wish)
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    assert server.model["deployment"]["a.war"]["enabled"] is True
    again = call(server, **wish)
    assert (again["changed"], again["wanted_archives"]) == (False, [])
    assert SECRET not in repr((predicted, done, again))


def test_secret_goes_into_the_store_only_and_the_attribute_has_its_alias(server: FakeServer) -> None:
    call(server, resources=[STORE_RESOURCE, SOURCE])
    ((alias, value),) = server.aliases.items()
    assert alias.startswith("database.")
    assert value == SECRET
    assert server.model["subsystem"]["io"]["source"]["archive"]["credential-reference"]["alias"] == alias
    assert SECRET not in json.dumps(server.model)


def test_changed_secret_gets_a_new_alias_and_the_old_one_goes(server: FakeServer) -> None:
    call(server, resources=[STORE_RESOURCE, SOURCE])
    (old,) = server.aliases
    changed = call(server, resources=[STORE_RESOURCE, SOURCE], secrets={"database": "new"})
    ((alias, value),) = server.aliases.items()
    assert changed["changed"] is True
    assert (alias != old, value) == (True, "new")


def test_missing_secret_is_named(server: FakeServer) -> None:
    with pytest.raises(NodeError) as refused:
        call(server, resources=[STORE_RESOURCE, SOURCE], secrets={})
    assert refused.value.facts[:2] == ("GW107", "secrets.database")


def test_what_was_added_is_removed_when_it_is_wished_no_more_and_what_was_not_added_stays(server: FakeServer) -> None:
    resources = [STORE_RESOURCE, SOURCE, {"address": "/subsystem=io/worker=default", "attributes": {"task-threads": 9}}]
    call(server, resources=resources)
    assert server.model["subsystem"]["io"]["worker"]["default"]["task-threads"] == 9
    call(server, resources=[STORE_RESOURCE])
    assert server.model["subsystem"]["io"]["source"] == {}
    assert server.model["subsystem"]["io"]["worker"] == {"default": {"task-threads": 9}}


def test_two_owners_do_not_touch_each_other(server: FakeServer, tmp_path: Path) -> None:
    call(server, owner="one", deployments=[application(tmp_path, b"1", "one.war")])
    call(server, owner="two", deployments=[application(tmp_path, b"2", "two.war")])
    call(server, owner="two")
    assert list(server.model["deployment"]) == ["one.war"]
    assert call(server, owner="one", deployments=[application(tmp_path, b"1", "one.war")])["changed"] is False


def test_application_is_replaced_when_its_content_changes_and_when_somebody_else_replaced_it(
    server: FakeServer, tmp_path: Path
) -> None:
    call(server, deployments=[application(tmp_path, b"one")])
    two = application(tmp_path, b"two")
    assert call(server, deployments=[two])["changed"] is True
    assert '"full-replace-deployment"' in json.dumps(server.operations)
    (tmp_path / "hand").write_bytes(b"by hand")
    server.do({"operation": "full-replace-deployment", "name": "a.war", "content": [{"url": f"file:{tmp_path}/hand"}]})
    shown = call(server, deployments=[two])
    assert json.loads(shown["diff"]["before"]) == {"/deployment=a.war": {"sha256": "of another hand"}}
    assert call(server, deployments=[two])["changed"] is False


def test_application_that_stopped_or_failed_is_started_again(server: FakeServer, tmp_path: Path) -> None:
    wish = {"deployments": [application(tmp_path)]}
    call(server, **wish)
    for state in ({"enabled": False, "status": "STOPPED"}, {"status": "FAILED"}):
        server.model["deployment"]["a.war"].update(state)
        assert call(server, **wish)["changed"] is True
        assert server.model["deployment"]["a.war"]["status"] == "OK"


def test_archive_that_is_not_on_the_node_is_asked_for_and_nothing_is_done(server: FakeServer, tmp_path: Path) -> None:
    wanted = {**application(tmp_path), "file": str(tmp_path / "not-there")}
    before = json.dumps(server.model)
    found = call(server, deployments=[wanted], resources=[SOURCE | {"attributes": {"size": 1}}])
    assert (found["changed"], found["wanted_archives"]) == (False, [wanted["sha256"]])
    assert json.dumps(server.model) == before


def test_archive_with_another_sha256_is_refused_before_anything_is_done(server: FakeServer, tmp_path: Path) -> None:
    wanted = application(tmp_path)
    Path(wanted["file"]).write_bytes(b"another")
    before = json.dumps(server.model)
    with pytest.raises(NodeError) as refused:
        call(server, deployments=[wanted], resources=[SOURCE | {"attributes": {"size": 1}}])
    actual = hashlib.sha256(b"another").hexdigest()
    assert refused.value.facts[:3] == ("GW142", "wildfly.deployments.a.war", actual)
    assert json.dumps(server.model) == before


def test_server_that_asks_for_it_is_reloaded_before_applications_start(server: FakeServer, tmp_path: Path) -> None:
    server.reload_after = {"write-attribute"}
    worker = {"address": "/subsystem=io/worker=default", "attributes": {"task-threads": 9}}
    call(server, resources=[worker], deployments=[application(tmp_path)])
    names = [row["operation"] for row in server.operations]
    deploying = max(index for index, row in enumerate(server.operations) if '"content"' in json.dumps(row))
    assert names.index("reload") < deploying
    assert server.state == "running"


def test_server_found_waiting_for_a_reload_is_a_change_of_its_own(server: FakeServer) -> None:
    server.state = "reload-required"
    assert call(server, check=True)["changed"] is True
    assert server.reloads == 0
    call(server, resources=[])
    assert (server.reloads, server.state) == (1, "running")


def test_refused_operation_leaves_the_configuration_reloads_and_hides_the_secret(server: FakeServer) -> None:
    server.refuses = "add-alias"
    with pytest.raises(NodeError) as refused:
        call(server, resources=[STORE_RESOURCE, SOURCE])
    assert refused.value.facts[:2] == ("GW406", "wildfly.composite")
    assert "<secret database>" in str(refused.value.value)
    assert SECRET not in str(refused.value)
    assert server.reloads == 1
    assert "source" not in server.model["subsystem"]["io"]


def test_alias_left_by_an_operation_that_was_undone_is_taken_up(server: FakeServer) -> None:
    server.refuses = "full-replace-deployment"
    call(server, resources=[STORE_RESOURCE, SOURCE])
    del server.model["subsystem"]["elytron"]["credential-store"]["gatekit"]  # the file is still there
    del server.model["subsystem"]["io"]["source"]["archive"]
    assert len(server.aliases) == 1
    assert call(server, resources=[STORE_RESOURCE, SOURCE])["changed"] is True
    assert {"address": STORE, "operation": "read-aliases"} in server.operations


def test_server_that_keeps_another_value_is_not_called_done(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeServer, "_write_attribute", lambda *_: None)
    with pytest.raises(NodeError) as refused:
        call(server, resources=[{"address": "/subsystem=io/worker=default", "attributes": {"task-threads": 9}}])
    assert refused.value.facts[:2] == ("GW406", "wildfly.after")
    assert refused.value.value == ["/subsystem=io/worker=default"]


def test_expression_is_compared_as_text_and_undefined_members_do_not_count(server: FakeServer) -> None:
    server.model["subsystem"]["io"]["worker"]["default"] |= {
        "port": {"EXPRESSION_VALUE": "${port:1}"},
        "file": {"path": "a", "relative-to": None},
        "handlers": ["A", "B"],
    }
    attributes = {"port": "${port:1}", "file": {"path": "a"}, "handlers": ["A", "B"], "absent": None}
    wish = [{"address": "/subsystem=io/worker=default", "attributes": attributes}]
    call(server, resources=wish)
    assert call(server, resources=wish)["changed"] is False
    attributes["handlers"] = ["B", "A"]
    assert call(server, check=True, resources=wish)["changed"] is True


def test_server_that_comes_first_is_predicted_and_only_then(server: FakeServer) -> None:
    server.port = 1
    assert call(server, check=True, resources=[SOURCE])["changed"] is True
    with pytest.raises(NodeError) as refused:
        call(server, resources=[SOURCE], start_timeout_s=0)
    assert refused.value.code == "GW420"


def test_record_that_somebody_broke_removes_nothing(server: FakeServer) -> None:
    call(server, resources=[SOURCE | {"attributes": {"size": 1}}])
    server.model["system-property"]["gatekit.archive"]["value"] = "broken {"
    assert call(server)["changed"] is True  # it is written anew
    assert "archive" in server.model["subsystem"]["io"]["source"]


@pytest.mark.parametrize("kind", ["resources", "deployments"])
def test_same_thing_twice_is_refused(server: FakeServer, kind: str, tmp_path: Path) -> None:
    row = SOURCE if kind == "resources" else application(tmp_path)
    with pytest.raises(NodeError) as refused:
        call(server, **{kind: [row, row]})
    assert refused.value.facts[:2] == ("GW111", f"wish.{kind}")


def test_answer_to_the_reload_may_be_cut_off_by_it(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(state: FakeServer, _asked: dict[str, Any]) -> None:
        state.reloads, state.state = state.reloads + 1, "running"
        raise ConnectionAbortedError

    monkeypatch.setattr(FakeServer, "_reload", cut_off)
    monkeypatch.setattr(http.server.ThreadingHTTPServer, "handle_error", lambda *_: setattr(server, "lost_answers", 1))
    server.state = "reload-required"
    call(server)
    assert server.state == "running"
