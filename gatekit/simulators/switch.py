"""What the simulated L3 switches have in common: a configuration of lines and sections, and the ways in it."""

from __future__ import annotations

import copy
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import ClassVar, Self

from gatekit.simulators.clock import Clock
from gatekit.simulators.device import SimulatedDevice

ADDRESS = r"\d+\.\d+\.\d+\.\d+"


class Refused(Exception):  # noqa: N818 - the box's answer, not a fault
    """The box does not take a line. ``at``: column of the wrong word. ``kind``: what is wrong with it."""

    def __init__(self, at: int, kind: str = "unrecognized") -> None:
        super().__init__(at, kind)
        self.at, self.kind = at, kind


class SwitchConfiguration(ABC):
    """Lines of the first level, and sections with theirs. A product says which lines there are and how they look.

    ``section_forms``: lines that open a section. ``inside_forms``: a line inside, by its first words; the box has
    each once. ``global_forms``: every other line that it takes, as it shows it. ``nothing_inside``: the kind of its
    refusal to remove from a section what is not there.
    """

    negation: ClassVar[str] = "no "
    indent: ClassVar[str] = " "
    name_word: ClassVar[str] = "hostname"
    route_word: ClassVar[str] = "ip route"
    section_forms: ClassVar[tuple[str, ...]]
    inside_forms: ClassVar[Mapping[str, str]]
    global_forms: ClassVar[tuple[str, ...]]
    nothing_inside: ClassVar[str] = "unrecognized"

    def __init__(self) -> None:
        self.host_name = ""
        self.lines: list[str] = []
        self.sections: dict[str, dict[str, str]] = {}

    def copy(self) -> Self:
        """Return what a save or a boot takes over."""
        return copy.deepcopy(self)

    def load(self, text: str) -> Self:
        """Take a whole text as if typed, and return itself."""
        section: str | None = None
        for line in text.splitlines():
            section = self.take(line.strip(), section if line.startswith(" ") else None)
        return self

    def take(self, line: str, section: str | None) -> str | None:
        """Set or remove one line and return the section that is open afterwards; Refused when the box would not.

        A line of the first level leaves a section by itself.
        """
        if section is not None and self._take_inside(line, self.sections[section]):
            return section
        if any(re.fullmatch(form, line) for form in self.section_forms):
            self.sections.setdefault(line, {})
            return line
        self._take_global(line)
        return None

    # ------------------------------------------------------------------ asked by the device
    @abstractmethod
    def text(self) -> str:
        """Return it as the box shows it."""

    @abstractmethod
    def networks(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Yield the VLAN interfaces that are up, as the routing table names them, with their addresses."""

    @abstractmethod
    def normal(self, line: str) -> str:
        """Return a line of the first level as the box keeps it; Refused for a value that it does not take."""

    def removed(self, line: str) -> list[str]:
        """Return the lines that the removal of this one takes away."""
        return [one for one in self.lines if one == self.normal(line)]

    @abstractmethod
    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes of the global table that lead to a next hop."""

    def usable(self) -> Iterator[tuple[IPv4Network, IPv4Address, str]]:
        """Yield the static routes whose next hop is connected, with the interface."""
        connected = list(self.networks())
        for network, hop in self.routes():
            ports = [name for name, interface in connected if hop in interface.network]
            if ports:
                yield network, hop, ports[0]

    def replies_to(self, address: IPv4Address) -> bool:
        """Return whether answers find their way: by a connected network, or by the most specific route."""
        connected = [interface.network for _, interface in self.networks()]
        if any(address in network for network in connected):
            return True
        ways = [(network.prefixlen, hop) for network, hop in self.routes() if address in network]
        return bool(ways) and any(max(ways)[1] in network for network in connected)

    # ------------------------------------------------------------------ inside
    def _take_inside(self, line: str, held: dict[str, str]) -> bool:
        bare = line.removeprefix(self.negation)
        for head, form in self.inside_forms.items():
            if line.startswith(self.negation) and bare.startswith(head):
                if held.pop(head, None) is None and head != "shutdown":
                    raise Refused(0, self.nothing_inside)
                return True
            if re.fullmatch(form, line):
                held[head] = line
                return True
        return False

    def _take_global(self, line: str) -> None:
        if name := re.fullmatch(rf"{self.name_word} (\S+)", line):
            self.host_name = name[1]
            return
        bare = line.removeprefix(self.negation)
        if line.startswith(self.negation):
            there = self.removed(bare)
            if not there:
                raise Refused(len(self.negation), "absent")
            self.lines = [one for one in self.lines if one not in there]
            return
        kept = self.normal(line)
        if not any(re.fullmatch(form, kept) for form in self.global_forms):
            raise Refused(_first_wrong(kept, self.global_forms), "unrecognized")
        if kept not in self.lines:
            self.lines.append(kept)


class SimulatedSwitch(SimulatedDevice):
    """One switch. ``learnt``: what a routing protocol brought, network, next hop and interface."""

    def __init__(
        self,
        startup: SwitchConfiguration,
        users: dict[str, str],
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.startup, self.running = startup, startup.copy()
        self.learnt: list[tuple[IPv4Network, IPv4Address, str]] = []
        super().__init__("", clock or Clock(), users, client_address)
        self.boot()

    def running_text(self) -> str:
        """Return the running configuration."""
        return self.running.text()

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether answers find their way back."""
        return self.running.replies_to(address)

    def boot(self) -> None:
        """Come up with the startup configuration."""
        self.become(self.startup)

    def become(self, state: SwitchConfiguration) -> None:
        """Run another configuration from now on."""
        self.running = state.copy()
        self.host_name = self.running.host_name

    def configure(self, line: str, section: str | None) -> str | None:
        """Take a line and return the section that is open afterwards; Refused."""
        section = self.running.take(line, section)
        self.host_name = self.running.host_name
        self.changed()
        return section

    def save(self) -> None:
        """Make the running configuration the startup one."""
        self.startup = self.running.copy()


def by_number(line: str) -> tuple[str, list[int]]:
    """Return a key that sorts names by their numbers."""
    return re.sub(r"\d+", "", line), [int(number) for number in re.findall(r"\d+", line)]


def _first_wrong(line: str, forms: tuple[str, ...]) -> int:
    """Return the column of the first word that no line of the box begins with."""
    at = 0
    for word in line.split():
        if not any(form.startswith(line[: at + len(word)]) for form in forms):
            return at
        at += len(word) + 1
    return at
