"""What of an AOS-CX's lines counts, and what does not (vendor reference 7.6)."""

from __future__ import annotations

import pytest

from gatekit.devices.aos_cx import PLATFORM
from gatekit.devices.aos_cx.reading import learnt
from gatekit.devices.aos_cx.transaction import minutes
from gatekit.devices.change.model import ChangeSet
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, configuration, plan

KIND = KINDS["aos_cx"]
NEWER = """
Displaying ipv4 routes selected for forwarding

Origin Codes: C - connected, S - static, L - local
              R - RIP, B - BGP, O - OSPF, D - DHCP
Type Codes:   E - External BGP, I - Internal BGP, V - VPN, EV - EVPN
              IA - OSPF internal area, E1 - OSPF external type 1
              E2 - OSPF external type 2

VRF: default

Prefix              Nexthop                                  Interface     VRF(egress)       Origin/   Distance/    Age
                                                                                             Type      Metric
--------------------------------------------------------------------------------------------------------------------
10.161.4.0/24       192.168.10.5                             vlan10        -                 S         [1/0]        00h
10.161.4.128/25     192.168.20.7                             vlan20        -                 O/E2      [110/20]     00h
192.168.10.0/24     -                                        vlan10        -                 C         [0/0]        -

Total Route Count : 3
"""


def changes(text: str) -> ChangeSet:
    return PLATFORM.change_set(KIND.observed(text), plan(), renewed_secrets=frozenset())


def test_nw_4_the_default_vrf_may_be_named() -> None:
    shown = configuration(OURS).text().replace(f"{OURS}\n", f"{OURS} vrf default\n")
    assert changes(shown) == ChangeSet()


@pytest.mark.parametrize("extra", ["distance 200", "tag 7", "vrf default distance 5"])
def test_nw_4_our_route_with_more_to_it_is_refused(extra: str) -> None:
    shown = configuration().text() + f"{OURS} {extra}\n"
    with pytest.raises(DeviceError) as refused:
        changes(shown)
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", f"{OURS} {extra}")


@pytest.mark.parametrize("nowhere", ["nullroute", "reject", "blackhole"])
def test_nw_4_a_route_to_nowhere_is_refused(nowhere: str) -> None:
    line = f"ip route 10.161.4.0/24 {nowhere}"
    with pytest.raises(DeviceError) as refused:
        changes(configuration(line).text())
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", line)


def test_the_management_port_connects_nothing() -> None:
    shown = configuration().text().replace("interface vlan 10\n", "interface mgmt\n")
    with pytest.raises(DeviceError) as refused:
        changes(shown)
    assert refused.value.facts[:2] == ("GW425", "l3_switch.next_hop")


def test_the_table_of_newer_releases_is_read_too() -> None:
    assert [str(one.network) for one in learnt(NEWER)] == ["10.161.4.128/25"]


def test_a_wish_is_kept_within_what_the_box_takes_and_above_its_warning() -> None:
    assert [minutes(wish) for wish in (1, 180, 181, 300, 86400)] == [3, 3, 4, 5, 60]


def test_nw_4_a_route_learnt_in_another_vrf_is_none_of_ours() -> None:
    ours = "10.161.4.0/25, vrf default\n\tvia  192.168.10.7,  [110/20],  ospf\n"
    other = ours.replace("vrf default", "vrf guests")
    assert [str(one.network) for one in learnt(f"{ours}{other}")] == ["10.161.4.0/25"]
