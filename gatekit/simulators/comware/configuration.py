"""The configuration of a simulated Comware, and how the box shows it (vendor reference 7.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.switch import ADDRESS, Refused, SwitchConfiguration, by_number

ORDER = ("vlan", "interface", "line", "local-user")
_BEFORE_SECTIONS = ("version", "irf", "lldp")
_OPTIONS = re.compile(r"(?: preference \d+)?(?: tag \d+)?(?: description \S.{0,59})?")


class Configuration(SwitchConfiguration):
    """See ``SwitchConfiguration``."""

    negation = "undo "
    name_word = "sysname"
    route_word = "ip route-static"
    section_forms = (
        r"vlan \d+",
        r"interface (?:Vlan-interface|GigabitEthernet|Ten-GigabitEthernet)\d+(?:/\d+){0,2}",
        r"line vty \d+ \d+",
        r"local-user \S+ class manage",
    )
    inside_forms = {  # noqa: RUF012 - declared by the class above
        "description": r"description .+",
        "ip address": rf"ip address {ADDRESS} {ADDRESS}",
        "ip binding": r"ip binding vpn-instance \S+",
        "port access": r"port access vlan \d+",
        "shutdown": r"shutdown",
        "authentication-mode": r"authentication-mode scheme",
        "password": r"password (?:hash|simple) \S+",
        "service-type": r"service-type [a-z ]+",
        "authorization-attribute": r"authorization-attribute user-role \S+",
    }
    global_forms = (
        rf"ip route-static {ADDRESS} \d+ (?:{ADDRESS}|NULL0|vpn-instance \S+ {ADDRESS}).*",
        rf"ip route-static vpn-instance \S+ {ADDRESS} \d+ {ADDRESS}.*",
        r"version .+",
        r"lldp global enable",
        r"snmp-agent",
        r"snmp-agent community read cipher \S+",
        r"ssh server enable",
    )

    def normal(self, line: str) -> str:
        """Return the line as the box keeps it, the mask as a length."""
        if not line.startswith("ip route-static ") or "vpn-instance" in line:
            return line
        words = line.split()
        if len(words) < 5:
            raise Refused(len(line), "incomplete")
        network = _network(words[2], words[3])
        if words[4] != "NULL0":
            _hop(words[4], line)
        rest = line.partition(words[4])[2] if words[4] not in words[2:4] else " " + " ".join(words[5:])
        if not _OPTIONS.fullmatch(rest.rstrip()):
            raise Refused(len(line) - len(rest) + 1, "many")
        return f"ip route-static {network.network_address} {network.prefixlen} {words[4]}{rest.rstrip()}"

    def removed(self, line: str) -> list[str]:
        """Return what ``undo`` takes away: of a route it knows network and next hop, and a preference, no more."""
        if not line.startswith("ip route-static ") or "vpn-instance" in line:
            return [one for one in self.lines if one == line]
        if "description" in line.split():
            raise Refused(line.index("description"), "many")
        wanted = self.normal(line)
        return [one for one in self.lines if one == wanted or one.startswith(f"{wanted} ")]

    def networks(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Yield the VLAN interfaces of the public table that are up; the table calls them Vlan."""
        for name, held in self.sections.items():
            if not name.startswith("interface Vlan-interface") or {"shutdown", "ip binding"} & held.keys():
                continue
            if "ip address" in held:
                _, _, address, mask = held["ip address"].split()
                yield name.replace("interface Vlan-interface", "Vlan"), IPv4Interface(f"{address}/{mask}")

    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes."""
        for words in (line.split() for line in self.lines if re.match(rf"ip route-static {ADDRESS}", line)):
            if re.fullmatch(ADDRESS, words[4]):
                yield IPv4Network(f"{words[2]}/{words[3]}"), IPv4Address(words[4])

    def text(self) -> str:
        """Return it in the box's fixed order: ``#`` between blocks, a blank before each line but a section's first."""
        first = [line for line in self.lines if line.startswith(_BEFORE_SECTIONS)]
        blocks = [[f" {line}"] for line in first[:1]] + [[f" sysname {self.host_name}"]]
        blocks += [[f" {line}"] for line in first[1:]]
        later = [line for line in self.lines if line not in first]
        routes = sorted((line for line in later if line.startswith("ip route-static")), key=by_number)
        for head in ORDER:
            if head == "line":
                blocks += [[f" {line}" for line in routes]] if routes else []
                others = [line for line in later if line not in routes]
                blocks += [[f" {line}" for line in others]] if others else []
            for name in sorted((one for one in self.sections if one.startswith(head)), key=by_number):
                blocks.append([name, *(f" {line}" for line in self.sections[name].values())])
        return "#\n" + "".join("\n".join([*block, "#"]) + "\n" for block in blocks) + "return\n"


def _network(address: str, mask: str) -> IPv4Network:
    try:
        return IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        raise Refused(len("ip route-static "), "wrong") from None


def _hop(word: str, line: str) -> IPv4Address:
    try:
        return IPv4Address(word)
    except ValueError:
        raise Refused(line.rindex(word), "wrong") from None
