"""Addresses and routes of a Linux CPE: learnt from the line, the same whichever unit stands there."""

from __future__ import annotations

import pytest

from gatekit.plan.network_device import CpePlan
from gatekit.render.linux.cpe_files import cpe_files
from gatekit.render.linux.cpe_network import cpe_batch, networkd_files
from gatekit.render.linux.host_facts import CpeHostFacts
from tests.sites import example_plan

TWIN = CpeHostFacts(lan="lan0", wan="wan0", tunnel="ipsec0", if_id=None)
REAL = TWIN.model_copy(update={"tunnel": "xfrm10", "if_id": 10})


def cpe(pattern: str) -> CpePlan:
    found = example_plan(pattern).cpe
    assert found is not None
    return found


def networkd(pattern: str) -> dict[str, list[str]]:
    files = networkd_files(cpe(pattern), TWIN)
    return {file.path.rsplit("/", 1)[1]: file.content.splitlines() for file in files}


@pytest.mark.parametrize("pattern", ["pattern1", "pattern3"])
def test_without_hikari_denwa_the_prefix_comes_by_router_advertisement(pattern: str) -> None:
    line = networkd(pattern)["10-gatekit-wan.network"]
    assert {"IPv6AcceptRA=yes", "Token=static:::10", "DHCPv6Client=no"} <= set(line)
    assert not any(row.startswith("PrefixDelegationHint") for row in line)


def test_with_hikari_denwa_the_prefix_is_delegated_and_its_address_is_on_the_line() -> None:
    """On the inner side charon would not find it: it speaks from an address of the interface it sends on."""
    line = set(networkd("pattern2")["10-gatekit-wan.network"])
    assert {"DHCP=ipv6", "UseAddress=no", "PrefixDelegationHint=::/56"} <= line
    assert {"DHCPPrefixDelegation=yes", "UplinkInterface=:self", "Token=static:::10", "Announce=no"} <= line
    assert "DHCPPrefixDelegation=yes" not in networkd("pattern2")["10-gatekit-lan.network"]


def test_ipv4_of_the_line_is_asked_for_only_where_other_services_need_it() -> None:
    assert "DHCP=ipv4" in networkd("pattern1")["10-gatekit-wan.network"]
    assert not any(row.startswith("DHCP=") for row in networkd("pattern3")["10-gatekit-wan.network"])


def test_nw_6_the_data_centre_is_nowhere_when_the_tunnel_is_down() -> None:
    lines = [line for line in cpe_batch(cpe("pattern1"), TWIN).splitlines() if not line.startswith("#")]
    assert lines == [
        "route replace blackhole 10.200.0.0/16 proto 97 metric 4278",
        "route replace 10.161.1.0/24 via 10.161.252.6 proto 97",
    ]


def test_with_an_xfrm_interface_the_cpe_speaks_from_its_inner_address() -> None:
    assert "route replace 10.200.0.0/16 dev xfrm10 src 10.161.252.5 proto 97" in cpe_batch(cpe("pattern1"), REAL)


def test_vpn_1_two_units_get_the_same_files() -> None:
    """Main and spare differ in what is written on them, and in no byte of what they are given."""
    plan = cpe("pattern1")
    swapped = plan.model_copy(update={"units": tuple(reversed(plan.units))})
    assert cpe_files(plan, TWIN) == cpe_files(swapped, TWIN)
