"""What the box shows, read by templates that nobody here wrote (ntc-templates)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from ntc_templates.parse import parse_output

from gatekit.devices.comware.reading import learnt
from tests.unit.gatekit.simulators.comware.switches import OURS, switch


def rows(table: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = parse_output(
        platform="hp_comware", command="display ip routing-table", data=table.lstrip("\n")
    )
    return found


def test_the_routing_table_is_read_by_a_template_of_others() -> None:
    found = {
        (f"{row['network']}/{row['prefix_length']}", row["protocol"], row["nexthop_ip"])
        for row in rows(switch(OURS).table(""))
    }
    assert found == {
        ("0.0.0.0/0", "Static", "192.168.10.254"),
        ("10.161.4.0/24", "Static", "192.168.10.5"),
        ("172.20.0.0/16", "Static", "192.168.20.254"),
        ("192.168.10.0/24", "Direct", "192.168.10.1"),
        ("192.168.20.0/24", "Direct", "192.168.20.1"),
    }


def test_the_row_of_our_network_alone() -> None:
    (row,) = rows(switch(OURS).table("10.161.4.0/24"))
    assert (row["nexthop_ip"], row["nexthop_if"], row["distance"]) == ("192.168.10.5", "Vlan10", "60")


def test_our_reader_and_the_template_agree_on_what_was_learnt() -> None:
    box = switch(OURS)
    box.learnt.append((IPv4Network("10.161.4.128/25"), IPv4Address("192.168.20.7"), "Vlan20"))
    theirs = [row["network"] for row in rows(box.table("")) if row["protocol"] not in {"Static", "Direct"}]
    assert theirs == [str(one.network.network_address) for one in learnt(box.table(""))] == ["10.161.4.128"]
