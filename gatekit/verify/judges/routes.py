"""The hospital's L3 switch as FRR reports it (NW-2, NW-4)."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

type RouteRow = dict[str, Any]


def installed(text: str) -> tuple[tuple[IPv4Network, str, tuple[str, ...]], ...]:
    """Return (network, protocol, next hops) of each selected route in ``show ip route json``."""
    rows = []
    for prefix, entries in json.loads(text).items():
        for entry in entries:
            if entry.get("selected"):
                hops = tuple(sorted(hop.get("ip", hop.get("interfaceName", "")) for hop in entry.get("nexthops", ())))
                rows.append((IPv4Network(prefix), str(entry["protocol"]), hops))
    return tuple(sorted(rows))


def switch_route(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-4: one static route for the DMZ by the firewall's TRUST address, and nothing inside the DMZ beside it."""
    del check
    wanted = plan.l3_switch.route
    rows = [row for row in installed(texts[0]) if row[0].subnet_of(wanted.network)]
    seen = "; ".join(f"{network} {protocol} via {', '.join(hops)}" for network, protocol, hops in rows)
    return Verdict(ok=rows == [(wanted.network, "static", (str(wanted.via),))], observed=both(seen or "none"))


def overlap(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-2: computed anew from the plan's networks and from what the switch really routes."""
    del check
    clashes = [
        f"{one.name} {one.network} / {other.name} {other.network}"
        for one, other in combinations(plan.networks, 2)
        if one.network.overlaps(other.network)
    ]
    dmz, default = plan.firewall.dmz, IPv4Network("0.0.0.0/0")
    live = [row[0] for row in installed(texts[0]) if row[0] not in (dmz, default)]
    clashes += [f"dmz {dmz} / switch {network}" for network in live if network.overlaps(dmz)]
    seen = "; ".join(clashes) or f"{len(plan.networks)} + {len(live)} networks, 0 overlaps"
    return Verdict(ok=bool(live) and not clashes, observed=both(seen))
