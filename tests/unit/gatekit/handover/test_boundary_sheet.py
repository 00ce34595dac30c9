"""The request for the hospital's boundary: all the vendor needs, exactly our flows, nothing secret."""

from __future__ import annotations

import re

from gatekit.handover.pack import papers
from gatekit.intent.load import load_intent
from gatekit.plan.boundary import HospitalFirewallPlan
from tests.sites import example_folder, example_plan
from tests.unit.gatekit.handover.outline import Outline


def page(name: str) -> str:
    return papers(example_plan(name), load_intent(example_folder(name)))["boundary_request.html"]


def test_nw_5_the_vlan_its_port_and_who_stands_in_it() -> None:
    plan, text = example_plan("pattern2"), Outline(page("pattern2")).text
    for fact in (
        "VLAN 310",
        "アクセスポート（タグなし）",
        str(plan.l3_switch.address),
        str(plan.address("firewall.trust")),
    ):
        assert fact in text, fact


def test_nw_5_the_firewalls_addresses_routes_and_whom_it_is_asked_of() -> None:
    text = Outline(page("pattern3")).text
    for fact in ("Cisco ASA 5506-X", "192.168.10.2/24", "192.168.11.2/29", "鈴木 一郎 様", "2027年1月12日まで"):
        assert fact in text, fact
    boundary = example_plan("pattern3").boundary
    assert isinstance(boundary, HospitalFirewallPlan)
    for route in boundary.routes:
        assert f"{route.network}{route.via}" in re.sub(r"\s", "", text)


def test_nw_5_each_flow_of_the_matrix_that_crosses_it_has_one_row_and_no_other_has() -> None:
    boundary = example_plan("pattern3").boundary
    assert isinstance(boundary, HospitalFirewallPlan)
    found = re.search(r'<table class="flows">.*?<tbody>(.*?)</tbody>', page("pattern3"), re.DOTALL)
    assert found is not None
    rows = [re.sub(r"<[^>]+>", "|", row) for row in found[1].split("</tr>") if row]
    assert len(rows) == len(boundary.flows)
    for row, flow in zip(rows, boundary.flows, strict=True):
        ends = [str(network).removesuffix("/32") for end in (flow.source, flow.destination) for network in end.networks]
        ports = [str(port) for port in flow.ports]
        assert all(f"|{fact}|" in row for fact in (*ends, flow.protocol.upper(), *ports, flow.purpose.ja)), row
