"""The module with a small platform on a simulated box: what it reports, and what it never shows."""

from __future__ import annotations

import json

import pytest

from gatekit.devices.change import parameters
from gatekit.devices.change.part import part_as_json
from gatekit.simulators import Simulator
from tests.contract.module_runs import run
from tests.sites import example_plan
from tests.unit.gatekit.devices.change.box import PASSWORD, PSK, STARTUP, Box, BoxPlatform

KEY = "fingerprint-key-of-the-vault"
WANTED = {"ntp": "10.200.9.10", "psk": "<secret vpn_psk>"}


@pytest.fixture
def box():
    return Box(60.0)


@pytest.fixture
def arguments(box, tmp_path, monkeypatch):
    monkeypatch.setattr(parameters, "platform_named", lambda _: BoxPlatform(WANTED))
    monkeypatch.setattr(parameters, "PROVE_S", 0.0)
    with Simulator(box) as simulator:
        yield {
            "platform": "box",
            "kind": "l3_switch",
            "part": part_as_json(example_plan("pattern4").l3_switch),
            "host": simulator.host,
            "port": simulator.port,
            "user": "gwops",
            "password": PASSWORD,
            "known_hosts": str(simulator.known_hosts),
            "secrets": {"vpn_psk": PSK, "fingerprint_key": KEY},
            "record": str(tmp_path / "devices"),
            "plan_sha256": "0" * 64,
        }


def controller_asks(port: int) -> dict[str, object]:
    return {"name": "portal", "question": {"op": "tcp", "address": "127.0.0.1", "port": port}}


@pytest.mark.peer
def test_a_change_is_reported_once_and_then_nothing_is_left_to_do(arguments):
    first = run("network_device", {**arguments, "probes": [controller_asks(arguments["port"])]})
    assert (first["changed"], first["ending"]) == (True, "confirmed")
    assert first["lines"] == ["set ntp 10.200.9.10", "set psk <secret vpn_psk>"]
    assert first["probes"] == [{"name": "portal", "passed": True, "found": "accepted"}]
    second = run("network_device", arguments)
    assert (second["changed"], second["ending"], second["lines"]) == (False, "unchanged", [])


@pytest.mark.peer
def test_check_mode_predicts_the_same_lines_and_sends_none(arguments, box):
    predicted = run("network_device", arguments, check=True)
    assert box.running == STARTUP
    made = run("network_device", arguments)
    assert (predicted["changed"], predicted["lines"], predicted["diff"]) == (True, made["lines"], made["diff"])


@pytest.mark.peer
def test_a_change_that_is_taken_back_fails_with_its_reason_and_evidence(arguments, box):
    failed = run("network_device", {**arguments, "probes": [controller_asks(1)]})
    assert (failed["failed"], failed["code"], failed["path"]) == (True, "GW429", "l3_switch.probes")
    assert (failed["ending"], failed["probes"][0]["passed"]) == ("reverted", False)
    assert box.running == box.startup == STARTUP


@pytest.mark.peer
def test_what_the_approved_plan_saw_is_asked_for_again(arguments):
    seen = run("network_device", arguments, check=True)["seen"]
    assert run("network_device", {**arguments, "seen": "0" * 64})["code"] == "GW428"
    assert run("network_device", {**arguments, "seen": seen})["ending"] == "confirmed"


@pytest.mark.peer
def test_the_state_before_the_last_one_comes_back(arguments, box, monkeypatch):
    class ByPart(BoxPlatform):
        def render(self, part):
            return f"set route {part.route.network}\n"

        def change_set(self, observed, part, *, renewed_secrets):
            self.wanted = {"route": str(part.route.network)}
            return super().change_set(observed, part, renewed_secrets=renewed_secrets)

    monkeypatch.setattr(parameters, "platform_named", lambda _: ByPart())
    assert run("network_device", {**arguments, "state": "earlier"})["code"] == "GW407"
    first = arguments["part"]["route"]["network"]
    run("network_device", arguments)
    other = {
        **arguments,
        "part": {**arguments["part"], "route": {**arguments["part"]["route"], "network": "10.9.0.0/24"}},
    }
    run("network_device", other)
    assert box.startup["route"] == "10.9.0.0/24"
    box.startup["route"] = box.running["route"] = "drifted"
    assert run("network_device", {**other, "state": "confirmed"})["lines"] == ["set route 10.9.0.0/24"]
    assert run("network_device", {**other, "state": "earlier"})["lines"] == [f"set route {first}"]
    assert box.startup["route"] == first


@pytest.mark.peer
def test_our_own_password_is_renewed_with_the_previous_one(arguments, box, monkeypatch):
    wanted = {"password": "<secret firewall_password>"}
    monkeypatch.setattr(parameters, "platform_named", lambda _: BoxPlatform(wanted))
    secrets = {"firewall_password": "renewed-password", "fingerprint_key": KEY}
    renewing = {**arguments, "secrets": secrets, "password": "renewed-password", "previous_password": PASSWORD}
    assert run("network_device", renewing)["ending"] == "confirmed"
    assert box.startup["password"] == "renewed-password"
    assert run("network_device", renewing)["ending"] == "unchanged"
    del renewing["previous_password"]
    assert run("network_device", renewing)["ending"] == "unchanged"


@pytest.mark.peer
@pytest.mark.parametrize("port", [1, None], ids=["taken back", "kept"])
def test_no_secret_is_in_the_result(arguments, port):
    result = run("network_device", {**arguments, "probes": [controller_asks(port or arguments["port"])]})
    assert [value for value in (PASSWORD, PSK, KEY) if value in json.dumps(result)] == []


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"part": {"name": "l3_switch"}}, "GW104", "part.product"),
        ({"secrets": {"vpn_psk": PSK}}, "GW107", "vault.fingerprint_key"),
        ({"secrets": {"fingerprint_key": KEY}}, "GW107", "vault.vpn_psk"),
        ({"probes": [{"name": "x", "question": {"op": "ping", "address": "::1"}}]}, "GW104", "probes.0.question"),
        ({"probes": [{"name": "x", "question": {}, "target": {}}]}, "GW104", "probes.0.target.backend"),
    ],
)
def test_what_is_wrong_is_named_by_its_place_before_anybody_logs_in(arguments, box, wrong, code, path):
    failed = run("network_device", {**arguments, **wrong})
    assert (failed["failed"], failed["code"], failed["path"]) == (True, code, path)
    assert box.said == []


def test_an_unknown_platform_is_refused(arguments, monkeypatch):
    monkeypatch.undo()
    assert run("network_device", {**arguments, "platform": "os"})["code"] == "GW301"


@pytest.mark.peer
def test_a_way_that_did_not_work_before_is_not_asked_of_the_change(arguments):
    ways = [controller_asks(port) | {"if_it_worked": True} for port in (1, arguments["port"])]
    made = run("network_device", {**arguments, "probes": ways})
    assert (made["ending"], [probe["passed"] for probe in made["probes"]]) == ("confirmed", [True])
