"""A Comware to talk to: two views, a commit delay that fires, a save that asks (vendor reference 7.3)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from gatekit.simulators.clock import Clock, Timer
from gatekit.simulators.comware import words
from gatekit.simulators.comware.configuration import Configuration
from gatekit.simulators.switch import ADDRESS, Refused, SimulatedSwitch, SwitchConfiguration
from gatekit.simulators.switch_shell import SwitchShell
from gatekit.simulators.terminal import Terminal

BANNER = f"{'*' * 60}\n* Copyright (c) 2004-2021 New H3C Technologies Co., Ltd.    *\n{'*' * 60}\n"
_HEAD = "Destination/Mask    Proto  Pre  Cost         NextHop         Interface\n"
_ROW = "{network:<19} {protocol:<6} {preference:<4} 0            {hop:<15} {interface}\n"
_SOME_TIME = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Comware(SimulatedSwitch):
    """One switch. ``generation``: 5 knows neither commit delay nor diff.

    ``habits``: ``welcome`` = a banner wants Enter; ``pair`` = member of a redundant pair, which its prompts say;
    ``operator`` = no account may enter system view.
    """

    def __init__(
        self,
        startup: Configuration,
        users: dict[str, str],
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
        generation: int = 7,
        habits: AbstractSet[str] = frozenset(),
    ) -> None:
        self.generation, self.habits = generation, habits
        self.delay: Timer | None = None
        self.rollback_point: SwitchConfiguration | None = None
        super().__init__(startup, users, client_address, clock=clock)

    def boot(self) -> None:
        """Come up with the startup configuration, no timer running."""
        self.delay = self.rollback_point = None
        super().boot()

    def start_delay(self, minutes: int) -> None:
        """Start the timer, or move the time of the one that runs: the rollback point stays (H3C)."""
        if self.delay is not None:
            self.delay.cancel()
        if self.rollback_point is None:
            self.rollback_point = self.running.copy()
        self.delay = self.clock.call_after(minutes * 60, self.roll_back)

    def commit(self) -> bool:
        """Keep what runs; return whether there was a timer."""
        if self.delay is None:
            return False
        self.delay.cancel()
        self.delay = self.rollback_point = None
        return True

    def roll_back(self) -> None:
        """Type each new line with ``undo`` and each missing one again; what cannot be undone stays (H3C)."""
        point, self.delay, self.rollback_point = self.rollback_point, None, None
        if point is None:
            return
        came = [line for line in self.running.lines if line not in point.lines]
        went = [line for line in point.lines if line not in self.running.lines]
        for line in [f"undo {one}" for one in came] + went:
            try:
                self.running.take(line, None)
            except Refused:
                continue
        self.running.sections = point.copy().sections
        self.running.host_name = self.host_name = point.host_name
        when = (_SOME_TIME + timedelta(seconds=self.clock.now_s())).strftime("%b %d %H:%M:%S:000 %Y")
        for terminal in self.sessions:
            terminal.post(words.ROLLED_BACK.format(time=when, name=self.host_name))
        self.changed()

    def difference(self) -> str:
        """Return what differs from the startup configuration; nothing where nothing does."""
        old, new = (state.text().splitlines() for state in (self.startup, self.running))
        changed = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
        head = "".join(words.DIFFERENCE).format(old=len(old), new=len(new))
        return head + "".join(f"{line[0]} {line[2:]}\n" for line in changed) if changed else ""

    def table(self, wanted: str) -> str:
        """Return the routing table, or the rows of one network."""
        rows = [row for network, row in self._rows() if wanted in {"", network}]
        return f"\nDestinations : {len(rows)}        Routes : {len(rows)}\n\n{_HEAD}{''.join(rows)}"

    async def serve(self, terminal: Terminal, user: str) -> None:  # noqa: ARG002 - every account has the same rights
        """Hold one session."""
        await terminal.write(BANNER)
        if "welcome" in self.habits:
            await terminal.read_line(words.WELCOME)
        await _Shell(self, terminal).run()

    def _rows(self) -> Iterator[tuple[str, str]]:
        found = [(network, "Static", 60, hop, name) for network, hop, name in self.running.usable()]
        found += [(network, "O_INTRA", 10, hop, name) for network, hop, name in self.learnt]
        for name, interface in self.running.networks():
            found.append((interface.network, "Direct", 0, interface.ip, name))
        for network, protocol, preference, hop, name in sorted(found):
            row = _ROW.format(
                network=str(network), protocol=protocol, preference=preference, hop=str(hop), interface=name
            )
            yield str(network), row


class _Shell(SwitchShell[Comware]):
    """One session: user view or system view, and the section that is open."""

    end, back, farewells = "return", "quit", frozenset({"quit"})

    @property
    def prompt(self) -> str:
        mark = "RBM_P" if "pair" in self.device.habits else ""
        if not self.is_configuring:
            return f"{mark}<{self.device.host_name}>"
        inside = f"-{self.section.split()[1]}" if self.section else ""
        return f"{mark}[{self.device.host_name}{inside}]"

    async def obey(self, line: str) -> None:
        if line == "screen-length disable" and not self.is_configuring:
            self.terminal.paging = False
        elif line == "system-view" and not (self.is_configuring or "operator" in self.device.habits):
            self.is_configuring = True
            await self.terminal.write(words.ENTERED)
        elif line.startswith("display "):
            await self._display(line)
        elif re.fullmatch(r"save(?: safely)?(?: force)?", line):
            await self._save(line)
        elif self.is_configuring:
            await self.configure(line)
        else:
            await self.refuse(line, Refused(0))

    async def _display(self, line: str) -> None:
        device = self.device
        wanted = re.fullmatch(rf"display ip routing-table(?: ({ADDRESS}) (\d+))?", line)
        if line == "display current-configuration":
            text = device.running.text()
        elif line == "display saved-configuration":
            text = device.startup.text()
        elif line == "display current-configuration diff" and device.generation >= 7:
            text = device.difference()
        elif line == "display version":
            text = words.VERSION.format(version="7.1.070, Release 6127" if device.generation >= 7 else "5.20.99")
        elif wanted:
            text = device.table(f"{wanted[1]}/{wanted[2]}" if wanted[1] else "")
        else:
            await self.refuse(line, Refused(len("display ")))
            return
        await self.terminal.page(text, more=words.MORE, erase=words.ERASE)

    async def _save(self, line: str) -> None:
        """Save; without ``force`` it asks whether, where to, and whether to overwrite."""
        if not line.endswith(" force"):
            if (await self.terminal.read_line(words.SAVE_SURE)).upper() != "Y":
                return
            await self.terminal.read_line(words.SAVE_NAME)
            if (await self.terminal.read_line(words.SAVE_OVER)).upper() != "Y":
                return
        self.device.save()
        await self.terminal.write(words.SAVED)

    async def configure(self, line: str) -> None:
        delay = re.fullmatch(r"configuration commit(?: delay (\d+))?", line)
        if delay and self.device.generation >= 7:
            await self._commit(delay[1])
        else:
            await super().configure(line)

    async def _commit(self, minutes: str | None) -> None:
        if minutes is not None:
            self.device.start_delay(int(minutes))
        elif not self.device.commit():
            await self.terminal.write(words.NOTHING_TO_COMMIT)

    async def refuse(self, line: str, refusal: Refused) -> None:  # noqa: ARG002 - it marks the place
        if refusal.kind == "absent":
            await self.terminal.write(words.ABSENT)
            return
        marker = " " * (len(self.prompt) + refusal.at)
        await self.terminal.write(f"{marker}^\n {words.REFUSALS[refusal.kind]}\n")
