"""What the box shows, read by templates that nobody here wrote (ntc-templates)."""

from __future__ import annotations

import re

import pytest
from ntc_templates.parse import parse_output

from gatekit.simulators.cisco_ios.answers import shown
from gatekit.simulators.cisco_ios.exec_mode import understood
from tests.unit.gatekit.devices.cisco_ios.boxes import cpe_part, planned_box, switch_box


def read(box, command: str) -> list[dict[str, object]]:
    found = understood(command)
    assert found is not None
    return parse_output(platform="cisco_ios", command=command, data=shown(box, found))


def test_the_version():
    (row,) = read(planned_box(cpe_part()), "show version")
    assert (row["version"], row["hostname"], row["hardware"]) == ("17.9.4a", "cpe-higashi-a", ["ISR4331/K9"])


@pytest.mark.parametrize("pattern", ["pattern1", "pattern3"])
def test_the_routes_of_the_cpe(pattern):
    part = cpe_part(pattern)
    rows = read(planned_box(part), "show ip route")
    found = {(row["network"], row["prefix_length"], row["nexthop_ip"] or row["nexthop_if"]) for row in rows}
    dmz = part.plan.routes[0]
    assert (str(dmz.network.network_address), "24", str(dmz.via)) in found
    assert ("10.200.0.0", "16", "Tunnel10") in found
    assert len(found) == 4


def test_the_data_centre_is_discarded_while_the_tunnel_is_down():
    box = planned_box(cpe_part())
    del box.running.root.children["interface Tunnel10"]
    rows = read(box, "show ip route")
    assert [row["nexthop_if"] for row in rows if row["network"] == "10.200.0.0"] == ["Null0"]


def test_the_routes_of_the_switch():
    box = switch_box()
    rows = read(box, "show ip route")
    static = {(row["network"], row["prefix_length"], row["nexthop_ip"]) for row in rows if row["protocol"] == "S"}
    assert ("192.168.99.0", "24", "192.168.20.9") in static
    assert ("0", "192.168.10.254") in {(length, hop) for _, length, hop in static}


def test_the_ipsec_sas_one_pair_for_each_line_of_the_tunnels_list():
    """The template knows one pair of networks an interface, so each is given to it by itself."""
    box = planned_box(cpe_part())
    found = understood("show crypto ipsec sa detail")
    assert found is not None
    head, *pairs = re.split(r"(?=\n   protected vrf)", shown(box, found))
    rows = [
        row
        for pair in pairs
        for row in parse_output(platform="cisco_ios", command="show crypto ipsec sa detail", data=head + pair)
    ]
    found = {
        (row["local_ident_addr"], row["local_ident_mask"], row["remote_ident_addr"], row["sa_orientation"], row["pfs"])
        for row in rows
    }
    assert found == {
        (address, mask, "10.200.0.0", orientation, "Y")
        for address, mask in (("10.161.1.0", "255.255.255.0"), ("10.161.252.4", "255.255.255.252"))
        for orientation in ("inbound", "outbound")
    }
    assert {row["dh_group"] for row in rows} == {"group20"}
    assert {row["current_peer"] for row in rows} == {"2001:DB8:DC::10"}


def test_the_archive():
    box = planned_box(cpe_part())
    box.archives.append("bootflash:gw-archive-0")
    (row,) = read(box, "show archive")
    assert (row["next_filename"], row["filenames"]) == ("bootflash:gw-archive-1", ["bootflash:gw-archive-0"])


def test_a_box_without_an_archive():
    (row,) = read(switch_box(archive=False), "show archive")
    assert row["state"] == "not enabled"


def test_the_lines_filter():
    rows = read(planned_box(cpe_part()), "show ipv6 access-list")
    lists = {row["acl_name"] for row in rows}
    assert lists == {"GW-MGMT6", "GW-WAN6-IN"}
    assert ("permit", "esp") in {(row["action"], row["protocol"]) for row in rows}
