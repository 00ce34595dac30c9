"""The IPsec tunnel that the firewall ends in pattern 4 (VPN-4), and the routes that go with it.

Route-based: the phase 1 is an interface. Each pair of networks has a phase 2 of its own, since FortiOS negotiates
one pair of selectors for each (vendor reference 2.1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import CryptoSuite, FirewallPlan, TunnelPlan
from gatekit.render.fortios.text import entry, masked, quoted, short_enough, stable_ids, table

PROPOSALS = {  # encryption, integrity, PRF -> phase 1, phase 2
    ("aes256-gcm16", "none", "sha384"): ("aes256gcm-prfsha384", "aes256gcm"),
    ("aes256-cbc", "sha256", "sha256"): ("aes256-sha256", "aes256-sha256"),
}
DPD_RETRIES = 3
LIFETIMES_S = range(120, 172_801)
BLACKHOLE_DISTANCE = 254  # any greater than a static route's 10: it holds only while the tunnel is down


def phases(plan: FirewallPlan) -> list[str]:
    """Return phase 1, phases 2 and the MTU of the tunnel's interface; nothing where a CPE ends the tunnel."""
    tunnel = plan.tunnel
    if tunnel is None:
        return []
    path = f"{plan.name}.tunnel"
    name = short_enough(f"{path}.name", tunnel.name, "interface")
    pairs = [(ours, theirs) for ours in tunnel.local.networks for theirs in tunnel.remote.networks]
    phase_2: list[str] = []
    for ours, theirs in pairs:
        phase_2 += entry(quoted(_pair_name(name, ours, theirs)), _phase_2(path, tunnel, ours, theirs))
    port = next(row.port for row in plan.interfaces if row.zone is Zone.UNTRUST)
    return [
        *table("vpn ipsec phase1-interface", entry(quoted(name), _phase_1(path, tunnel, port))),
        *table("vpn ipsec phase2-interface", phase_2),
        *table("system interface", entry(quoted(name), ["set mtu-override enable", f"set mtu {tunnel.tunnel_mtu}"])),
    ]


def static_routes(plan: FirewallPlan) -> list[str]:
    """Return the default route, the hospital's networks, and for the data centre the tunnel or nothing."""
    rows: dict[str, tuple[str, ...]] = {"0.0.0.0/0": _via(plan, plan.default_gateway)}
    for route in plan.routes:
        rows[str(route.network)] = (f"set dst {masked(route.network)}", *_via(plan, route.via))
    for network in plan.protected if plan.tunnel else ():
        dst = f"set dst {masked(network)}"
        rows[f"{network} tunnel"] = (dst, f"set device {quoted(plan.tunnel.name)}" if plan.tunnel else "")
        rows[f"{network} blackhole"] = (dst, f"set distance {BLACKHOLE_DISTANCE}", "set blackhole enable")
    ids = stable_ids(rows)
    lines: list[str] = []
    for name, body in rows.items():
        lines += entry(str(ids[name]), body)
    return table("router static", lines)


def _via(plan: FirewallPlan, hop: IPv4Address) -> tuple[str, str]:
    for row in plan.interfaces:
        if hop in IPv4Network((int(row.address), row.prefix_length), strict=False):
            return f"set gateway {hop}", f"set device {quoted(row.port)}"
    raise RenderError("GW302", f"{plan.name}.routes", str(hop), "FortiOS wants the port: give a connected next hop.")


def _pair_name(tunnel: str, ours: IPv4Network, theirs: IPv4Network) -> str:
    """Return a name made from the pair alone: another pair more renames none."""
    return f"{tunnel}-{hashlib.sha256(f'{ours} {theirs}'.encode()).hexdigest()[:8]}"


def _proposals(path: str, suite: CryptoSuite) -> tuple[str, str]:
    words = PROPOSALS.get((suite.encryption, suite.integrity, suite.prf))
    if words is None:
        asked = f"{suite.encryption} {suite.integrity} {suite.prf}"
        raise RenderError("GW302", f"{path}.suite", asked, "Choose the crypto level HIGH or BASE.")
    return words


def _lifetime_s(path: str, seconds: int) -> int:
    if seconds not in LIFETIMES_S:
        fix = f"FortiOS takes {LIFETIMES_S.start} to {LIFETIMES_S.stop - 1} seconds."
        raise RenderError("GW302", path, seconds, fix)
    return seconds


def _phase_1(path: str, tunnel: TunnelPlan, port: str) -> Iterator[str]:
    if not isinstance(tunnel.remote.underlay, IPv4Address):
        fix = "A firewall ends the tunnel over IPv4 only; use a CPE (pattern 1 to 3)."
        raise RenderError("GW302", f"{path}.remote.underlay", str(tunnel.remote.underlay), fix)
    yield f"set interface {quoted(port)}"
    yield "set ike-version 2"
    yield f"set keylife {_lifetime_s(f'{path}.ike_rekey_s', tunnel.ike_rekey_s)}"
    yield "set peertype one"
    yield f"set proposal {_proposals(path, tunnel.suite)[0]}"
    yield f"set localid {quoted(tunnel.local.identity)}"
    yield "set localid-type fqdn"
    yield "set dpd on-idle"
    yield f"set dhgrp {tunnel.suite.dh_group}"
    yield f"set peerid {quoted(tunnel.remote.identity)}"
    yield f"set remote-gw {tunnel.remote.underlay}"
    yield f"set psksecret {quoted(f'<secret {tunnel.psk}>')}"
    yield f"set dpd-retrycount {DPD_RETRIES}"
    yield f"set dpd-retryinterval {tunnel.dpd_delay_s}"


def _phase_2(path: str, tunnel: TunnelPlan, ours: IPv4Network, theirs: IPv4Network) -> Iterator[str]:
    yield f"set phase1name {quoted(tunnel.name)}"
    yield f"set proposal {_proposals(path, tunnel.suite)[1]}"
    yield "set pfs enable"
    yield f"set dhgrp {tunnel.suite.dh_group}"
    if tunnel.initiator:
        yield "set auto-negotiate enable"
    yield f"set keylifeseconds {_lifetime_s(f'{path}.child_rekey_s', tunnel.child_rekey_s)}"
    yield f"set src-subnet {masked(ours)}"
    yield f"set dst-subnet {masked(theirs)}"
