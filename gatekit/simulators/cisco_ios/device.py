"""A Cisco router or L3 switch: running and startup configuration, sessions, the rollback timer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address

from gatekit.simulators.cisco_ios import exec_mode, shows, words
from gatekit.simulators.cisco_ios.answers import shown
from gatekit.simulators.cisco_ios.configuration import Configuration
from gatekit.simulators.cisco_ios.console import greet
from gatekit.simulators.cisco_ios.editing import Editing, Question, Refused, enable_secret
from gatekit.simulators.cisco_ios.packets import lets_in
from gatekit.simulators.cisco_ios.rollback import Rollback
from gatekit.simulators.clock import Clock
from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.terminal import CTRL_C, Interrupted, Terminal

_UNPRIVILEGED = ("show version", "exit", "terminal", "enable", "disable")
MORE, ERASE = " --More-- ", "\b" * 10 + " " * 10 + "\b" * 10
SAVE_S = 1.5  # device seconds


class CiscoIosDevice(SimulatedDevice):
    """One box. ``startup`` is its configuration as text, passwords and keys in clear or as shown.

    ``client_address`` is where logins come from, ``address`` the one they go to (None: any of the box's own).
    ``learnt``: routes that a routing protocol brought, as shown. ``privileged``: accounts begin in ``#``.
    """

    def __init__(
        self,
        startup: str,
        clock: Clock,
        users: Mapping[str, str],
        client_address: IPv4Address,
        *,
        address: IPv4Address | None = None,
        model: str = "ISR4331/K9",
        master_key: bool = False,
    ) -> None:
        self.running: Configuration = parsed(startup, users, master_key=master_key)
        super().__init__("Router", clock, users, client_address)
        self.startup: Configuration | None = self.running.copy()
        self.address, self.model = address, model
        self.learnt: dict[str, str] = {}
        self.privileged = True
        self.translations = False  # whether NAT has entries in use
        self.archives: list[str] = []
        self.reads = 0
        self.has_host_key, self.serial = True, words.SERIAL  # the key is no line of the configuration
        self.line_leads_out = True  # False on a bench: the tunnel finds no peer
        self.set_up = False  # whether somebody is past the setup dialogue since the last boot
        self.lock: Terminal | None = None
        self.rollback = Rollback(clock, self._restore)
        self.reason, self.since_s = "power-on", 0.0
        self._follow_names()

    # ------------------------------------------------------------------ state
    def running_text(self) -> str:
        """Return what runs, without the header, which changes at every read."""
        return self.running.body()

    def startup_text(self) -> str:
        """Return what was saved; empty when nothing was."""
        return self.startup.body() if self.startup else ""

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether interfaces, routes, lists and terminal lines let SSH in from there."""
        return self.has_host_key and lets_in(self.running, address, self.address)

    def boot(self) -> None:
        """Come up with what was saved."""
        self.rollback.forget()
        self.lock = None
        self.running = self.startup.copy() if self.startup else parsed(words.FACTORY, {})
        self.set_up = False
        self.reason, self.since_s = "power-on", self.clock.now_s()
        self._follow_names()

    def changed(self) -> None:
        """Follow names and passwords of what runs now, and cut whoever it no longer lets in."""
        self._follow_names()
        super().changed()

    def _follow_names(self) -> None:
        named = self.running.top("hostname")
        self.host_name = named.text.split()[1] if named else "Router"
        self.users.clear()
        self.users.update(self.running.accounts)

    def _restore(self, configuration: Configuration) -> None:
        self.running = configuration
        self.changed()

    def keep_enable_secret(self, secret: str) -> None:
        """Save the one line that the setup dialogue makes."""
        Editing(self.running).take(enable_secret(secret))
        self.startup = self.running.copy()

    # ------------------------------------------------------------------ dialogue
    async def serve_console(self, terminal: Terminal) -> None:
        """Hold the console: the setup dialogue while nothing is saved, then the unprivileged mode without a login."""
        await greet(self, terminal)
        await self._serve(terminal, "", ">")

    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold the dialogue of the privileged mode."""
        await self._serve(terminal, user, "#" if self.privileged else ">")

    async def _serve(self, terminal: Terminal, user: str, mark: str) -> None:
        terminal.user = user
        try:
            while True:
                try:
                    line = await terminal.read_line(f"{self.host_name}{mark}")
                except Interrupted:
                    await terminal.write("\n")
                    continue
                command, _, pipe = line.partition("|")
                found = exec_mode.understood(command)
                if found is None or (mark == ">" and not found.name.startswith(_UNPRIVILEGED)):
                    await terminal.write(_refusal(command))
                elif found.name in {"enable", "disable"}:
                    mark = "#" if found.name == "enable" and await self._may_enable(terminal) else ">"
                elif found.name in {"exit", "logout"}:
                    return
                elif found.name.startswith("configure terminal"):
                    await self._configure(terminal, found)
                elif found.name == "write erase":
                    await self._erase(terminal)
                elif found.name == "reload":
                    await self._reload(terminal)
                else:
                    await self._answer(terminal, found, pipe)
        finally:
            if self.lock is terminal:
                self.lock = None

    async def _answer(self, terminal: Terminal, found: exec_mode.Command, pipe: str) -> None:
        match found.name:
            case "terminal length <number>":
                terminal.paging = found.arguments != ("0",)
                terminal.height = int(found.arguments[0]) or terminal.height
            case "terminal width <number>":
                terminal.width = int(found.arguments[0])
            case "terminal monitor":
                return
            case "write memory" | "write":
                await self._save(terminal)
            case "copy running-config startup-config":
                await terminal.read_line(words.COPY_QUESTION)
                await self._save(terminal)
            case "configure confirm":
                await terminal.write("" if self.rollback.pending else words.NOT_PENDING)
                self.rollback.confirm()
            case "configure revert now":
                said = self.rollback.go_back() if self.rollback.pending else words.NOT_PENDING
                await terminal.write(said)
            case "configure replace nvram:startup-config force":
                await terminal.write(words.ROLLED)
                self._restore(self.startup.copy() if self.startup else Configuration())
            case _:
                text = shown(self, found)
                await terminal.page(shows.piped(text, pipe) if pipe else text, more=MORE, erase=ERASE)

    async def _may_enable(self, terminal: Terminal) -> bool:
        """Return whether the privileged mode opens; on a console without an enable secret it does."""
        secret = self.running.top("enable secret")
        if secret is None or secret.text == enable_secret(await terminal.read_line(words.ENABLE_PASSWORD, echo=False)):
            return True
        await terminal.write(words.BAD_SECRETS)
        return False

    async def _erase(self, terminal: Terminal) -> None:
        if (await terminal.read_line(words.ERASE_QUESTION)).strip().lower() in {"", "y", "yes"}:
            self.startup = None
            await terminal.write(words.ERASED)

    async def _reload(self, terminal: Terminal) -> None:
        modified = self.startup is None or self.running.body() != self.startup.body()
        if modified and (await terminal.read_line(words.MODIFIED_QUESTION)).strip().lower() in {"y", "yes"}:
            await self._save(terminal)
        if (await terminal.read_line(words.RELOAD_QUESTION)).strip().lower() in {"", "y", "yes"}:
            self.power_cycle(words.RELOAD_OFF_S)

    async def _take_key(self, terminal: Terminal, line: str) -> None:
        """Make or remove the keys, which are no lines of the configuration."""
        made = re.fullmatch(r"crypto key generate rsa general-keys label (\S+) modulus (\d+)", line)
        if made is not None:
            asked = words.REPLACE_KEY_QUESTION.format(label=made[1])
            if self.has_host_key and (await terminal.read_line(asked)).strip().lower() not in {"y", "yes"}:
                return
            self.has_host_key = True
            await terminal.write(words.GENERATING_KEY.format(label=made[1], bits=made[2]))
        elif line == "crypto key zeroize rsa":
            if (await terminal.read_line(words.ZEROIZE_QUESTION)).strip().lower() in {"y", "yes"}:
                self.has_host_key = False
        else:
            await terminal.write(f"{' ' * 8}^\n{words.INVALID}")

    async def _save(self, terminal: Terminal) -> None:
        await terminal.write(words.BUILDING)
        await self.clock.sleep(SAVE_S)
        self.startup = self.running.copy()
        await terminal.write(words.SAVED)

    async def _configure(self, terminal: Terminal, found: exec_mode.Command) -> None:
        if self.lock not in {None, terminal} and self.lock in self.sessions:
            await terminal.write(words.LOCKED.format(user=self.lock.user, line=2))
            return
        if found.arguments and not await self._start_timer(terminal, int(found.arguments[0])):
            return
        if found.name.endswith("lock"):
            self.lock = terminal
        await terminal.write(words.ENTER)
        await self._edit(terminal)
        if self.lock is terminal:
            self.lock = None

    async def _start_timer(self, terminal: Terminal, minutes: int) -> bool:
        archive = self.running.top("archive")
        if archive is None or "path" not in archive.children:
            await terminal.write(words.ARCHIVE_OFF)
        elif self.rollback.pending:
            await terminal.write(words.PENDING_ALREADY)
        elif not 1 <= minutes <= 120:
            await terminal.write(words.INVALID)
        else:
            file = f"{archive.children['path'].text.split()[1]}-{len(self.archives)}"
            self.archives.append(file)
            self.rollback.start(self.running, minutes, terminal, file)
            await terminal.write(words.BACKING_UP.format(file=file))
            return True
        return False

    async def _edit(self, terminal: Terminal) -> None:
        """Take configuration lines until the session leaves the mode; every line is in force at once."""
        editing = Editing(self.running, translations=self.translations)
        while True:
            try:
                line = (await terminal.read_line(f"{self.host_name[:20]}({editing.mode})#")).strip()
            except Interrupted as key:
                await terminal.write("^C\n" if key.key == CTRL_C else "^Z\n")
                return
            if (
                editing.configuration is not self.running
            ):  # gone back meanwhile: the box throws the session's place away
                editing = Editing(self.running, translations=self.translations)
            if line in {"end", "do end"} or (line == "exit" and not editing.leave()):
                return
            if line.startswith("crypto key "):
                await self._take_key(terminal, line)
            elif line and line != "exit" and not line.startswith("!"):
                await self._take(terminal, editing, line)

    async def _take(self, terminal: Terminal, editing: Editing, line: str) -> None:
        try:
            editing.take(line)
        except Refused as refusal:
            await terminal.write(str(refusal))
            return
        except Question as question:
            answer = (await terminal.read_line(question.text)).strip().lower()
            if answer not in question.agrees:
                return
            editing.take(line, agreed=True)
        self.changed()


def parsed(text: str, users: Mapping[str, str], *, master_key: bool = False) -> Configuration:
    """Return a configuration from its text.

    Raises:
        ValueError: a line that the box does not take.
    """
    configuration = Configuration(master_key=master_key)
    configuration.accounts.update(users)
    editing = Editing(configuration)
    for line in text.splitlines():
        if not line.strip() or line.strip().startswith("!") or line.strip() == "end":
            continue
        if not line.startswith(" "):
            while editing.leave():
                pass
        try:
            editing.take(line.strip())
        except (Refused, Question) as said:
            raise ValueError(f"{line.strip()}: {said}") from said
    return configuration


def _refusal(line: str) -> str:
    if not line.strip():
        return ""
    return words.INCOMPLETE if exec_mode.is_beginning(line) else f"{' ' * 8}^\n{words.INVALID}"
