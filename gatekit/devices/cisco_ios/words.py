"""How IOS names ports in its lists, and how it writes networks; for reading, independent of the renderer."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from gatekit.plan.flow import Network

PORTS = {
    "domain": 53,
    "www": 80,
    "cmd": 514,
    "syslog": 514,
    "bootps": 67,
    "bootpc": 68,
    "ntp": 123,
    "isakmp": 500,
    "non500-isakmp": 4500,
}
ANY4, ANY6 = IPv4Network("0.0.0.0/0"), IPv6Network("::/0")


def port_number(word: str) -> int:
    """Return a port; ValueError when it is neither a number nor a name we know."""
    return PORTS[word] if word in PORTS else int(word)


def take_network(words: list[str], *, any_network: Network) -> Network:
    """Take ``any``, ``host A``, ``A wildcard`` or ``prefix/length`` off the front; ValueError for anything else."""
    if not words:
        raise ValueError("an address is missing")
    first = words.pop(0)
    if first == "any":
        return any_network
    if first == "host":
        return ip_network(words.pop(0))
    if "/" in first:
        return ip_network(first)
    return wildcard_network(first, words.pop(0))


def wildcard_network(address: str, wildcard: str) -> IPv4Network:
    """Return the network of an address and its wildcard; ValueError when the wildcard is none of a network.

    ``ipaddress`` takes 0.0.0.0 for the netmask /0, so a wildcard is turned round first.
    """
    ones = [255 - int(octet) for octet in wildcard.split(".")]
    return IPv4Network(f"{address}/{'.'.join(map(str, ones))}")
