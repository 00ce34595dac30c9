"""What the box shows, read by templates that nobody here wrote (ntc-templates)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from ntc_templates.parse import parse_output

from gatekit.devices.alliedware_plus.reading import learnt
from tests.unit.gatekit.simulators.alliedware_plus.switches import OURS, switch


def rows(command: str, shown: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = parse_output(platform="allied_telesis_awplus", command=command, data=shown)
    return found


def test_the_routing_table_is_read_by_a_template_of_others() -> None:
    found = rows("show ip route", switch(OURS).table())
    assert {
        (f"{row['network']}/{row['mask']}", row["protocol"], row["nexthop_ip"], row["nexthop_if"]) for row in found
    } == {
        ("0.0.0.0/0", "S", "192.168.10.254", "vlan10"),
        ("10.161.4.0/24", "S", "192.168.10.5", "vlan10"),
        ("172.20.0.0/16", "S", "192.168.20.254", "vlan20"),
        ("192.168.10.0/24", "C", "", "vlan10"),
        ("192.168.20.0/24", "C", "", "vlan20"),
    }


def test_our_reader_and_the_template_agree_on_what_was_learnt() -> None:
    box = switch(OURS)
    box.learnt.append((IPv4Network("10.161.4.128/25"), IPv4Address("192.168.20.7"), "vlan20"))
    lines = "".join(f"{line.removesuffix(', 00:10:21')}\n" for line in box.table().splitlines())
    theirs = [row["network"] for row in rows("show ip route", lines) if row["protocol"] not in {"S", "C"}]
    assert theirs == [str(one.network.network_address) for one in learnt(box.table())] == ["10.161.4.128"]


def test_the_system_is_read_by_a_template_of_others() -> None:
    (row,) = rows("show system", switch().system())
    assert (row["hostname"], row["hardware"], row["version"]) == ("awplus-hosp", ["x530-28GTXm"], "x530-5.5.0-1.1.rel")
