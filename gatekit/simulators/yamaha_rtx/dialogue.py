"""One session on the router's console, from the banner to ``exit``."""

from __future__ import annotations

import re
from typing import Protocol

from gatekit.simulators import Clock, Terminal
from gatekit.simulators.yamaha_rtx import shows, words
from gatekit.simulators.yamaha_rtx.configuration import Configuration, Refused

_FOR_ALL = re.compile(r"(?:console (?:character|columns|lines)|no console (?:character|columns|lines)|show ) ?")
_ENDLESS = 10**9


class Router(Protocol):
    """What a session needs of the router that it is on."""

    clock: Clock
    model: str
    revision: str
    serial: str
    running: Configuration
    startup: Configuration
    line_leads_out: bool

    @property
    def unsaved(self) -> bool:
        """Return whether the running configuration differs from the saved one."""

    def apply(self, line: str, tunnel: int) -> None:
        """Take one line of configuration, with everything it brings about; Refused."""

    def save(self) -> None:
        """Write the running configuration to the file it boots from."""

    def restart(self) -> None:
        """Restart: what is not saved is gone."""

    def make_host_key(self) -> None:
        """Make the SSH server's key."""

    def cold_start(self) -> None:
        """Forget everything that was configured or saved, and restart."""


class Dialogue:
    """What one logged-in user sees and types."""

    def __init__(self, device: Router, terminal: Terminal, user: str) -> None:
        self.device, self.terminal, self.user = device, terminal, user
        self.administrator = False
        self.tunnel = 0
        self.over = False
        self._asking = {
            "administrator password": self._new_administrator_password,
            "cold start": self._cold_start,
            "sshd host key generate": self._make_host_key,
        }

    async def hold(self) -> None:
        """Serve the session until the user leaves."""
        await self.show(words.banner(self.device.model, self.device.revision))
        while not self.over:
            self._fit_screen()
            line = " ".join((await self.terminal.read_line(self.prompt)).split())
            if line:
                await self._obey(line)

    @property
    def prompt(self) -> str:
        """Return the prompt: its text, what is selected, the level."""
        name = self.device.running.value("console prompt")
        selected = words.TUNNEL_PROMPT.format(number=self.tunnel) if self.tunnel else ""
        return f"{name}{selected}{'#' if self.administrator else '>'} "

    @property
    def charset(self) -> str:
        """Return the console's character set."""
        return self.device.running.value("console character", "ja.sjis")

    def say(self, pair: tuple[str, str]) -> str:
        """Return an answer in the console's language."""
        return pair[1] if self.charset in words.JAPANESE else pair[0]

    async def show(self, text: str) -> None:
        """Write a text in the console's character set."""
        encoding = words.JAPANESE.get(self.charset, "ascii")
        if text.isascii() or encoding == "utf-8":
            await self.terminal.write(text)
        else:
            octets = text.replace("\n", "\r\n").encode(encoding)
            self.terminal._send(octets)  # noqa: SLF001 - the terminal of every other box speaks UTF-8 only

    async def refuse(self, word: str) -> None:
        """Say no."""
        await self.show(self.say(words.ERRORS[word]) + "\n")

    async def _obey(self, line: str) -> None:
        if line in {"exit", "quit"}:
            await self._leave()
        elif line == "administrator":
            await self._rise()
        elif re.fullmatch(r"(?:no )?tunnel select(?: \S+)?", line):
            await self._select(line)
        elif not self.administrator and not _FOR_ALL.match(line):
            await self.refuse("administrator")
        elif line.startswith("show "):
            await self._show(line)
        elif line == "save":
            self.device.save()
            await self.show(self.say(words.SAVED) + "\n")
        elif line == "restart":
            await self.show(self.say(words.RESTARTING) + "\n")
            self.device.restart()
        elif line in self._asking:
            await self._asking[line]()
        elif line == "ipsec sa delete all":
            return
        else:
            await self._configure(line)

    async def _configure(self, line: str) -> None:
        if line.startswith("administrator password "):  # a dialogue on the console, a line only in a file (manual 4.3)
            await self.refuse("parameters")
            return
        disabled = re.fullmatch(r"tunnel disable (\d+)", line)
        try:
            self.device.apply(f"no tunnel enable {disabled.group(1)}" if disabled else line, self.tunnel)
        except Refused as refusal:
            await self.refuse(refusal.word)

    async def _rise(self) -> None:
        given = await self.terminal.read_line(words.PASSWORD, echo=False)
        if given == self.device.running.value("administrator password"):
            self.administrator = True
        else:
            await self.refuse("password")

    async def _new_administrator_password(self) -> None:
        old = self.device.running.value("administrator password")
        if old and await self.terminal.read_line(words.OLD_PASSWORD, echo=False) != old:
            await self.refuse("password")
            return
        new = await self.terminal.read_line(words.NEW_PASSWORD, echo=False)
        again = await self.terminal.read_line(words.NEW_PASSWORD, echo=False)
        if new != again:
            await self.refuse("password")
        else:
            self.device.apply(f"administrator password {new}" if new else "no administrator password", 0)

    async def _make_host_key(self) -> None:
        await self.show(self.say(words.GENERATING_KEY) + "\n")
        self.device.make_host_key()

    async def _cold_start(self) -> None:
        """Go back to the factory state, for whoever knows the administrator's password."""
        if await self.terminal.read_line(words.PASSWORD, echo=False) != self.device.running.value(
            "administrator password"
        ):
            await self.refuse("password")
            return
        await self.show(self.say(words.COLD_STARTING) + "\n")
        self.device.cold_start()

    async def _leave(self) -> None:
        if not self.administrator:
            self.over = True
            return
        if self.device.unsaved:
            await self.show(self.say(words.SAVE_QUESTION))
            key = (await self.terminal.read_key()).upper()
            await self.show("\n")
            if key == "Y":
                self.device.save()
                await self.show(self.say(words.SAVED) + "\n")
        self.administrator = False

    async def _select(self, line: str) -> None:
        """Select a tunnel; ``no tunnel select N`` only leaves, it removes nothing (manual 56.2)."""
        number = line.rpartition(" ")[2]
        if line.startswith("no ") or number == "none":
            self.tunnel = 0
        elif number.isdigit():
            self.tunnel = int(number)
        else:
            await self.refuse("keyword")

    async def _show(self, line: str) -> None:
        command, _, pattern = line.partition(" | grep ")
        status = re.fullmatch(r"show status tunnel (\d+)", command)
        if command == "show environment":
            text = words.environment(self.device.model, self.device.revision)
        elif command == "show ip route":
            text = shows.ip_route(self.device.running)
        elif command == "show ipsec sa":
            text = shows.ipsec_sa(self.device.running if self.device.line_leads_out else Configuration())
        elif status:
            text = shows.status_tunnel(self.device.running, int(status.group(1)))
        elif not self.administrator:
            await self.refuse("administrator")
            return
        elif command == "show config":
            text = self._header() + self.device.running.text()
        elif command == "show config 0":
            if not await self._asked_passwords():
                return
            text = self._header() + self.device.startup.text()
        else:
            await self.refuse("keyword")
            return
        if pattern:
            await self.show(words.SEARCHING + "\n")
            text = "".join(row for row in text.splitlines(keepends=True) if re.search(pattern, row))
        await self._page(text)

    def _header(self) -> str:
        return words.header(self.device.model, self.device.revision, self.device.clock.now_s(), self.device.serial)

    async def _asked_passwords(self) -> bool:
        """Ask what a saved file is read with (manual 57.2); a password that is not set is not asked for."""
        right = self.device.running.value("administrator password")
        if right and await self.terminal.read_line(words.ADMINISTRATOR_PASSWORD, echo=False) != right:
            await self.refuse("password")
            return False
        return True

    def _fit_screen(self) -> None:
        lines = self.device.running.value("console lines", "24")
        self.terminal.width = int(self.device.running.value("console columns", "80"))
        self.terminal.height = _ENDLESS if lines == "infinity" else int(lines)
        self.terminal.paging = lines != "infinity"

    async def _page(self, text: str) -> None:
        """Fold at the screen's width and stop at its height; the word that waits may be Japanese."""
        width, rows = self.terminal.width, []
        for line in text.splitlines():
            rows += [line[at : at + width] for at in range(0, max(1, len(line)), width)]
        room = self.terminal.height - 1
        while self.terminal.paging and len(rows) > room:
            await self.show("".join(f"{row}\n" for row in rows[:room]) + self.say(words.MORE))
            del rows[:room]
            key = await self.terminal.read_key()
            await self.show(words.MORE_ERASE)
            if key in {"q", "Q", "\x03"}:
                return
            room = 1 if key in {"\r", "\n"} else self.terminal.height - 1
        await self.show("".join(f"{row}\n" for row in rows))
