"""The configuration of a simulated AX, and how the box shows it (vendor reference 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.switch import ADDRESS, Refused, SwitchConfiguration, by_number

ORDER = ("hostname", "vlan", "spanning-tree", "interface", "ip route", "snmp-server", "username", "line", "ip ssh")


class Configuration(SwitchConfiguration):
    """See ``SwitchConfiguration``. A line of the first level leaves a section by itself, as seen in the logs."""

    indent = "  "
    section_forms = (r"vlan \d+", r"interface (?:gigabitethernet \d+/\d+|vlan \d+)", r"line vty \d+ \d+")
    inside_forms = {  # noqa: RUF012 - declared by the class above
        "name": r"name \S+",
        "media-type": r"media-type \S+",
        "switchport mode": r"switchport mode (?:access|trunk)",
        "switchport access": r"switchport access vlan \d+",
        "ip address": rf"ip address {ADDRESS} {ADDRESS}",
        "shutdown": r"shutdown",
        "transport input": r"transport input \S+",
    }
    nothing_inside = "absent"
    global_forms = (
        rf"ip route {ADDRESS} {ADDRESS} {ADDRESS}(?: \d+)?",
        r"username \S+ view-class \S+",
        r"snmp-server community \S+ (?:ro|rw)",
        r"ip ssh(?: version \d)?",
        r"spanning-tree mode \S+",
    )

    def take(self, line: str, section: str | None) -> str | None:
        """See ``SwitchConfiguration``; the name may stand in quotes."""
        if line.startswith("hostname "):
            line = line.replace('"', "")
        if section is not None and re.fullmatch(self.inside_forms["ip address"], line):
            _require_addresses(line, at=len("ip address "))
        return super().take(line, section)

    def normal(self, line: str) -> str:
        """Return the line as it is; Refused at its beginning when it is none, at a route's network that is none."""
        if not any(re.fullmatch(form, line) for form in self.global_forms):
            raise Refused(0)
        if line.startswith("ip route "):
            _require_addresses(line, at=len("ip route "))
        return line

    def networks(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Yield the VLAN interfaces that are up."""
        for name, held in self.sections.items():
            if name.startswith("interface vlan") and "ip address" in held and "shutdown" not in held:
                _, _, address, mask = held["ip address"].split()
                yield name.removeprefix("interface "), IPv4Interface(f"{address}/{mask}")

    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes."""
        for words in (line.split() for line in self.lines if line.startswith("ip route ")):
            yield IPv4Network(f"{words[2]}/{words[3]}"), IPv4Address(words[4])

    def text(self) -> str:
        """Return it in the box's fixed order, blocks separated by ``!``."""
        blocks = [[f'hostname "{self.host_name}"']] if self.host_name else []
        for head in ORDER[1:]:
            names = sorted((one for one in self.sections if one.startswith(head)), key=by_number)
            blocks += [[name, *(f"{self.indent}{line}" for line in self.sections[name].values())] for name in names]
            together = sorted((line for line in self.lines if line.startswith(head)), key=by_number)
            blocks += [together] if together else []
        return "!\n" + "".join("\n".join([*block, "!"]) + "\n" for block in blocks)


def _require_addresses(line: str, *, at: int) -> None:
    """Refuse a line whose address and mask make no network, or a route's no whole one, at that column."""
    address, mask, *hop = re.findall(ADDRESS, line)
    try:
        interface = IPv4Interface(f"{address}/{mask}")
        is_whole = interface.ip == interface.network.network_address
        for one in hop:
            IPv4Address(one)
    except ValueError:
        raise Refused(at) from None
    if hop and not is_whole:
        raise Refused(at)
