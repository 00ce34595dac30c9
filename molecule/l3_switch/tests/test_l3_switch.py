"""The switch after our run, read from the kernel and from the saved file."""

from __future__ import annotations

import json

from testinfra.host import Host


def test_nw_4_the_kernel_routes_the_dmz_via_the_firewall(host: Host) -> None:
    rows = json.loads(host.check_output("ip -j route show 10.161.4.0/24"))
    assert [(row["dst"], row["gateway"], row["dev"]) for row in rows] == [("10.161.4.0/24", "10.97.13.5", "eth0")]


def test_nw_4_the_route_is_saved_once_beside_the_hospitals_own(host: Host) -> None:
    with host.sudo():
        saved = host.file("/etc/frr/frr.conf").content_string
    assert sorted(line for line in saved.splitlines() if line.startswith("ip route")) == [
        "ip route 10.161.4.0/24 10.97.13.5",
        "ip route 10.161.9.0/24 10.97.14.8 250",
        "ip route 172.20.0.0/16 10.97.14.9",
    ]
    assert "description HIS servers" in saved
