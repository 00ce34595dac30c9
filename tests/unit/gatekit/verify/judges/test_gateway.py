"""VM1's software is judged by what its servers say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.gateway_checks import units
from gatekit.verify.judges import JUDGES
from gatekit.verify.model import Check, NotRun, Operation, Reading, Verdict
from gatekit.verify.targets import Targets

ORTHANC = 8042
"""Cannot be bound to one address; the scans show that nobody reaches it."""
PORTS = (5432, 8080, 9990, 8042, 8390)


def verdict(plan: Plan, targets: Targets, identity: str, *texts: str) -> Verdict:
    check: Check = next(row for row in plan_checks(plan, targets).checks if row.id == identity)
    assert isinstance(check.asks, Reading)
    return JUDGES[check.asks.judge](plan, check, texts)


def listing(plan: Plan, **states: str) -> str:
    rows = [(name, states.get(name.split(".")[0].split("@")[0], "active")) for name in units(plan)]
    return "\n\n".join(f"Id={name}\nActiveState={state}\nSubState=x" for name, state in rows) + "\n"


def sockets(*hosts: str) -> str:
    return "".join(f"LISTEN 0 128 {host} 0.0.0.0:*\n" for host in hosts)


def request(**more: Any) -> str:
    row = {"id": "1", "pacs": "main", "state": "done", "moved_instances": 0, "fault": None, **more}
    return json.dumps({"requests": [row]})


def difference(**missing: list[Any]) -> str:
    return json.dumps({"differences": [{"pacs": "main", "studies": [], "series": [], "instances": [], **missing}]})


def test_ap_2_every_service_of_vm1_is_active(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "service.vm1.software", listing(plan)).ok


@pytest.mark.parametrize("unit", ["wildfly", "apache2", "orthanc", "postgresql", "gatekit-pacs-gateway"])
@pytest.mark.parametrize("state", ["failed", "inactive", "activating"])
def test_ap_2_one_service_that_is_not_active_is_red_and_named(
    plan: Plan, targets: Targets, unit: str, state: str
) -> None:
    found = verdict(plan, targets, "service.vm1.software", listing(plan, **{unit: state}))
    assert not found.ok
    assert f"{state}/x" in found.observed.en


def test_ap_2_inner_ports_are_heard_on_loopback(plan: Plan, targets: Targets) -> None:
    inner = sockets(*(f"127.0.0.1:{port}" for port in PORTS), "10.161.4.10:443", "*:22")
    assert verdict(plan, targets, "service.vm1.loopback", inner).ok


@pytest.mark.parametrize("port", PORTS)
def test_ap_2_an_inner_port_that_is_silent_or_open_is_red(plan: Plan, targets: Targets, port: int) -> None:
    others = [f"127.0.0.1:{other}" for other in PORTS if other != port]
    assert not verdict(plan, targets, "service.vm1.loopback", sockets(*others)).ok
    for host in ("*", "10.161.4.10", "[::]"):
        found = verdict(plan, targets, "service.vm1.loopback", sockets(*others, f"{host}:{port}"))
        assert found.ok is (port == ORTHANC)


def rules(plan: Plan, **more: object) -> str:
    wanted = plan.vm1.pacs_gateway
    return json.dumps({"published_months": wanted.published_months, "modalities": list(wanted.modalities), **more})


def test_op_1_the_running_rules_are_the_plans(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "publication.rules", rules(plan)).ok


@pytest.mark.parametrize("more", [{"published_months": 600}, {"published_months": None}, {"modalities": []}])
def test_op_1_other_rules_than_the_plans_are_red(plan: Plan, targets: Targets, more: dict[str, object]) -> None:
    assert not verdict(plan, targets, "publication.rules", rules(plan, **more)).ok


def peers(**faults: str | None) -> str:
    rows = [
        {"name": name, "usable": fault is None, "fault": {"value": fault} if fault else None}
        for name, fault in faults.items()
    ]
    return json.dumps({"peers": rows})


def test_in_2_pacs_and_archive_take_our_association(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "pacs.peers.main", peers(main=None, archive=None)).ok


@pytest.mark.parametrize("said", [{"main": "refused", "archive": None}, {"main": None, "archive": "x"}, {"main": None}])
def test_in_2_a_peer_that_refuses_or_is_not_asked_is_red(
    plan: Plan, targets: Targets, said: dict[str, str | None]
) -> None:
    assert not verdict(plan, targets, "pacs.peers.main", peers(**said)).ok


def test_in_3_nothing_published_is_missing_after_the_retrieval(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "pacs.sync.main", request(moved_instances=8), difference()).ok


@pytest.mark.parametrize("part", ["studies", "series", "instances"])
def test_in_3_whatever_is_missing_after_the_retrieval_is_red(plan: Plan, targets: Targets, part: str) -> None:
    assert not verdict(plan, targets, "pacs.sync.main", request(), difference(**{part: [{}]})).ok


def test_in_3_a_retrieval_that_did_not_end_well_is_red(plan: Plan, targets: Targets) -> None:
    assert not verdict(plan, targets, "pacs.sync.main", request(state="dead"), difference()).ok


def test_in_4_the_second_retrieval_moves_nothing(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "pacs.difference.main", request(moved_instances=8), request()).ok


def test_in_4_a_second_retrieval_that_moves_is_red(plan: Plan, targets: Targets) -> None:
    assert not verdict(plan, targets, "pacs.difference.main", request(), request(moved_instances=1)).ok
    assert not verdict(plan, targets, "pacs.difference.main", request(), request(state="waiting")).ok


@pytest.mark.parametrize(("allowed", "outcome"), [(True, "not_found"), (False, "forbidden")])
def test_op_2_whether_images_may_be_downloaded_decides_what_the_portal_must_get(
    plan: Plan, targets: Targets, allowed: bool, outcome: str
) -> None:
    apache = plan.vm1.apache.model_copy(update={"images_may_be_downloaded": allowed})
    site = plan.model_copy(update={"vm1": plan.vm1.model_copy(update={"apache": apache})})
    check = next(row for row in plan_checks(site, targets).checks if row.id == "publish.download.portal")
    assert check.accepts == (outcome,)
    assert isinstance(check.asks, Operation)
    assert dict(check.asks.arguments)["host"] == plan.vm1.apache.host_name


def test_a_pacs_without_a_test_patient_is_not_synchronised_and_says_so(plan: Plan, targets: Targets) -> None:
    gateway = plan.vm1.pacs_gateway
    source = gateway.sources[0].model_copy(update={"test_patient": None})
    software = plan.vm1.model_copy(update={"pacs_gateway": gateway.model_copy(update={"sources": (source,)})})
    left: list[NotRun] = [
        row
        for row in plan_checks(plan.model_copy(update={"vm1": software}), targets).not_run
        if row.id in ("pacs.sync.main", "pacs.difference.main")
    ]
    assert len(left) == 2
    assert all("no test patient" in row.reason.en for row in left)


def test_without_a_probe_at_the_portal_its_pages_are_not_asked_for(plan: Plan, targets: Targets) -> None:
    probes = {name: probe for name, probe in targets.probes.items() if name != "dc_portal"}
    left = plan_checks(plan, targets.model_copy(update={"probes": probes})).not_run
    assert {row.id for row in left} >= {f"publish.{word}.portal" for word in ("studies", "download", "elsewhere")}
