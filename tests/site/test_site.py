"""One test a kind of proof, one parameter a check. What is asked and expected stands in ``gatekit.verify``."""

from __future__ import annotations

import pytest

from gatekit.verify.model import Check, Kind
from tests.site.verification import Examine


@pytest.mark.checks(Kind.REACH)
def test_nw_4_what_the_matrix_permits_is_answered(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PATH)
def test_ap_2_packets_arrive_where_the_service_is_not_built_yet(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.MUST_NOT_REACH)
def test_ap_6_nothing_outside_the_matrix_answers(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PROXY)
def test_hc_1_terminals_reach_the_portal_through_the_proxy_and_nothing_else(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PAC)
def test_hc_2_the_pac_file_is_served_and_right(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PORTAL)
def test_op_9_only_a_client_certificate_opens_the_portal(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.TUNNEL)
def test_nw_6_the_data_centre_is_reached_only_through_the_tunnel(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PATTERN)
def test_vpn_4_the_firewall_ends_the_tunnel_with_the_planned_algorithms(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.ADDRESS)
def test_nw_1_addresses_are_the_assigned_ones(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.OVERLAP)
def test_nw_2_the_dmz_overlaps_no_other_network(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.TRUST_ADDRESS)
def test_nw_3_the_trust_address_is_the_one_the_hospital_gave(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.ROUTE)
def test_nw_4_the_switch_has_exactly_our_route(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.ZONES)
def test_ap_6_the_firewall_has_three_zones_and_denies_by_default(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.SERVICE)
def test_ap_3_services_run(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.LISTENING)
def test_ap_6_nothing_listens_that_the_plan_does_not_know(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.ESXI)
def test_ap_1_esxi_runs_every_planned_machine_in_the_dmz(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.PUBLICATION)
def test_op_1_op_2_the_portal_gets_what_is_published_and_nothing_else(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault


@pytest.mark.checks(Kind.SYNCHRONISATION)
def test_in_3_in_4_the_archive_gets_what_it_lacks_and_nothing_twice(check: Check, examine: Examine) -> None:
    fault = examine(check)
    assert not fault, fault
