"""The Linux firewall proved by packets: three zones, the tunnel at both levels, and never a clear leak."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from gatekit.plan.network_device import CryptoSuite
from tests.stories.firewall import site
from tests.stories.firewall.lab import WIRE, Lab

pytestmark = pytest.mark.story

NO_CLEAR = "no-clear-to-data-centre-forward"
DOWN = "systemctl stop gatekit-tunnel.timer strongswan.service"
NO_ROUTE = "ip route del blackhole 10.97.4.0/24 metric 4278"
FROM_FIREWALL = f"python3 {WIRE} reach {site.DATA_CENTRE} 80 {site.FIREWALL_DMZ}"


@pytest.fixture(scope="module")
def running() -> Iterator[Lab]:
    lab = Lab()
    try:
        lab.create()
        lab.raise_peer(site.HIGH)
        lab.raise_firewall(site.HIGH)
        for node, port in (("peer", 443), ("vm", 22), ("vm", 3128), ("hospital", 104), ("hospital", 105)):
            lab.listen(node, port)
        lab.listen("peer", 80, "hold")
        yield lab
    finally:
        lab.destroy()


@pytest.fixture
def lab(running: Lab) -> Iterator[Lab]:
    """Give each test the tunnel as planned, and put back what a test broke."""
    if "INSTALLED" not in running.run("firewall", "swanctl --list-sas", check=False):  # charon may be stopped
        running.raise_peer(site.HIGH)
        running.raise_firewall(site.HIGH)
    running.wait_for_tunnel()
    return running


@contextmanager
def captured(lab: Lab, node: str, interface: str) -> Iterator[list[dict[str, Any]]]:
    """Fill the list with the IPv4 packets a node saw on an interface while the block ran."""
    seen: list[dict[str, Any]] = []
    unit = f"capture-{time.monotonic_ns()}"
    told = f"/run/{unit}.jsonl"
    run = f"--unit={unit} --property=StandardOutput=file:{told} python3 {WIRE} capture {interface}"
    lab.run(node, f"systemd-run --quiet --collect {run}")
    lab.wait(node, f"grep -q ready {told}")
    try:
        yield seen
        time.sleep(0.5)
    finally:
        lab.run(node, f"systemctl stop {unit}")
        seen += [json.loads(line) for line in lab.run(node, f"tail -n +2 {told}").splitlines()]


def in_clear(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the packets on the line that bear an address of the DMZ or the data centre outside the tunnel."""
    inside = tuple(IPv4Network(text) for text in ("10.97.2.0/24", "10.97.4.0/24"))
    return [row for row in seen if any(IPv4Address(row[end]) in net for end in ("from", "to") for net in inside)]


def first_syn(seen: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in seen if row.get("syn"))


@pytest.mark.parametrize(
    ("suite", "ike", "esp"),
    [
        pytest.param(
            site.BASE,
            "AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_3072",
            "AES_CBC-256/HMAC_SHA2_256_128",
            id="BASE",
        ),
        pytest.param(site.HIGH, "AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384", "AES_GCM_16-256", id="HIGH"),
    ],
)
def test_nw_6_the_tunnel_negotiates_exactly_the_planned_suite(
    running: Lab, suite: CryptoSuite, ike: str, esp: str
) -> None:
    running.raise_peer(suite)
    running.raise_firewall(suite)
    running.wait_for_tunnel()
    assert running.run("peer", "swanctl --list-sas").count("ESTABLISHED") == 1
    lines = [line.strip() for line in running.run("firewall", "swanctl --list-sas").splitlines()]
    assert ike in lines
    assert [line for line in lines if line.endswith(f"ESP:{esp}")] != []


def test_nw_6_a_peer_that_offers_less_gets_no_tunnel(running: Lab) -> None:
    running.raise_peer(site.BASE)
    running.raise_firewall(site.HIGH)
    running.wait("firewall", "journalctl -u strongswan --no-pager | grep -q NO_PROP")
    assert running.run("firewall", "swanctl --list-sas") == ""
    running.raise_peer(site.HIGH)


def test_nw_6_a_wrong_key_gets_no_tunnel_and_the_right_one_repairs_it(lab: Lab) -> None:
    lab.raise_firewall(site.HIGH, psk="not-the-key-of-the-peer")
    lab.wait("firewall", "journalctl -u strongswan --no-pager --since -10s | grep -q AUTH_FAILED")
    assert "INSTALLED" not in lab.run("firewall", "swanctl --list-sas")
    assert not lab.reaches("vm", site.DATA_CENTRE, 80)
    lab.raise_firewall(site.HIGH)
    lab.wait_for_tunnel()
    assert lab.reaches("vm", site.DATA_CENTRE, 80)


def test_ap_6_flows_of_the_matrix_pass_and_others_do_not(lab: Lab) -> None:
    verdicts = {
        "vm to the data centre": lab.reaches("vm", site.DATA_CENTRE, 80),
        "vm to another port there": lab.reaches("vm", site.DATA_CENTRE, 443),
        "data centre to vm": lab.reaches("peer", site.VM, 22, source=site.DATA_CENTRE),
        "data centre to another port": lab.reaches("peer", site.VM, 3128, source=site.DATA_CENTRE),
        "terminal to proxy": lab.reaches("hospital", site.VM, 3128, source=site.PACS),
        "terminal to another port": lab.reaches("hospital", site.VM, 22, source=site.PACS),
        "vm to PACS": lab.reaches("vm", site.PACS, 104),
        "vm to another port of the PACS": lab.reaches("vm", site.PACS, 105),
        "hospital to the data centre": lab.reaches("hospital", site.DATA_CENTRE, 80, source=site.PACS),
    }
    assert [name for name, reached in verdicts.items() if reached] == [
        "vm to the data centre",
        "data centre to vm",
        "terminal to proxy",
        "vm to PACS",
    ]


def test_ap_6_what_is_refused_is_counted_and_logged(lab: Lab) -> None:
    before = lab.counter("default-deny-forward")
    assert not lab.reaches("vm", site.PACS, 105)
    assert lab.counter("default-deny-forward") > before
    packet = f"gatekit-forward.*SRC={site.VM} DST={site.PACS}.*DPT=105"
    lab.wait("firewall", f"journalctl -t ulogd --no-pager | grep -q '{packet}'")


def test_nw_6_on_the_line_only_ike_and_esp_are_seen(lab: Lab) -> None:
    with captured(lab, "peer", "eth0") as seen:
        assert lab.reaches("vm", site.DATA_CENTRE, 80)
    assert seen != []
    assert {(row["protocol"], row["sport"], row["dport"]) for row in seen} == {(17, 4500, 4500)}


def test_nw_6_the_mss_is_clamped_both_ways(lab: Lab) -> None:
    with captured(lab, "peer", "ipsec0") as there:
        assert lab.reaches("vm", site.DATA_CENTRE, 80)
    with captured(lab, "vm", "eth0") as here:
        assert lab.reaches("peer", site.VM, 22, source=site.DATA_CENTRE)
    assert (first_syn(there)["from"], first_syn(there)["mss"]) == (site.VM, site.MSS)
    assert (first_syn(here)["from"], first_syn(here)["mss"]) == (site.DATA_CENTRE, site.MSS)


def test_nw_6_nothing_leaves_in_clear_when_the_tunnel_is_down(lab: Lab) -> None:
    lab.run("firewall", DOWN)
    with captured(lab, "peer", "eth0") as seen:
        assert not lab.reaches("vm", site.DATA_CENTRE, 80)
        assert lab.try_run("firewall", FROM_FIREWALL).returncode != 0
    assert in_clear(seen) == []


def test_nw_6_the_filter_holds_where_the_blackhole_route_is_gone(lab: Lab) -> None:
    lab.run("firewall", f"{DOWN} && {NO_ROUTE}")
    before = lab.counter(NO_CLEAR), lab.counter("no-clear-to-data-centre-output")
    with captured(lab, "peer", "eth0") as seen:
        assert not lab.reaches("vm", site.DATA_CENTRE, 80)
        assert lab.try_run("firewall", FROM_FIREWALL).returncode != 0
    assert in_clear(seen) == []
    assert lab.counter(NO_CLEAR) > before[0]
    assert lab.counter("no-clear-to-data-centre-output") > before[1]


def test_the_capture_sees_a_leak_where_route_and_filter_are_both_gone(lab: Lab) -> None:
    """The control of the tests around: with both guards removed the packet does arrive in clear."""
    lab.run("firewall", f"{DOWN} && {NO_ROUTE} && nft delete table inet gatekit_fw")
    with captured(lab, "peer", "eth0") as seen:
        assert lab.reaches("vm", site.DATA_CENTRE, 80)
    assert (site.VM, site.DATA_CENTRE) in {(row["from"], row["to"]) for row in in_clear(seen)}


def test_nw_6_an_open_connection_does_not_fall_onto_the_clear_path(lab: Lab) -> None:
    """The drop stands above "established": this is the connection it is there for."""
    unit = f"talk-{time.monotonic_ns()}"
    run = f"--unit={unit} --property=StandardOutput=file:/run/{unit} python3 {WIRE} talk {site.DATA_CENTRE} 80"
    lab.run("vm", f"systemd-run --quiet --collect {run}")
    lab.wait("vm", f"grep -q open /run/{unit}")
    with captured(lab, "peer", "eth0") as seen:
        lab.run("firewall", f"{NO_ROUTE} && {DOWN}")
        before = lab.counter(NO_CLEAR)
        lab.wait("firewall", f"! nft list table inet gatekit_fw | grep '{NO_CLEAR}' | grep -q 'packets {before} '")
    lab.run("vm", f"systemctl stop {unit}")
    assert in_clear(seen) == []


def test_nw_6_data_centre_addresses_from_the_line_are_refused(lab: Lab) -> None:
    before = lab.counter("spoofed-data-centre")
    lab.run("peer", "ip rule add pref 100 to 10.97.2.0/24 lookup main")  # in clear, past the tunnel
    try:
        assert not lab.reaches("peer", site.VM, 22, source=site.DATA_CENTRE)
    finally:
        lab.run("peer", "ip rule del pref 100")
    assert lab.counter("spoofed-data-centre") > before


def test_ap_6_a_source_of_another_zone_is_refused(lab: Lab) -> None:
    before = lab.counter("spoofed-on-dmz")
    lab.run("vm", f"ip address add {site.PACS}/32 dev lo")
    try:
        assert not lab.reaches("vm", site.SWITCH, 104, source=site.PACS)
    finally:
        lab.run("vm", f"ip address del {site.PACS}/32 dev lo")
    assert lab.counter("spoofed-on-dmz") > before


def test_nw_6_a_lost_tunnel_comes_back_by_itself(lab: Lab) -> None:
    lab.run("peer", "swanctl --terminate --ike dc-main")
    lab.wait_for_tunnel()
    assert lab.reaches("vm", site.DATA_CENTRE, 80)


def test_ap_6_a_reboot_brings_rules_routes_and_tunnel_back(lab: Lab) -> None:
    lab.restart("firewall")
    lab.wait_for_tunnel()
    lab.wait("vm", f"python3 {WIRE} reach {site.DATA_CENTRE} 80")  # new MAC addresses, asked for again in a while
    assert "blackhole 10.97.4.0/24" in lab.run("firewall", "ip route show type blackhole")
    assert f"mtu {site.TUNNEL_MTU}" in lab.run("firewall", "ip link show ipsec0")
