"""Whether packets of a login get through a simulated IX, by its running configuration; not the reader's code."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.nec_ix.configuration import Configuration, Section

_RULE = re.compile(r"(permit|deny) (\S+)(?: type \d+)? src (\S+)(?: sport .*?)? dest (\S+)(?: dport eq (\d+))?")
SSH = 22


def ssh_list_lets_in(box: Configuration, address: IPv4Address) -> bool:
    """Return whether the SSH server answers this source: enabled, and in its list where it has one."""
    if not any(line == "ssh-server ip enable" for line in box.lines.values()):
        return False
    names = [line.split()[-1] for line in box.named("ssh-server ip access-list ")]
    return all(_permitted(box, name, "ip", address, None) for name in names)


def packets_pass(box: Configuration, address: IPv4Address) -> bool:
    """Return whether packets from there reach the box's own address and answers find their way back."""
    for name, section in box.interfaces.items():
        own = _address(box, section)
        if section.up and own is not None and _leads_to(box, name, section, address):
            return all(_permitted(box, one, "tcp", address, own.ip) for one in _filters(section, "in"))
    return False


def _address(box: Configuration, section: Section) -> IPv4Interface | None:
    words = section.address.split()
    if words[1:2] == ["address"] and words[0] == "ip":
        return IPv4Interface(words[2])
    if words[1:2] == ["unnumbered"]:
        lender = box.interfaces.get(words[2])
        return _address(box, lender) if lender is not None and lender.up else None
    return None


def _leads_to(box: Configuration, name: str, section: Section, address: IPv4Address) -> bool:
    """Return whether this interface is the way back: the most specific route wins, as long as it is usable."""
    best = (-1, "")
    for line in box.named("ip route "):
        network, hop = line.split()[2:4]
        routed = IPv4Network("0.0.0.0/0" if network == "default" else network)
        if address in routed and routed.prefixlen > best[0] and not hop.startswith("Null"):
            best = (routed.prefixlen, hop)
    if name.startswith("Tunnel"):
        return best[1] == name
    connected = IPv4Interface(section.address.split()[2]).network
    by_hop = bool(re.fullmatch(r"[\d.]+", best[1])) and IPv4Address(best[1]) in connected
    return address in connected or by_hop


def _filters(section: Section, direction: str) -> list[str]:
    bound = (line.split() for line in section.lines.values() if line.startswith("ip filter "))
    return [line[2] for line in bound if line[4] == direction]


def _permitted(box: Configuration, name: str, protocol: str, source: IPv4Address, own: IPv4Address | None) -> bool:
    """Return the verdict of the first line that matches; a list without one, or without lines, denies."""
    for line in box.named(f"ip access-list {name} "):
        match = _RULE.fullmatch(line.split(" ", 3)[3])
        if match is None:
            continue
        action, service, sender, receiver, port = match.groups()
        fits = service in {"ip", protocol} and _holds(sender, source)
        fits = fits and (own is None or _holds(receiver, own)) and (port is None or int(port) == SSH)
        if fits:
            return action == "permit"
    return False


def _holds(word: str, address: IPv4Address) -> bool:
    return word == "any" or address in IPv4Network(word)
