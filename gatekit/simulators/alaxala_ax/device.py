"""An ALAXALA AX to talk to: a ``!`` while unsaved, saving in configuration mode (vendor reference 7.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from gatekit.simulators.alaxala_ax import words
from gatekit.simulators.alaxala_ax.configuration import Configuration
from gatekit.simulators.clock import Clock
from gatekit.simulators.switch import Refused, SimulatedSwitch
from gatekit.simulators.switch_shell import SwitchShell
from gatekit.simulators.terminal import Terminal

BANNER = "\nCopyright (c) 2005-2020 ALAXALA Networks Corporation. All rights reserved.\n\n\n"
VERSION = "Date {time} UTC\nModel: AX3640S-24T\nS/W: OS-L3A Ver. 11.14.S\nH/W: AX-3640-24TE-A [masked]\n"
LEAVING = 'Unsaved changes found! Do you exit "configure" without save ? (y/n): '
_INSIDE = {"vlan": "vlan", "interface": "if", "line": "line"}
_SOME_TIME = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class AlaxalaAx(SimulatedSwitch):
    """One switch. ``enable_password``: None = `enable` asks nothing. ``noisy``: events appear on every change.

    ``asks_before_save``: `save` wants a `y`, as an AX2600S may.
    """

    def __init__(
        self,
        startup: Configuration,
        users: dict[str, str],
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
        enable_password: str | None = None,
        noisy: bool = False,
        asks_before_save: bool = False,
    ) -> None:
        self.unsaved = False
        self.enable_password, self.noisy, self.asks_before_save = enable_password, noisy, asks_before_save
        self.modified_s, self.modified_by = 0.0, "operator"
        super().__init__(startup, users, client_address, clock=clock)

    def boot(self) -> None:
        """Come up with the startup configuration."""
        self.unsaved = False
        super().boot()

    def configure(self, line: str, section: str | None) -> str | None:
        """See ``SimulatedSwitch``; from now on something is not saved."""
        section = super().configure(line, section)
        self.unsaved = True
        return section

    def save(self) -> None:
        """Make the running configuration the startup one."""
        super().save()
        self.unsaved = False

    def sign(self, user: str) -> None:
        """Note who changed or saved it last, and when: the header tells."""
        self.modified_by, self.modified_s = user, self.clock.now_s()

    def time(self, at_s: float) -> datetime:
        """Return the device's date at so many device seconds."""
        return _SOME_TIME + timedelta(seconds=at_s)

    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold one session."""
        await terminal.write(BANNER)
        await _Shell(self, terminal, user).run()


class _Shell(SwitchShell[AlaxalaAx]):
    """One session: user, administrator or configuration mode, and the section that is open."""

    def __init__(self, device: AlaxalaAx, terminal: Terminal, user: str) -> None:
        super().__init__(device, terminal)
        self.user = user
        self.is_administrator = False
        self.events = device.noisy

    @property
    def prompt(self) -> str:
        mark = "!" if self.device.unsaved and self.is_administrator else ""
        if self.is_configuring:
            inside = f"-{_INSIDE[self.section.split()[0]]}" if self.section else ""
            return f"{mark}{self.device.host_name}(config{inside})# "
        return f"{mark}{self.device.host_name}{'#' if self.is_administrator else '>'} "

    async def obey(self, line: str) -> None:
        if self.is_configuring:
            await self.configure(line)
        elif line == "enable" and not self.is_administrator:
            await self._enable()
        elif line == "configure terminal" and self.is_administrator:
            self.is_configuring = True
        elif line == "set terminal pager disable":
            self.terminal.paging = False
        elif re.fullmatch(r"set logging console disable E[3-9]", line):
            self.events = False
        else:
            await self._show(line)

    async def _enable(self) -> None:
        password = self.device.enable_password
        self.is_administrator = await self.knows(password, question="Password:", wrong=words.WRONG_PASSWORD)

    async def _show(self, line: str) -> None:
        text = self._answer(line)
        if text is None:
            await self.refuse(line, Refused(0))
        else:
            await self.terminal.page(text, more=words.MORE, erase=words.ERASE)

    def _answer(self, line: str) -> str | None:
        device = self.device
        if line == "show version":
            return VERSION.format(time=device.time(device.clock.now_s()).strftime("%Y/%m/%d %H:%M:%S"))
        if line == "show running-config" and self.is_administrator:
            return self._header() + device.running.text()
        if line == "show startup-config" and self.is_administrator:
            return self._header() + device.startup.text()
        if line.startswith("show ip route"):
            return self._routes(line.removeprefix("show ip route").strip())
        return None

    def _header(self) -> str:
        when = self.device.time(self.device.modified_s).strftime("%a %b %d %H:%M:%S %Y")
        return f"#Last modified by {self.device.modified_by} at {when} with version 11.14.S\n"

    def _routes(self, wanted: str) -> str:
        running = self.device.running
        rows = [(interface.network, "-", name, "Connected") for name, interface in running.networks()]
        rows += [(network, str(hop), name, "Static") for network, hop, name in running.usable()]
        rows = [row for row in rows if wanted in {"", str(row[0])}]
        forms = [
            words.ROUTE.format(network=str(network), hop=hop, interface=_vlan(name), protocol=protocol)
            for network, hop, name, protocol in rows
        ]
        return words.ROUTES.format(total=len(rows), rows="".join(forms))

    async def configure(self, line: str) -> None:
        if line in {"save", "write"}:
            await self._save()
        else:
            await super().configure(line)

    async def interrupted(self, key: str) -> None:
        """Stay in the mode: no source says that a key leaves it."""

    async def _save(self) -> None:
        """Save; the prompt loses its ``!``, which stays after an undo even when nothing differs any more."""
        asks = self.device.asks_before_save
        if not asks or await self.terminal.read_line(words.SAVE_QUESTION) == "y":
            self.device.save()
            self.device.sign(self.user)

    async def leave(self) -> None:
        """Leave configuration mode; where something is unsaved only after a `y`."""
        if not self.device.unsaved or await self.terminal.read_line(LEAVING) == "y":
            await super().leave()

    async def take(self, line: str) -> bool:
        taken = await super().take(line)
        if taken:
            self.device.sign(self.user)
        if taken and self.events:
            when = self.device.time(self.device.clock.now_s()).strftime("%m/%d %H:%M:%S")
            await self.terminal.write(f"{self.prompt}\n{words.EVENT.format(time=when)}\n")
        return taken

    async def refuse(self, line: str, refusal: Refused) -> None:
        marker = " " * (len(self.prompt) + min(refusal.at, len(line)))
        await self.terminal.write(words.NOT_THERE if refusal.kind == "absent" else words.ILLEGAL.format(marker=marker))


def _vlan(name: str) -> str:
    return f"VLAN{int(name.split()[1]):04d}"
