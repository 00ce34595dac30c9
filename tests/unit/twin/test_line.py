"""What the FLET'S line hands out, and what a host makes of podman's addresses (patterns 1 to 3)."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.sites import example_plan
from twin.host_files import Site, files_of
from twin.layout import topology


def texts(pattern: str, host: str) -> dict[str, str]:
    plan = example_plan(pattern)
    twin = topology(pattern, plan)
    site = Site(
        twin, plan, date(2026, 11, 23), "ssh-ed25519 AAAA", {"cpe": "CPE-KEY", "firewall": "FIREWALL-KEY"}, "PSK"
    )
    return {file.path: file.raw().decode() for file in files_of(twin.host(host), site)}


@pytest.mark.parametrize("pattern", ["pattern1", "pattern3"])
def test_without_hikari_denwa_the_line_advertises_its_prefix(pattern: str) -> None:
    files = texts(pattern, "ngn")
    assert "prefix 2001:db8:f1:1::/64 { AdvOnLink on; AdvAutonomous on; };" in files["/etc/radvd.conf"]
    assert "/etc/kea/kea-dhcp6.conf" not in files


def test_with_hikari_denwa_the_line_delegates_a_prefix_and_advertises_none() -> None:
    files = texts("pattern2", "ngn")
    assert "prefix" not in files["/etc/radvd.conf"]
    assert "AdvManagedFlag on" in files["/etc/radvd.conf"]
    (subnet,) = json.loads(files["/etc/kea/kea-dhcp6.conf"])["Dhcp6"]["subnet6"]
    assert subnet["pd-pools"] == [{"prefix": "2001:db8:f1:100::", "prefix-len": 56, "delegated-len": 56}]


def test_only_pattern_1_has_a_home_gateway_with_ipv4() -> None:
    assert "dhcp-range=192.168.1.100,192.168.1.150,255.255.255.0,10m" in texts("pattern1", "ngn")["/etc/dnsmasq.conf"]
    assert "address add 192.168.1.1/24 dev line0" in texts("pattern1", "ngn")["/etc/twin/routes"]
    assert not any("192.168.1." in text for text in texts("pattern2", "ngn").values())


@pytest.mark.parametrize("pattern", ["pattern1", "pattern2", "pattern3"])
def test_nft_accepts_the_lines_filter(pattern: str, tmp_path: Path) -> None:
    rules = tmp_path / "filter.nft"
    rules.write_text(texts(pattern, "ngn")["/etc/twin/filter.nft"])
    done = subprocess.run(["unshare", "--net", "nft", "-f", rules], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_cpe_loses_podmans_address_on_the_line_and_keeps_the_plans_inside() -> None:
    assert texts("pattern1", "cpe")["/etc/twin/routes"].splitlines() == [
        "address add 10.161.252.5/30 dev untrust0",
        "address del 10.161.252.5/29 dev untrust0",
        "address del 2001:db8:f1:1::fffe/64 dev line0",
        "route replace 10.161.1.0/24 via 10.161.252.6",
    ]


def test_the_firewall_behind_a_cpe_has_the_transit_nets_own_length() -> None:
    assert texts("pattern1", "firewall")["/etc/twin/routes"].splitlines() == [
        "address add 10.161.252.6/30 dev untrust0",
        "address del 10.161.252.6/29 dev untrust0",
    ]
