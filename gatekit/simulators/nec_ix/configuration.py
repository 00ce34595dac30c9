"""The two configurations of a simulated IX, and how the box shows them (vendor reference 4.4)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from gatekit.simulators.nec_ix import words
from gatekit.simulators.nec_ix.grammar import GLOBAL, INSIDE, SECTION, Key, key_of, removed_key

PORTS = ("GigaEthernet0.0", "GigaEthernet1.0", "GigaEthernet2.0", "Loopback0.0", "Null0.0")
_ADDRESS = re.compile(r"(no )?ip (address|unnumbered)\b")
_UP = re.compile(r"(no )?shutdown")
_USER = re.compile(r"username (\S+) password (plain [12]|hash) (\S+)(.*)")
_PSK = re.compile(r"(ikev2 authentication psk id \S+ \S+) key (?:char|secret) \S+")


class Refused(Exception):  # noqa: N818 - the box's answer, not a fault
    """The box does not take a line; the text is its answer."""


@dataclass(slots=True)
class Section:
    """One interface or profile. ``address`` and ``up`` always show, in whatever state."""

    address: str = "no ip address"
    up: bool = False
    lines: dict[Key, str] = field(default_factory=dict)


@dataclass(slots=True)
class Configuration:
    """One configuration. ``passwords`` are kept apart: the box shows a hash of them."""

    lines: dict[Key, str] = field(default_factory=dict)
    interfaces: dict[str, Section] = field(default_factory=lambda: {name: Section() for name in PORTS})
    profiles: dict[str, Section] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Configuration:
        """Return what a save or a boot takes over."""
        return copy.deepcopy(self)

    def named(self, head: str) -> Iterator[str]:
        """Yield the lines of the first level that begin so, in the order in which the box holds them."""
        return (line for line in self.lines.values() if line.startswith(head))

    # ------------------------------------------------------------------ typing
    def load(self, text: str) -> Configuration:
        """Take a whole text, as if typed line by line, and return itself; for a box that has been set up."""
        section: Section | None = None
        for line in text.splitlines():
            if head := SECTION.fullmatch(line):
                section = self.section(head[1], head[2])
            elif line.startswith(" ") and section is not None:
                self.take_inside(section, line.strip())
            else:
                self.take(line)
        return self

    def section(self, interface: str | None, profile: str | None) -> Section:
        """Return an interface or profile, made where it is not there yet."""
        if interface is not None:
            return self.interfaces.setdefault(interface, Section())
        return self.profiles.setdefault(profile or "", Section())

    def take(self, line: str) -> None:
        """Set or remove one line of the first level; Refused when the box would not."""
        if line.startswith("no "):
            self._remove(line.removeprefix("no "), line)
            return
        key = key_of(GLOBAL, line)
        if key is None:
            raise Refused(words.INVALID.format(line=line))
        if user := _USER.fullmatch(line):
            self.passwords[user[1]] = user[3]
            line = f"username {user[1]} password hash {_hash(user[3])}{user[4]}"
        self.lines[key] = line

    def take_inside(self, section: Section, line: str) -> None:
        """Set or remove one line of a section; Refused when the box would not."""
        if _UP.fullmatch(line):
            section.up = line.startswith("no ")
            return
        bare = line.removeprefix("no ")
        key = key_of(INSIDE, bare)
        if _ADDRESS.match(bare) and (key is not None or line == "no ip address"):
            section.address = "no ip address" if line.startswith("no ") else line
        elif key is None:
            raise Refused(words.INVALID.format(line=line))
        elif bare == line:
            section.lines[key] = line
        elif section.lines.pop(key, None) is None:
            raise Refused(words.NOT_THERE.format(line=line))

    def _remove(self, bare: str, line: str) -> None:
        key = key_of(GLOBAL, bare) or removed_key(bare)
        if section := re.fullmatch(r"interface (Tunnel\S+)", bare):
            gone = self.interfaces.pop(section[1], None) is not None
        elif profile := re.fullmatch(r"ipv6 dhcp client-profile (\S+)", bare):
            gone = self.profiles.pop(profile[1], None) is not None
        elif whole := re.fullmatch(r"(ip|ipv6) access-list (\S+)", bare):
            gone = self._remove_list(f"{whole[1]} access-list {whole[2]} ")
        elif key is not None:
            gone = self.lines.pop(key, None) is not None
        else:
            raise Refused(words.INVALID.format(line=line))
        if not gone:
            raise Refused(words.NOT_THERE.format(line=line))

    def _remove_list(self, head: str) -> bool:
        rows = [key for key, line in self.lines.items() if line.startswith(head)]
        for key in rows:
            del self.lines[key]
        return bool(rows)

    # ------------------------------------------------------------------ showing
    def text(self, *, keys_in_clear: bool) -> str:
        """Return it in the box's order, not that of typing: ``!`` between blocks, every port, secrets as shown."""
        blocks: list[str] = []
        ordered = sorted(self.lines.items(), key=_place)  # stable: a list keeps its own order
        last = -1
        for key, line in ordered:
            if key.rank != last:
                blocks.append("!")
            last = key.rank
            blocks.append(line if keys_in_clear else _PSK.sub(rf"\1 {words.MASKED_KEY}", line))
        for name, section in self.profiles.items():
            blocks += ["!", f"ipv6 dhcp client-profile {name}", *(f"  {line}" for line in section.lines.values())]
        blocks += ["!", "device GigaEthernet0", "!", "device GigaEthernet1", "!", "device GigaEthernet2"]
        for name, section in sorted(self.interfaces.items(), key=lambda item: (item[0].startswith("Tunnel"), item[0])):
            blocks += ["!", f"interface {name}", *(f"  {line}" for line in _shown(section))]
        return "\n".join([*blocks, "!", "!", "!"]) + "\n"


def _place(item: tuple[Key, str]) -> tuple[int, str]:
    """Return where a line stands: by its kind, and access lists by their name."""
    key, line = item
    return key.rank, line.split()[2] if " access-list " in line and not line.startswith("ssh-server") else ""


def _shown(section: Section) -> Iterator[str]:
    ordered = sorted(section.lines.items())
    yield from (line for key, line in ordered if key.rank == 0)
    yield section.address
    yield from (line for key, line in ordered if key.rank)
    yield "no shutdown" if section.up else "shutdown"


def _hash(password: str) -> str:
    return sha256(password.encode()).hexdigest()[:16].upper() + "@"
