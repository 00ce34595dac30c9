"""Whether SSH from an address reaches the router: by its filters, packet by packet, and by ``sshd host``."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.simulators.yamaha_rtx.configuration import Configuration

SSH = "22"


def server_takes(configuration: Configuration, address: IPv4Address) -> bool:
    """Return whether the SSH server takes a new login from there (new ones only, manual 4.40 by analogy)."""
    if configuration.value("sshd service", "off") != "on":
        return False
    hosts = configuration.value("sshd host", "any")
    return hosts == "any" or any(_within(address, word) for word in hosts.split())


def filters_pass(configuration: Configuration, address: IPv4Address) -> bool:
    """Return whether a packet to port 22 comes in by the interface that its source is routed to."""
    itself = configuration.value("ip lan1 address").partition("/")[0]
    tunnel = _tunnel_to(configuration, address)
    if tunnel is not None:
        lines = configuration.tunnel(tunnel)
        if f"tunnel enable {tunnel}" not in lines:
            return False
        bound = lines.get("ip tunnel secure filter in", "").removeprefix("ip tunnel secure filter in").strip()
    else:
        bound = configuration.value("ip lan1 secure filter in")
    if not bound:
        return True
    for number in bound.partition(" dynamic ")[0].split():
        body = configuration.value(f"ip filter {number}")
        if body and _fits(body, address, itself):
            return body.startswith("pass")
    return False


def _tunnel_to(configuration: Configuration, address: IPv4Address) -> int | None:
    for (number, name), line in configuration.lines.items():
        words = line.split()
        into_tunnel = not number and name.startswith("ip route ") and words[2] != "default" and words[4] == "tunnel"
        if into_tunnel and address in IPv4Network(words[2]):
            return int(words[5])
    return None


def _fits(body: str, source: IPv4Address, destination: str) -> bool:
    _, first, second, protocol, _, port = (*body.split(), "*", "*", "*", "*")[:6]
    if not _within(source, first) or (destination and not _within(IPv4Address(destination), second)):
        return False
    return protocol == "*" or (protocol == "tcp" and (port == "*" or SSH in port.split(",")))


def _within(address: IPv4Address, word: str) -> bool:
    if word in {"*", "any"}:
        return True
    if "-" in word:
        first, last = word.split("-")
        return IPv4Address(first) <= address <= IPv4Address(last)
    if not word[0].isdigit():
        return False
    return address in IPv4Network(word)
