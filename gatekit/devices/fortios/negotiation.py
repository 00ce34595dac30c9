"""What the phases and the static routes of a FortiGate mean: the tunnel, and where each network leads."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Literal

from gatekit.devices.change.meaning import RouteMeaning, TunnelMeaning
from gatekit.devices.fortios.known import INTERFACE, PHASE_1, PHASE_2, POLICY_ROUTE, STATIC
from gatekit.devices.fortios.rows import Row, Sheet
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import CryptoSuite, FirewallPlan

type Parts = tuple[
    Literal["HIGH", "BASE"],
    Literal["aes256-gcm16", "aes256-cbc"],
    Literal["none", "sha256"],
    Literal["sha384", "sha256"],
]

OFFERS: dict[tuple[str, str], Parts] = {  # phase 1 and phase 2 -> our words
    ("aes256gcm-prfsha384", "aes256gcm"): ("HIGH", "aes256-gcm16", "none", "sha384"),
    ("aes256-sha256", "aes256-sha256"): ("BASE", "aes256-cbc", "sha256", "sha256"),
}
_PHASE_1 = (
    *("interface", "ike-version", "keylife", "peertype", "peerid", "localid", "localid-type", "proposal", "dhgrp"),
    *("remote-gw", "psksecret", "dpd", "dpd-retrycount", "dpd-retryinterval"),
)
_PHASE_2 = ("phase1name", "proposal", "pfs", "dhgrp", "auto-negotiate", "keylifeseconds", "src-subnet", "dst-subnet")


def tunnel_name(sheet: Sheet) -> str | None:
    """Return the name of the one tunnel, None when there is none."""
    found = list(sheet.rows(PHASE_1))
    if len(found) > 1:
        raise found[1].refuse("a second tunnel")
    return found[0].key if found else None


def tunnel(sheet: Sheet, plan: FirewallPlan, mss: int) -> TunnelMeaning | None:
    """Return how the tunnel is negotiated; ``mss`` is what the policies into it clamp to."""
    name = tunnel_name(sheet)
    first = sheet.row(PHASE_1, name) if name else None
    seconds = list(sheet.rows(PHASE_2))
    if first is None or name is None:
        if seconds:
            raise seconds[0].refuse("no phase 1")
        return None
    _check_phase_1(first, plan)
    pairs = {(row.network("src-subnet"), row.network("dst-subnet")) for row in seconds}
    ours, theirs = frozenset(pair[0] for pair in pairs), frozenset(pair[1] for pair in pairs)
    if not pairs or len(pairs) != len(ours) * len(theirs):
        raise first.refuse("not every pair of networks has a phase 2")
    offers = {_phase_2(row, name) for row in seconds}
    if len(offers) > 1:
        raise first.refuse("the phases 2 differ")
    proposal, pfs_group = offers.pop()
    return TunnelMeaning(
        local_identity=first.required("localid"),
        remote_identity=first.required("peerid"),
        peer=first.address("remote-gw"),
        suite=_suite(first, proposal),
        pfs_group=pfs_group,
        local_networks=ours,
        remote_networks=theirs,
        dpd_delay_s=first.number("dpd-retryinterval", 20),
        tunnel_mtu=_mtu(sheet, name),
        mss=mss,
    )


def routes(sheet: Sheet, plan: FirewallPlan, kept_out: frozenset[IPv4Network]) -> Iterator[RouteMeaning]:
    """Yield the routes; ``kept_out`` are the networks that no policy lets out in clear.

    A network is discarded only where both stand, the blackhole and the policy (vendor reference 0.4, rule 1).
    """
    for row in sheet.rows(POLICY_ROUTE):
        raise row.refuse("a policy route goes before every static route")
    name = tunnel_name(sheet)
    distances: dict[tuple[IPv4Network, str], int] = {}
    for row in sheet.rows(STATIC):
        row.only(("dst", "gateway", "device", "distance", "blackhole", "status"))
        if row.value("status") == "disable":
            continue
        network, distance = row.network("dst"), row.number("distance")
        if row.value("blackhole") == "enable":
            distances[network, "discard"] = distance
            if network in kept_out:
                yield RouteMeaning(network=network, hop="discard")
        elif name is not None and row.value("device") == name and row.value("gateway") is None:
            distances[network, "tunnel"] = distance
            yield RouteMeaning(network=network, hop="tunnel")
        else:
            yield _gateway_route(row, plan, network, distance)
    _tunnel_goes_first(sheet, distances)


def _gateway_route(row: Row, plan: FirewallPlan, network: IPv4Network, distance: int) -> RouteMeaning:
    hop = row.address("gateway")
    behind = {one.port for one in plan.interfaces if hop in IPv4Network(f"{one.address}/{one.prefix_length}", False)}
    if distance != 10 or row.value("device") not in behind:
        raise row.refuse(f"gateway {hop}, distance {distance}, device {row.value('device')}")
    return RouteMeaning(network=network, hop=hop)


def _tunnel_goes_first(sheet: Sheet, distances: dict[tuple[IPv4Network, str], int]) -> None:
    for (network, hop), distance in distances.items():
        if hop == "discard" and distances.get((network, "tunnel"), 0) >= distance:
            raise sheet.own(STATIC).refuse(f"{network}: the blackhole is not behind the tunnel")


def _check_phase_1(row: Row, plan: FirewallPlan) -> None:
    row.only(_PHASE_1)
    row.required("interface", [one.port for one in plan.interfaces if one.zone is Zone.UNTRUST])
    row.required("ike-version", ["2"])
    row.required("peertype", ["one"])
    row.required("localid-type", ["fqdn"])
    row.required("dpd", ["on-idle"])
    row.required("psksecret")


def _phase_2(row: Row, name: str) -> tuple[str, int]:
    row.only(_PHASE_2)
    row.required("phase1name", [name])
    pfs = row.required("pfs", ["enable", "disable"])
    return row.required("proposal"), row.number("dhgrp") if pfs == "enable" else 0


def _suite(row: Row, esp: str) -> CryptoSuite:
    offer = OFFERS.get((row.required("proposal"), esp))
    if offer is None:
        raise row.refuse(f"proposal {row.value('proposal')} with {esp}")
    level, encryption, integrity, prf = offer
    group = row.number("dhgrp")
    return CryptoSuite(level=level, encryption=encryption, integrity=integrity, prf=prf, dh_group=group)


def _mtu(sheet: Sheet, name: str) -> int:
    """Return the MTU that is set on the tunnel's interface; 0 when the device computes its own."""
    row = sheet.row(INTERFACE, name)
    if row is None:
        return 0
    row.only(("mtu-override", "mtu"))
    return row.number("mtu") if row.value("mtu-override") == "enable" else 0
