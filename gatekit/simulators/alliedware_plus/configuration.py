"""The configuration of a simulated AlliedWare Plus, and how the box shows it (vendor reference 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.switch import ADDRESS, Refused, SwitchConfiguration, by_number

_BEFORE = ("service", "snmp-server", "username", "ip ssh", "ssh server")
_SECTIONS = ("vlan", "interface")


class Configuration(SwitchConfiguration):
    """See ``SwitchConfiguration``. A mask typed as dotted is kept as a length."""

    section_forms = (r"vlan database", r"interface (?:vlan\d+|port\d+\.\d+\.\d+)", r"line vty \d+ \d+")
    inside_forms = {  # noqa: RUF012 - declared by the class above
        "vlan": r"vlan \d+(?:,\d+)* state enable",
        "description": r"description .+",
        "switchport mode": r"switchport mode (?:access|trunk)",
        "switchport access": r"switchport access vlan \d+",
        "ip vrf forwarding": r"ip vrf forwarding \S+",
        "ip address": rf"ip address {ADDRESS}/\d+",
        "shutdown": r"shutdown",
        "login": r"login local",
    }
    global_forms = (
        rf"ip route {ADDRESS}/\d+ (?:{ADDRESS}|null)(?: \d+)?",
        rf"ip route vrf \S+ {ADDRESS}/\d+ {ADDRESS}(?: \d+)?",
        r"(?:no )?ip forwarding",
        r"service (?:ssh|password-encryption)",
        r"ssh server allow-users \S+",
        r"snmp-server community \S+ (?:ro|rw)",
        r"username \S+ privilege \d+ password 8 \S+",
    )

    def take(self, line: str, section: str | None) -> str | None:
        """See ``SwitchConfiguration``; routing is on unless it is turned off."""
        if line in {"ip forwarding", "no ip forwarding"}:
            self.lines = [one for one in self.lines if one != "no ip forwarding"]
            self.lines += [line] if line.startswith("no ") else []
            return None
        return super().take(line, section)

    def normal(self, line: str) -> str:
        """Return the line as the box keeps it; Refused with the column of a wrong word."""
        words = line.split()
        if words[:2] != ["ip", "route"] or words[2:3] == ["vrf"]:
            return line
        if len(words) < 4:
            raise Refused(len(line), "incomplete")
        with_mask = "/" not in words[2]
        if with_mask and len(words) < 5:
            raise Refused(len(line), "incomplete")
        network = _network(f"{words[2]}/{words[3]}" if with_mask else words[2])
        hop, *rest = words[4 if with_mask else 3 :]
        _require_hop(hop, line)
        return " ".join(["ip route", str(network), hop, *rest])

    def removed(self, line: str) -> list[str]:
        """Return what ``no`` takes away: of a route every distance."""
        wanted = self.normal(line)
        return [one for one in self.lines if one == wanted or one.startswith(f"{wanted} ")]

    def networks(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Yield the VLAN interfaces of the global table that are up."""
        for name, held in self.sections.items():
            if not name.startswith("interface vlan") or {"shutdown", "ip vrf forwarding"} & held.keys():
                continue
            if "ip address" in held:
                yield name.removeprefix("interface "), IPv4Interface(held["ip address"].split()[2])

    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes of the global table, none where the switch does not route."""
        if "no ip forwarding" in self.lines:
            return
        for words in (line.split() for line in self.lines if re.match(rf"ip route {ADDRESS}", line)):
            if words[3] != "null":
                yield IPv4Network(words[2]), IPv4Address(words[3])

    def text(self) -> str:
        """Return it in the box's fixed order, blocks separated by ``!``."""
        first = [line for line in self.lines if line.startswith(_BEFORE)]
        routes = sorted((line for line in self.lines if line.startswith("ip route")), key=by_number)
        rest = [line for line in self.lines if line not in first and line not in routes]
        blocks = [[line] for line in first[:1]] + [[f"hostname {self.host_name}"]] + [[line] for line in first[1:]]
        blocks += [self._shown(name) for head in _SECTIONS for name in self._names(head)]
        blocks += [[line] for line in rest] + ([routes] if routes else [])
        blocks += [self._shown(name) for name in self._names("line")] + [["end"]]
        return "!\n" + "!\n".join("\n".join(block) + "\n" for block in blocks)

    def _names(self, head: str) -> list[str]:
        return sorted((one for one in self.sections if one.startswith(head)), key=by_number)

    def _shown(self, name: str) -> list[str]:
        return [name, *(f" {line}" for line in self.sections[name].values())]


def _network(text: str) -> IPv4Network:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        raise Refused(len("ip route "), "unrecognized") from None


def _require_hop(word: str, line: str) -> None:
    if word == "null":
        return
    try:
        IPv4Address(word)
    except ValueError:
        raise Refused(line.rindex(word), "unrecognized") from None
