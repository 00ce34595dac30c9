"""Whether the twin's addresses are free on this machine: other twins, other networks, own routes (GW701, GW702)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, cast

from gatekit.errors import TwinError
from twin.commands import run, run_json
from twin.difference import SeenNetwork
from twin.topology import IPAddress, IPNetwork, Topology


@dataclass(frozen=True, slots=True)
class UsedRange:
    """A range of addresses this machine reaches by itself: ``by`` names the interface or network."""

    network: IPNetwork
    by: str


def used_ranges() -> tuple[UsedRange, ...]:
    """Return the connected and routed ranges of this machine, default routes left out."""
    rows = [*_rows(["ip", "-j", "-4", "route", "show"]), *_rows(["ip", "-j", "-6", "route", "show"])]
    found = []
    for row in rows:
        destination = row.get("dst", "default")
        if destination != "default" and not destination.startswith("fe80"):
            found.append(UsedRange(ip_network(destination), f"interface {row.get('dev', '?')}"))
    return tuple(found)


def other_twin(wanted: Topology, networks: Iterable[SeenNetwork]) -> str | None:
    """Return the site of another twin on this machine that uses an address of ours; None when there is none."""
    ours = [network.subnet for network in wanted.networks]
    for seen in networks:
        if (
            seen.site
            and seen.site != wanted.site
            and any(_overlap(ip_network(s), one) for s in seen.subnets for one in ours)
        ):
            return seen.site
    return None


def refuse_other_twin(wanted: Topology, networks: Iterable[SeenNetwork]) -> None:
    """Raise TwinError GW701 naming the other twin."""
    site = other_twin(wanted, networks)
    if site is not None:
        fix = f"Take it down (python -m twin down {site}) or take over (python -m twin up {wanted.site} --replace)."
        raise TwinError("GW701", f"twin.{wanted.site}", site, fix)


def refuse_used_ranges(wanted: Topology, ranges: Sequence[UsedRange], networks: Iterable[SeenNetwork]) -> None:
    """Raise TwinError GW702 naming the twin's network and who has its addresses.

    The bridges of twins are not counted; networks of podman that are no twin's are.
    """
    bridges = {f"interface {seen.interface}" for seen in networks if seen.site}
    foreign = [
        UsedRange(ip_network(subnet), f"podman network {seen.name}")
        for seen in networks
        if not seen.site
        for subnet in seen.subnets
    ]
    for network in wanted.networks:
        for used in (*(one for one in ranges if one.by not in bridges), *foreign):
            if _overlap(used.network, network.subnet):
                path = f"twin.{wanted.site}.{network.name} {network.subnet}"
                fix = "Run the twin on a machine that does not use this range, or take that network away."
                raise TwinError("GW702", path, f"{used.network} ({used.by})", fix)


def reach(address: IPAddress, via: IPAddress, bridge: str) -> None:
    """Let this machine find one host behind another; the route goes with the bridge."""
    run(["ip", "route", "replace", str(address), "via", str(via), "dev", bridge])


def _overlap(one: IPNetwork, other: IPNetwork) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.overlaps(other)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and one.overlaps(other)


def _rows(command: list[str]) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", run_json(command) or [])
