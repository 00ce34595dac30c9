"""Addresses and routes of a Linux firewall."""

from __future__ import annotations

from gatekit.render.linux.network import network_batch, sysctl_conf
from tests.unit.gatekit.render.linux.pattern4 import BEHIND_CPE, REAL, TWIN, firewall_plan


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


ROUTES = [
    "route replace default via 198.51.100.1 proto 97",
    "route replace 172.20.0.0/16 via 192.168.10.1 proto 97",
    "route replace 192.168.20.0/24 via 192.168.10.1 proto 97",
    "route replace 192.168.30.0/24 via 192.168.10.1 proto 97",
    "route replace 192.168.40.0/24 via 192.168.10.1 proto 97",
]
ADDRESSES = [
    "address replace 198.51.100.10/26 dev enp1s0",
    "link set dev enp1s0 up",
    "address replace 10.161.4.254/24 dev enp2s0",
    "link set dev enp2s0 up",
    "address replace 192.168.10.5/24 dev enp3s0",
    "link set dev enp3s0 up",
]
BLACKHOLE = "route replace blackhole 10.200.0.0/16 proto 97 metric 4278"


def test_nw_6_the_data_centre_is_blackholed_before_any_other_route() -> None:
    assert lines(network_batch(firewall_plan(), TWIN)) == [BLACKHOLE, *ROUTES]


def test_nw_3_a_real_firewall_gets_its_addresses_and_the_route_into_the_xfrm_interface() -> None:
    assert lines(network_batch(firewall_plan(), REAL)) == [
        *ADDRESSES,
        BLACKHOLE,
        *ROUTES,
        "link set dev xfrm10 mtu 1374 up",
        "route replace 10.200.0.0/16 dev xfrm10 src 10.161.4.254 proto 97",
    ]


def test_behind_a_cpe_the_firewall_speaks_to_the_data_centre_from_its_dmz_address() -> None:
    way = "route replace 10.200.0.0/16 via 198.51.100.1 src 10.161.4.254 proto 97"
    assert lines(network_batch(firewall_plan(ends_tunnel=False), BEHIND_CPE)) == [*ADDRESSES, *ROUTES, way]


def test_the_kernel_forwards_and_asks_the_way_back_on_every_interface() -> None:
    settings = lines(sysctl_conf(TWIN))
    assert "net/ipv4/ip_forward = 1" in settings
    assert [line for line in settings if "rp_filter" in line] == [
        f"net/ipv4/conf/{name}/rp_filter = 1" for name in ("eth0", "eth1", "eth2")
    ]
