"""An ALAXALA AX to talk to: a ``!`` while unsaved, saving in configuration mode (vendor reference 7.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from gatekit.simulators.alaxala_ax import words
from gatekit.simulators.alaxala_ax.configuration import Configuration, Refused
from gatekit.simulators.clock import Clock
from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.terminal import Interrupted, Terminal

BANNER = "\nCopyright (c) 2005-2020 ALAXALA Networks Corporation. All rights reserved.\n\n\n"
VERSION = "Date {time} UTC\nModel: AX3640S-24T\nS/W: OS-L3A Ver. 11.14.S\nH/W: AX-3640-24TE-A [masked]\n"
LEAVING = 'Unsaved changes found! Do you exit "configure" without save ? (y/n): '
_INSIDE = {"vlan": "vlan", "interface": "if", "line": "line"}
_SOME_TIME = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class AlaxalaAx(SimulatedDevice):
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
        self.startup, self.running = startup, startup.copy()
        self.unsaved = False
        self.enable_password, self.noisy, self.asks_before_save = enable_password, noisy, asks_before_save
        self.modified_s, self.modified_by = 0.0, "operator"
        super().__init__("", clock or Clock(), users, client_address)
        self.boot()

    def running_text(self) -> str:
        """Return the running configuration without its changing header."""
        return self.running.text()

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether answers find their way back: by a connected network, or by the most specific route."""
        connected = [network for _, network in self.running.connected()]
        if any(address in network for network in connected):
            return True
        ways = [(network.prefixlen, hop) for network, hop in self.running.routes() if address in network]
        return bool(ways) and any(max(ways)[1] in network for network in connected)

    def boot(self) -> None:
        """Come up with the startup configuration."""
        self.running, self.unsaved = self.startup.copy(), False
        self.host_name = self.running.host_name

    def modified(self, user: str) -> None:
        """Note a change of the running configuration."""
        self.unsaved, self.modified_by, self.modified_s = True, user, self.clock.now_s()
        self.host_name = self.running.host_name
        self.changed()

    def save(self, user: str) -> None:
        """Make the running configuration the startup one; the header tells who and when."""
        self.startup, self.unsaved = self.running.copy(), False
        self.modified_by, self.modified_s = user, self.clock.now_s()

    def time(self, at_s: float) -> datetime:
        """Return the device's date at so many device seconds."""
        return _SOME_TIME + timedelta(seconds=at_s)

    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold one session."""
        await terminal.write(BANNER)
        await _Shell(self, terminal, user).run()


class _Shell:
    """One session: user, administrator or configuration mode, and the section that is open."""

    def __init__(self, device: AlaxalaAx, terminal: Terminal, user: str) -> None:
        self.device, self.terminal, self.user = device, terminal, user
        self.mode = "user"
        self.section: str | None = None
        self.events = device.noisy

    @property
    def prompt(self) -> str:
        mark = "!" if self.device.unsaved and self.mode != "user" else ""
        if self.mode == "configuration":
            inside = f"-{_INSIDE[self.section.split()[0]]}" if self.section else ""
            return f"{mark}{self.device.host_name}(config{inside})# "
        return f"{mark}{self.device.host_name}{'#' if self.mode == 'administrator' else '>'} "

    async def run(self) -> None:
        while True:
            try:
                line = " ".join((await self.terminal.read_line(self.prompt)).split())
            except Interrupted:
                await self.terminal.write("\n")
                continue
            if self.mode != "configuration" and line in {"exit", "logout"}:
                return
            if line:
                await self._obey(line)

    async def _obey(self, line: str) -> None:
        if self.mode == "configuration":
            await self._configure(line)
        elif line == "enable" and self.mode == "user":
            await self._enable()
        elif line == "configure terminal" and self.mode == "administrator":
            self.mode, self.section = "configuration", None
        elif line == "set terminal pager disable":
            self.terminal.paging = False
        elif re.fullmatch(r"set logging console disable E[3-9]", line):
            self.events = False
        else:
            await self._show(line)

    async def _enable(self) -> None:
        if self.device.enable_password is not None:
            given = await self.terminal.read_line("Password:", echo=False)
            if given != self.device.enable_password:
                await self.terminal.write(words.WRONG_PASSWORD)
                return
        self.mode = "administrator"

    async def _show(self, line: str) -> None:
        text = self._answer(line)
        if text is None:
            await self._refuse(line, 0)
        else:
            await self.terminal.page(text, more=words.MORE, erase=words.ERASE)

    def _answer(self, line: str) -> str | None:
        device = self.device
        administrator = self.mode == "administrator"
        if line == "show version":
            return VERSION.format(time=device.time(device.clock.now_s()).strftime("%Y/%m/%d %H:%M:%S"))
        if line == "show running-config" and administrator:
            return self._header() + device.running.text()
        if line == "show startup-config" and administrator:
            return self._header() + device.startup.text()
        if line.startswith("show ip route"):
            return self._routes(line.removeprefix("show ip route").strip())
        return None

    def _header(self) -> str:
        when = self.device.time(self.device.modified_s).strftime("%a %b %d %H:%M:%S %Y")
        return f"#Last modified by {self.device.modified_by} at {when} with version 11.14.S\n"

    def _routes(self, wanted: str) -> str:
        connected = list(self.device.running.connected())
        rows = [(network, "-", name, "Connected") for name, network in connected]
        for network, hop in self.device.running.routes():
            ports = [name for name, net in connected if hop in net]
            rows += [(network, str(hop), ports[0], "Static")] if ports else []
        rows = [row for row in rows if wanted in {"", str(row[0])}]
        forms = [
            words.ROUTE.format(network=str(network), hop=hop, interface=_vlan(name), protocol=protocol)
            for network, hop, name, protocol in rows
        ]
        return words.ROUTES.format(total=len(rows), rows="".join(forms))

    async def _configure(self, line: str) -> None:
        if line == "end":
            await self._end()
        elif line in {"save", "write"}:
            await self._save()
        elif line == "exit" and self.section is not None:
            self.section = None
        elif line == "exit":
            await self._end()
        else:
            await self._take(line)

    async def _save(self) -> None:
        """Save; the prompt loses its ``!``, which stays after an undo even when nothing differs any more."""
        asks = self.device.asks_before_save
        if not asks or await self.terminal.read_line(words.SAVE_QUESTION) == "y":
            self.device.save(self.user)

    async def _end(self) -> None:
        if self.device.unsaved:
            answer = await self.terminal.read_line(LEAVING)
            if answer != "y":
                return
        self.mode, self.section = "administrator", None

    async def _take(self, line: str) -> None:
        try:
            self.section = self.device.running.take(line, self.section)
        except Refused as refusal:
            await self._refuse(line, refusal.at)
            return
        self.device.modified(self.user)
        if self.events:
            when = self.device.time(self.device.clock.now_s()).strftime("%m/%d %H:%M:%S")
            await self.terminal.write(f"{self.prompt}\n{words.EVENT.format(time=when)}\n")

    async def _refuse(self, line: str, at: int | None) -> None:
        marker = " " * (len(self.prompt) + min(at or 0, len(line)))
        await self.terminal.write(words.NOT_THERE if at is None else words.ILLEGAL.format(marker=marker))


def _vlan(name: str) -> str:
    return f"VLAN{int(name.split()[1]):04d}"
