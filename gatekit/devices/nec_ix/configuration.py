"""The lines of our sections, each recognised or refused: facts by name, no judgement (vendor reference 4.1)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gatekit.devices.nec_ix.access_lists import Family, Rule, rule_of, unknown
from gatekit.devices.nec_ix.text import Section, interface_name, list_names, ours, sections
from gatekit.plan.network_device import CpePart

type Facts = Mapping[str, Sequence[str]]
"""Name of a kind of line -> what was captured in each of them."""

_GLOBAL = {
    "host_name": r"hostname (\S+)",
    "harmless": r"(timezone \S+ \d+|username .+|syslog (?:facility|timestamp) \S+|logging .+|ipv?6? ufs-cache enable)",
    "time_server": r"ntp server ([\d.]+)",
    "syslog": r"syslog ip (enable)",
    "log_server": r"syslog ip host ([\d.]+)",
    "route": r"ip route (\S+ \S+(?: distance \d+)?)",
    "ssh_list": r"ssh-server ip access-list (\S+)",
    "ssh": r"ssh-server ip (enable)",
    "key": r"ikev2 authentication psk id fqdn (\S+) key .+",
    "dhcp6": r"ipv6 dhcp (enable)",
}
_INTERFACE = {
    "no_address": r"(no ip address)",
    "address": r"ip address (\d\S+)",
    "filter": r"(ip(?:v6)? filter \S+ \d+ (?:in|out))",
    "ipv6": r"ipv6 (enable)",
    "harmless": r"(ipv6 traffic-class tos 0|description .+)",
    "identifier": r"ipv6 interface-identifier ([0-9a-f:]{23})",
    "autoconfig": r"ipv6 address (autoconfig receive-default)",
    "dhcp6": r"ipv6 dhcp client (\S+)",
    "up": r"no (shutdown)",
    "down": r"(shutdown)",
}
TUNNEL_FACTS = {
    "mode": r"tunnel mode (\S+)",
    "unnumbered": r"ip unnumbered (\S+)",
    "mtu": r"ip mtu (\d+)",
    "mss": r"ip tcp adjust-mss (\d+)",
    "connect": r"ikev2 connect-type (auto)",
    "direction": r"ikev2 negotiation-direction (initiator|responder)",
    "fragment": r"ikev2 ipsec (pre-fragment)",
    "local_identity": r"ikev2 local-authentication psk id fqdn (\S+)",
    "dpd": r"ikev2 dpd interval (\d+)",
    "ike_lifetime": r"ikev2 sa-lifetime (\d+)",
    "ike_encryption": r"ikev2 sa-proposal enc (.+)",
    "ike_integrity": r"ikev2 sa-proposal integrity (.+)",
    "ike_prf": r"ikev2 sa-proposal prf (.+)",
    "ike_group": r"ikev2 sa-proposal dh (.+)",
    "child_lifetime": r"ikev2 child-lifetime (\d+)",
    "child_encryption": r"ikev2 child-proposal enc (.+)",
    "child_integrity": r"ikev2 child-proposal integrity (.+)",
    "pfs": r"ikev2 child-pfs (\S+)",
    "source": r"ikev2 source-address (\S+)",
    "outgoing": r"ikev2 outgoing-interface (\S+) auto",
    "peer": r"ikev2 peer (\S+ authentication psk id fqdn \S+)",
}
"""Every line of the tunnel; each has to stand there exactly once, because the box's own values are weaker."""


@dataclass(slots=True)
class Configuration:
    """What our sections say. ``interfaces``: name -> facts; ``lists``: family and name -> rules in order."""

    facts: Facts
    interfaces: dict[str, Facts] = field(default_factory=dict)
    lists: dict[tuple[str, str], list[Rule]] = field(default_factory=lambda: defaultdict(list))
    delegations: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, interface: str, name: str) -> str:
        """Return what stands exactly once on an interface; GW427 when it is missing or there twice."""
        found = self.interfaces[interface].get(name, ())
        if len(found) != 1:
            raise unknown(f"interface {interface}: {len(found)} lines for {name}")
        return found[0]

    def filter(self, interface: str, family: Family, direction: str) -> list[Rule] | None:
        """Return the rules of the one filter, in order; None where none is bound, GW427 for two or an empty one."""
        bound = [line.split() for line in self.interfaces[interface].get("filter", ())]
        names = [words[2] for words in bound if words[0] == family and words[4] == direction]
        if not names:
            return None
        if len(names) > 1 or not self.lists.get((family, names[0])):
            raise unknown(f"interface {interface}: {family} filter {' '.join(names)} {direction}")
        return self.lists[family, names[0]]


def read(text: str, part: CpePart) -> Configuration:
    """Return the facts of our sections.

    Raises:
        DeviceError: GW427 for a line in them whose meaning is not known.
    """
    found = sections(text)
    mine = tuple(ours(found, part, _bound_lists(found, part)))
    facts: dict[str, list[str]] = defaultdict(list)
    read_in = Configuration(facts)
    for section in mine:
        if section.head.startswith("interface "):
            name = section.head.removeprefix("interface ")
            known = _INTERFACE | TUNNEL_FACTS if name.startswith("Tunnel") else _INTERFACE
            read_in.interfaces[name] = _facts(section.lines, known)
        elif section.head.startswith("ipv6 dhcp client-profile "):
            read_in.delegations[section.head.removeprefix("ipv6 dhcp client-profile ")] = section.lines
        elif " access-list " in section.head and not section.head.startswith("ssh-server"):
            _take_rule(read_in, section.head)
        else:
            if section.lines:
                raise unknown(section.head)
            for name, values in _facts([section.head], _GLOBAL).items():
                facts[name].extend(values)
    return read_in


def _bound_lists(found: Iterable[Section], part: CpePart) -> frozenset[str]:
    """Return the lists that decide something of ours: bound to our interfaces or to SSH."""
    names = {
        line.split()[2]
        for section in ours(found, part, frozenset())
        for line in section.lines
        if re.match(r"ip(v6)? filter ", line)
    }
    names |= {section.head.split()[-1] for section in found if section.head.startswith("ssh-server ip access-list ")}
    return list_names(found) & names


def _take_rule(read_in: Configuration, head: str) -> None:
    family, _, name, line = head.split(" ", 3)
    kept: Family = "ip" if family == "ip" else "ipv6"
    read_in.lists[kept, name].append(rule_of(kept, line))


def _facts(lines: Iterable[str], known: Mapping[str, str]) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for name, pattern in known.items():
            if match := re.fullmatch(pattern, line):
                facts[name].append(match[1])
                break
        else:
            raise unknown(line)
    return facts


def interface_names(part: CpePart) -> tuple[str, str]:
    """Return the names of WAN and LAN interface."""
    return interface_name(part.plan.wan.port), interface_name(part.plan.lan.port)
