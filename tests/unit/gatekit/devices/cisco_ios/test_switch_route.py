"""The checks before our line goes onto the hospital's switch."""

from __future__ import annotations

import pytest

from gatekit.devices.change.switch_route import refuse_learnt
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.switch_route import learnt
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.cisco_ios.boxes import cpe_part, observed, switch_box, switch_part

VLAN10 = "interface Vlan10\n ip address 192.168.10.1 255.255.255.0\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "line vty",
            "ip route 10.161.4.0 255.255.255.0 192.168.10.9\nline vty",
            ("GW421", "l3_switch.route", "ip route 10.161.4.0 255.255.255.0 192.168.10.9"),
            id="another next hop",
        ),
        pytest.param(
            "line vty",
            "ip route 10.161.4.64 255.255.255.192 192.168.10.5\nline vty",
            ("GW421", "l3_switch.route", "ip route 10.161.4.64 255.255.255.192 192.168.10.5"),
            id="a more specific route",
        ),
        pytest.param(
            "line vty",
            "interface Vlan30\n ip address 10.161.4.1 255.255.255.0\nline vty",
            ("GW425", "l3_switch.connected", "10.161.4.0/24"),
            id="our network is the hospital's",
        ),
        pytest.param(VLAN10, "", ("GW425", "l3_switch.next_hop", "192.168.10.5"), id="the next hop is nowhere"),
        pytest.param(
            VLAN10, f"{VLAN10} shutdown\n", ("GW425", "l3_switch.next_hop", "192.168.10.5"), id="its network is down"
        ),
        pytest.param(
            "line vty", "no ip routing\nline vty", ("GW425", "l3_switch.routing", "no ip routing"), id="no routing"
        ),
    ],
)
def test_a_switch_where_the_line_would_be_wrong_is_refused(old, new, expected):
    text = switch_box().running_text().replace("!\n", "")
    assert old in text
    with pytest.raises(DeviceError) as caught:
        PLATFORM.change_set(observed(text.replace(old, new)), switch_part(), renewed_secrets=frozenset())
    assert caught.value.facts[:3] == expected


def test_wider_routes_and_other_networks_are_no_obstacle():
    text = (
        switch_box().running_text()
        + "ip route 10.0.0.0 255.0.0.0 192.168.10.9\nip route 10.161.5.0 255.255.255.0 192.168.10.9\n"
    )
    assert PLATFORM.change_set(observed(text), switch_part(), renewed_secrets=frozenset()).forward


def test_routes_of_a_protocol_are_found_in_the_table():
    table = """\
      10.0.0.0/8 is variably subnetted, 3 subnets, 2 masks
S        10.161.4.0/24 [1/0] via 192.168.10.5
O E2     10.161.4.128/25 [110/20] via 192.168.20.7, 00:10:00, Vlan20
O        10.161.5.0/24 [110/20] via 192.168.20.7, 00:10:00, Vlan20
"""
    assert [str(one.network) for one in learnt(table)] == ["10.161.4.128/25", "10.161.5.0/24"]
    with pytest.raises(DeviceError) as caught:
        refuse_learnt(learnt(table), switch_part())
    row = "O E2     10.161.4.128/25 [110/20] via 192.168.20.7, 00:10:00, Vlan20"
    assert caught.value.facts[:3] == ("GW421", "l3_switch.route", row)


def test_a_whole_cpe_is_not_taken_away():
    with pytest.raises(DeviceError) as caught:
        PLATFORM.removal(observed(""), cpe_part())
    assert caught.value.code == "GW423"
