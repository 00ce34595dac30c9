"""The configuration of a simulated AX, and how the box shows it (vendor reference 7.2)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

_ADDRESS = r"\d+\.\d+\.\d+\.\d+"
SECTIONS = (r"vlan \d+", r"interface (?:gigabitethernet \d+/\d+|vlan \d+)", r"line vty \d+ \d+")
_SINGLE = {  # a setting the box has once, inside a section: its first words
    "name": r"name \S+",
    "media-type": r"media-type \S+",
    "switchport mode": r"switchport mode (?:access|trunk)",
    "switchport access": r"switchport access vlan \d+",
    "ip address": rf"ip address {_ADDRESS} {_ADDRESS}",
    "shutdown": r"shutdown",
    "transport input": r"transport input \S+",
}
_GLOBAL = (
    rf"ip route {_ADDRESS} {_ADDRESS} {_ADDRESS}(?: \d+)?",
    r"username \S+ view-class \S+",
    r"snmp-server community \S+ (?:ro|rw)",
    r"ip ssh(?: version \d)?",
    r"spanning-tree mode \S+",
)
ORDER = ("hostname", "vlan", "spanning-tree", "interface", "ip route", "snmp-server", "username", "line", "ip ssh")


class Refused(Exception):  # noqa: N818 - the box's answer, not a fault
    """The box does not take a line. ``at`` is the column of the wrong word; None for the removal of nothing."""

    def __init__(self, at: int | None) -> None:
        super().__init__(at)
        self.at = at


@dataclass(slots=True)
class Configuration:
    """Lines of the first level, and sections with theirs."""

    host_name: str = ""
    lines: list[str] = field(default_factory=list)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)

    def copy(self) -> Configuration:
        """Return what a save or a boot takes over."""
        return copy.deepcopy(self)

    def load(self, text: str) -> Configuration:
        """Take a whole text as if typed, and return itself."""
        section: str | None = None
        for line in text.splitlines():
            section = self.take(line.strip(), section if line.startswith(" ") else None)
        return self

    def take(self, line: str, section: str | None) -> str | None:
        """Set or remove one line and return the section that is open afterwards; Refused when the box would not.

        A line of the first level leaves a section by itself, as seen in the logs.
        """
        if section is not None and self._take_inside(line, self.sections[section]):
            return section
        if any(re.fullmatch(form, line) for form in SECTIONS):
            self.sections.setdefault(line, {})
            return line
        self._take_global(line)
        return None

    def _take_inside(self, line: str, held: dict[str, str]) -> bool:
        bare = line.removeprefix("no ")
        for head, form in _SINGLE.items():
            if line.startswith("no ") and bare.startswith(head):
                if held.pop(head, None) is None and head != "shutdown":
                    raise Refused(None)
                return True
            if re.fullmatch(form, line):
                if head == "ip address":
                    self._require_addresses(line, 11)
                held[head] = line
                return True
        return False

    def _take_global(self, line: str) -> None:
        bare = line.removeprefix("no ")
        if name := re.fullmatch(r'hostname "?([^\s"]+)"?', line):
            self.host_name = name[1]
            return
        if not any(re.fullmatch(form, bare) for form in _GLOBAL):
            raise Refused(0)
        if bare.startswith("ip route "):
            self._require_addresses(bare, 9)
        if line.startswith("no "):
            if bare not in self.lines:
                raise Refused(None)
            self.lines.remove(bare)
        elif bare not in self.lines:
            self.lines.append(line)

    def _require_addresses(self, line: str, at: int) -> None:
        address, mask, *hop = re.findall(_ADDRESS, line)
        try:
            network = IPv4Interface(f"{address}/{mask}")
            if line.startswith("ip route ") and network.ip != network.network.network_address:
                raise Refused(at)
            for one in hop:
                IPv4Address(one)
        except ValueError:
            raise Refused(at) from None

    # ------------------------------------------------------------------ asked by the device
    def connected(self) -> Iterator[tuple[str, IPv4Network]]:
        """Yield the VLAN interfaces that are up, with their networks."""
        for name, held in self.sections.items():
            if name.startswith("interface vlan") and "ip address" in held and "shutdown" not in held:
                _, _, address, mask = held["ip address"].split()
                yield name.removeprefix("interface "), IPv4Interface(f"{address}/{mask}").network

    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes."""
        for words in (line.split() for line in self.lines if line.startswith("ip route ")):
            yield IPv4Network(f"{words[2]}/{words[3]}"), IPv4Address(words[4])

    def text(self) -> str:
        """Return it in the box's fixed order, blocks separated by ``!``."""
        blocks = [[f'hostname "{self.host_name}"']] if self.host_name else []
        for head in ORDER[1:]:
            names = sorted((one for one in self.sections if one.startswith(head)), key=_by_number)
            blocks += [[name, *(f"  {line}" for line in self.sections[name].values())] for name in names]
            together = sorted((line for line in self.lines if line.startswith(head)), key=_by_number)
            blocks += [together] if together else []
        return "!\n" + "".join("\n".join([*block, "!"]) + "\n" for block in blocks)


def _by_number(line: str) -> tuple[str, list[int]]:
    return re.sub(r"\d+", "", line), [int(number) for number in re.findall(r"\d+", line)]
