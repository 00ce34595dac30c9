"""Live addresses against the matrix rules (NW-1, NW-3) and the firewall's zones (AP-6)."""

from __future__ import annotations

import json
from ipaddress import IPv4Interface, IPv4Network

from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

DMZ_POOL = tuple(IPv4Network(f"10.{160 + digit}.0.0/16") for digit in range(10))  # NW-1: 10.16X


def live_addresses(text: str) -> dict[str, tuple[IPv4Interface, ...]]:
    """Return the IPv4 addresses of each interface from ``ip -j address show``, loopback left out."""
    return {
        row["ifname"]: tuple(
            IPv4Interface(f"{address['local']}/{address['prefixlen']}")
            for address in row["addr_info"]
            if address["family"] == "inet"
        )
        for row in json.loads(text)
        if "LOOPBACK" not in row["flags"]
    }


def dmz_rule(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-1: the live DMZ interface is a /24 of 10.16X and ends in .254; outside only where NW-2 forces it."""
    del check
    wanted = _interface(plan, Zone.DMZ)
    live = [address for each in live_addresses(texts[0]).values() for address in each if address.ip == wanted.ip]
    if not live:
        return Verdict(ok=False, observed=both(f"{wanted.ip} is on no interface"))
    seen = live[0]
    in_pool = any(seen.network.subnet_of(pool) for pool in DMZ_POOL)
    others = [row.network for row in plan.networks if row.zone is not Zone.DMZ]
    forced_out = all(any(pool.overlaps(other) for other in others) for pool in DMZ_POOL)
    ok = seen.network.prefixlen == 24 and seen.ip.packed[3] == 254 and (in_pool or forced_out)
    return Verdict(ok=ok, observed=both(str(seen)))


def trust_address(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-3: the TRUST address of the plan, and no other of that network, is on the firewall."""
    del check
    wanted = _interface(plan, Zone.TRUST)
    live = [address for each in live_addresses(texts[0]).values() for address in each]
    inside = sorted(address for address in live if address.ip in wanted.network)
    return Verdict(ok=inside == [wanted], observed=both(", ".join(map(str, inside)) or "none"))


def zones(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-6: one interface a zone with its address, and every forward chain we find ends in drop."""
    del check
    live = {address: name for name, each in live_addresses(texts[0]).items() for address in each}
    wanted = {zone: _interface(plan, zone) for zone in (Zone.UNTRUST, Zone.DMZ, Zone.TRUST)}
    found = {zone: live.get(address, "-") for zone, address in wanted.items()}
    policies = forward_policies(texts[1])
    distinct = len(set(found.values())) == len(found) and "-" not in found.values()
    seen = " ".join(f"{zone.value}={name}:{wanted[zone]}" for zone, name in found.items())
    return Verdict(ok=distinct and "drop" in policies, observed=both(f"{seen}; forward {','.join(policies) or 'none'}"))


def forward_policies(ruleset: str) -> tuple[str, ...]:
    """Return the policy of each base chain at the forward hook from ``nft -j list ruleset``."""
    chains = (item["chain"] for item in json.loads(ruleset)["nftables"] if "chain" in item)
    return tuple(
        chain["policy"] for chain in chains if chain.get("hook") == "forward" and chain.get("type") == "filter"
    )


def guest_address(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """NW-1: the guest has exactly the planned address."""
    vm = plan.vm(check.source)
    live = sorted(address for each in live_addresses(texts[0]).values() for address in each)
    wanted = [IPv4Interface(f"{vm.address}/{vm.prefix_length}")]
    return Verdict(ok=live == wanted, observed=both(", ".join(map(str, live)) or "none"))


def _interface(plan: Plan, zone: Zone) -> IPv4Interface:
    row = next(row for row in plan.firewall.interfaces if row.zone is zone)
    return IPv4Interface(f"{row.address}/{row.prefix_length}")
