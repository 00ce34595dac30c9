"""How IOS writes addresses and ports in its lists; the same words that it shows in its running configuration."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from gatekit.plan.flow import Address, Network, Protocol

UDP_NAMES = {53: "domain", 67: "bootps", 68: "bootpc", 123: "ntp", 500: "isakmp", 4500: "non500-isakmp"}
TCP_NAMES = {53: "domain", 80: "www", 514: "cmd"}


def network(one: Network) -> str:
    """Return ``any``, ``host A`` or, for IPv4, address and wildcard, for IPv6 the prefix."""
    if one.prefixlen == 0:
        return "any"
    if one.prefixlen == one.max_prefixlen:
        return f"host {address(one.network_address)}"
    if isinstance(one, IPv6Network):
        return str(one).upper()
    return f"{one.network_address} {one.hostmask}"


def address(one: Address) -> str:
    """Return an address; IOS shows IPv6 in capitals."""
    return str(one).upper()


def host(one: IPv4Address) -> str:
    """Return one host of an extended list."""
    return network(IPv4Network(one))


def port(protocol: Protocol, number: int) -> str:
    """Return ``eq`` and a port of an IPv4 list, by name where IOS shows its name."""
    names = UDP_NAMES if protocol is Protocol.UDP else TCP_NAMES
    return f"eq {names.get(number, number)}"


def port6(protocol: Protocol, number: int) -> str:
    """Return the same for an IPv6 list, which has no name for UDP 4500 (vendor reference 6.1)."""
    return "eq 4500" if number == 4500 else port(protocol, number)


def block(header: str, lines: Iterable[str]) -> str:
    """Return a section: its header and, one blank in, its lines; ended by ``!``."""
    return "\n".join([header, *(f" {line}" for line in lines), "!", ""])


def plain(lines: Iterable[str]) -> str:
    """Return lines that open no section; ended by ``!``."""
    return "\n".join([*lines, "!", ""])
