from __future__ import annotations

import pytest

from gatekit.plan.flow import Protocol
from gatekit.plan.model import Plan
from gatekit.portable.port_scan import ports_of
from gatekit.verify.checks import plan_checks
from gatekit.verify.model import Check, CheckList, Kind, Operation, ScanRow
from gatekit.verify.refusal_checks import permitted_ports, ports_except
from gatekit.verify.targets import Targets

PROVED_HERE = {"AP-1", "AP-3", "AP-6", "NW-1", "NW-2", "NW-3", "NW-4", "NW-6", "VPN-4", "HC-1", "HC-2", "OP-9"}


def check(listing: CheckList, identity: str) -> Check:
    return next(row for row in listing.checks if row.id == identity)


def forbidden(listing: CheckList, identity: str) -> frozenset[int]:
    asks = check(listing, identity).asks
    assert isinstance(asks, ScanRow)
    return frozenset(ports_of(asks.ports))


@pytest.mark.parametrize(
    ("permitted", "expected"),
    [
        pytest.param(set(), "1-9", id="all"),
        pytest.param({1, 9}, "2-8", id="both-edges"),
        pytest.param({4, 5, 7}, "1-3,6,8-9", id="neighbours"),
        pytest.param({70000}, "1-9", id="outside"),
    ],
)
def test_permitted_ports_are_cut_out_of_a_range(permitted: set[int], expected: str) -> None:
    assert ports_except(range(1, 10), permitted) == expected
    assert ports_except(tuple(range(1, 10)), permitted) == expected


def test_every_requirement_a_site_proves_has_a_check(plan: Plan, targets: Targets) -> None:
    assert {row.requirement for row in plan_checks(plan, targets).checks} >= PROVED_HERE


def test_ids_are_unique_among_checks_and_what_is_not_run(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    ids = [row.id for row in (*listing.checks, *listing.not_run)]
    assert len(ids) == len(set(ids))


def test_every_flow_of_the_matrix_is_checked_or_named_as_not_run(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    ids = [row.id for row in (*listing.checks, *listing.not_run)]
    for flow in plan.flows:
        assert any(i == f"reach.{flow.id}" or i.startswith(f"reach.{flow.id}.") for i in ids), flow.id


def test_a_port_open_for_one_source_is_forbidden_for_another(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    assert 3128 not in forbidden(listing, "refused.his_terminal.vm2.tcp")
    assert 3128 in forbidden(listing, "refused.pacs.vm2.tcp")
    assert 22 not in forbidden(listing, "refused.dc_services.vm1.tcp")
    assert 22 in forbidden(listing, "refused.his_terminal.vm1.tcp")


def test_what_is_asked_and_what_is_permitted_never_meet_and_one_host_of_a_zone_asks_for_every_port(
    plan: Plan, targets: Targets
) -> None:
    listing = plan_checks(plan, targets)
    full: list[tuple[object, str, bool]] = []
    for row in listing.checks:
        if row.kind is Kind.MUST_NOT_REACH and row.protocol == "tcp" and row.requirement == "AP-6":
            assert isinstance(row.asks, ScanRow)
            if row.asks.counts == "any":
                source, target = targets.probes[row.source].address, plan.address(row.destination)
                permitted = permitted_ports(plan, source, target, Protocol.TCP)  # type: ignore[arg-type]  # IPv4 here
                asked = forbidden(listing, row.id)
                assert not asked & permitted
                assert asked | permitted >= frozenset(range(1, 1025))
                full.append((source, row.destination, asked | permitted == frozenset(range(1, 65536))))
    every_port = {(str(source), destination) for source, destination, every in full if every}
    assert ("172.20.0.50", "vm2") in every_port
    assert ("172.20.0.50", "firewall.trust") in every_port
    assert ("198.51.100.200", "firewall.untrust") in every_port


def test_no_host_is_scanned_from_itself_and_the_engineers_machine_never(plan: Plan, targets: Targets) -> None:
    rows = [row for row in plan_checks(plan, targets).checks if row.kind is Kind.MUST_NOT_REACH]
    assert all(row.source != row.destination for row in rows)
    assert "staging_controller" not in {row.destination for row in rows}


def test_what_nobody_can_answer_is_named_with_the_reason_and_not_a_record(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    reasons = {row.id: row.reason.en for row in listing.not_run}
    assert reasons["reach.support.vm3.data_centre_operations.vm3.3389"] == "no guest on the twin"
    assert "reach.support.vm3.data_centre_operations.vm3.3389" not in {row.id for row in listing.checks}


def test_a_service_that_is_not_built_yet_is_asked_for_the_path_only(plan: Plan, targets: Targets) -> None:
    row = check(plan_checks(plan, targets), "reach.link.orders.system.orders.vm1.2576")
    assert (row.kind, row.accepts) == (Kind.PATH, ("accepted", "refused"))


def test_hc_1_the_proxy_is_asked_for_the_portal_and_for_five_strangers(plan: Plan, targets: Targets) -> None:
    rows = [row for row in plan_checks(plan, targets).checks if row.kind is Kind.PROXY]
    assert {row.id: row.accepts for row in rows} == {
        "proxy.portal.his_terminal": ("served",),
        **{
            f"proxy.{word}.his_terminal": ("refused_by_proxy",)
            for word in ("other_name", "other_port", "vm1", "esxi", "plain")
        },
    }


def test_every_scanning_source_has_a_port_known_to_answer(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    for row in listing.checks:
        if isinstance(row.asks, ScanRow):
            assert listing.controls[row.source], row.source


def test_a_marked_log_line_is_proved_on_the_server_and_not_by_sending(plan: Plan, targets: Targets) -> None:
    row = check(plan_checks(plan, targets), "reach.syslog.appliance.vm1.data_centre_services.514")
    assert isinstance(row.asks, Operation)
    assert (row.asks.op, row.accepts, row.proof) == ("syslog", ("found",), row.id)


def test_a_record_against_a_simulator_is_tier_2(plan: Plan, targets: Targets) -> None:
    listing = plan_checks(plan, targets)
    assert check(listing, "esxi.machines").tier == 2
    assert check(listing, "refused.viewer.esxi.tcp").tier == 2
    assert check(listing, "refused.viewer.vm1.tcp").tier == 1
