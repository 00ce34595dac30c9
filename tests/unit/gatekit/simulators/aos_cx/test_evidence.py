"""What the box shows, read by templates that nobody here wrote (ntc-templates)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from ntc_templates.parse import parse_output

from gatekit.devices.aos_cx.reading import learnt
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, switch


def rows(command: str, shown: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parse_output(platform="aruba_aoscx", command=command, data=shown)
    return found


def test_the_routing_table_is_read_by_a_template_of_others() -> None:
    found = rows("show ip route all-vrfs", switch(OURS).table())
    ways = {
        (f"{row['ip_address']}/{row['prefix_length']}", *row["interface"], *row["metric"], *row["status"])
        for row in found
    }
    assert ways == {
        ("0.0.0.0/0", "192.168.10.254", "[1/0]", "static"),
        ("10.161.4.0/24", "192.168.10.5", "[1/0]", "static"),
        ("172.20.0.0/16", "192.168.20.254", "[1/0]", "static"),
        ("192.168.10.0/24", "vlan10", "[0/0]", "connected"),
        ("192.168.10.1/32", "vlan10", "[0/0]", "local"),
        ("192.168.20.0/24", "vlan20", "[0/0]", "connected"),
        ("192.168.20.1/32", "vlan20", "[0/0]", "local"),
    }


def test_our_reader_and_the_template_agree_on_what_was_learnt() -> None:
    box = switch(OURS)
    box.learnt.append((IPv4Network("10.161.4.128/25"), IPv4Address("192.168.20.7"), "vlan20"))
    found = rows("show ip route all-vrfs", box.table())
    theirs = [row["ip_address"] for row in found if row["status"] == ["ospf"]]
    assert theirs == [str(one.network.network_address) for one in learnt(box.table())] == ["10.161.4.128"]


def test_the_system_is_read_by_a_template_of_others() -> None:
    (row,) = rows("show system", switch().system())
    assert (row["hostname"], row["version"]) == ("cx-hosp", "FL.10.10.1040")
