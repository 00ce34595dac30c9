from __future__ import annotations

import struct
from ipaddress import IPv4Address

import pytest

from gatekit.portable import port_scan

TABLE = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	FE04A10A	0003	0	0	0	00000000	0	0	0
eth0	0004A10A	00000000	0001	0	0	0	00FFFFFF	0	0	0
*	0000C80A	00000000	0205	0	0	0	0000FFFF	0	0	0
eth1	00A8C0C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("10.161.4.20", ("eth0", IPv4Address("10.161.4.20")), id="on-link"),
        pytest.param("203.0.113.10", ("eth0", IPv4Address("10.161.4.254")), id="by-default"),
        pytest.param("192.192.168.7", ("eth1", IPv4Address("192.192.168.7")), id="second-interface"),
    ],
)
def test_the_way_is_the_longest_matching_route(address: str, expected: tuple[str, IPv4Address]) -> None:
    assert port_scan.next_hop(TABLE, IPv4Address(address)) == expected


def test_a_blackhole_route_is_no_way_out() -> None:
    head, _default, *rest = TABLE.splitlines()
    assert port_scan.next_hop("\n".join([head, *rest]), IPv4Address("10.200.1.10")) is None


@pytest.mark.parametrize("text", ["", "22", "1-65535", "1-21,23-79,443"])
def test_port_ranges_survive_there_and_back(text: str) -> None:
    assert port_scan.port_ranges(port_scan.ports_of(text)) == text


def test_syn_frames_carry_right_checksums_for_every_port() -> None:
    way = port_scan.Way("eth0", b"\1" * 6, b"\2" * 6)
    source, target = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")
    frame, base = port_scan._tcp_frame(way, source, target, 40000, port_scan.SYN)
    for port in (1, 255, 256, 65535):
        struct.pack_into("!H", frame, 36, port)
        total = base + port
        struct.pack_into("!H", frame, 50, 65535 - ((total & 0xFFFF) + (total >> 16)))
        pseudo = source.packed + target.packed + struct.pack("!HH", 6, 20)
        assert port_scan._sum16(pseudo + bytes(frame[34:])) == 0xFFFF
    assert port_scan._sum16(bytes(frame[14:34])) == 0xFFFF
