"""A UNIVERGE IX to talk to: modes, one configuration session, live lines, startup (vendor reference 4.2 to 4.5)."""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.simulators.clock import Clock
from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.nec_ix import show, words
from gatekit.simulators.nec_ix.configuration import Configuration, Refused, Section
from gatekit.simulators.nec_ix.console import console_login, read_line
from gatekit.simulators.nec_ix.grammar import SECTION
from gatekit.simulators.nec_ix.packets import packets_pass, ssh_list_lets_in
from gatekit.simulators.terminal import Interrupted, Terminal

MORE, ERASE = "--More--", "\r        \r"
OCCUPIED = "% CONFIG process is occupied.\n"
ENTERING = "Enter configuration commands, one per line. End with CNTL/Z.\n"
SAVING = "Building configuration...\n% Warning: do NOT enter CNTL/Z while saving to avoid config corruption.\n"
RELOADING = (
    "% Warning: current running-configuration is not saved yet.\n",
    "Are you sure you want to reload the router? (Yes or [No]): ",
)
TO_CONFIGURATION = frozenset({"enable-config", "configure", "enable", "en"})


class NecIx(SimulatedDevice):
    """One box. ``keys_in_clear``: how it shows PSKs, which no source settles.

    ``keeps_dead_sessions``: a session that was dropped holds the configuration mode until it is interrupted.
    """

    def __init__(
        self,
        startup: Configuration,
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
        keys_in_clear: bool = True,
        keeps_dead_sessions: bool = False,
    ) -> None:
        self.startup = startup
        self.running = startup.copy()
        self.keys_in_clear, self.keeps_dead_sessions = keys_in_clear, keeps_dead_sessions
        self.configuring: Terminal | None = None
        self.interrupted = 0  # how often somebody was thrown out
        self.reads = 0
        self.has_host_key, self.serial = True, words.SERIAL  # the key is no line of the configuration
        self.line_leads_out = True  # False on a bench: the tunnel finds no peer
        super().__init__("", clock or Clock(), startup.passwords, client_address)
        self.boot()

    def running_text(self) -> str:
        """Return the running configuration without its changing header."""
        return self.running.text(keys_in_clear=self.keys_in_clear)

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether list, filters and routes let a login in."""
        lets_in = ssh_list_lets_in(self.running, address) and packets_pass(self.running, address)
        return self.has_host_key and lets_in

    def boot(self) -> None:
        """Come up with the startup configuration."""
        self.running = self.startup.copy()
        self.configuring = None
        self._follow()

    def changed(self) -> None:
        """Cut off the sessions whose packets no longer pass; the SSH list is asked at login only."""
        self._follow()
        for terminal in tuple(self.sessions):
            if not packets_pass(self.running, terminal.address):
                self.on_cut_off(terminal)

    def _follow(self) -> None:
        self.users = dict(self.running.passwords)
        self.host_name = next(self.running.named("hostname "), "hostname Router").split()[1]

    async def serve_console(self, terminal: Terminal) -> None:
        """Hold the console: without any account it asks for none, and whoever sits there is administrator."""
        user = await console_login(terminal, self.users)
        try:
            rights = next(self.running.named(f"username {user} "), " administrator")
            await _Shell(self, terminal, administrator=rights.endswith(" administrator")).run()
        finally:
            self.configuring = None if self.configuring is terminal else self.configuring

    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold one session; a monitor's prompt ends with ``% ``."""
        rights = next(self.running.named(f"username {user} "), "")
        try:
            await _Shell(self, terminal, administrator=rights.endswith(" administrator")).run()
        finally:
            if self.configuring is terminal and not (self.keeps_dead_sessions and terminal.closed):
                self.configuring = None


class _Shell:
    """One session's mode and what is typed into it."""

    def __init__(self, device: NecIx, terminal: Terminal, *, administrator: bool) -> None:
        self.device, self.terminal = device, terminal
        self.sign = "#" if administrator else "%"
        self.section: tuple[str, Section] | None = None

    @property
    def configures(self) -> bool:
        """Return whether this session holds the configuration mode; another one may have taken it."""
        return self.device.configuring is self.terminal

    @property
    def prompt(self) -> str:
        inside = f"-{self.section[0]}" if self.section else ""
        mode = f"(config{inside})" if self.configures else ""
        return f"{self.device.host_name}{mode}{self.sign} "

    async def run(self) -> None:
        while True:
            try:
                line = " ".join((await read_line(self.terminal, self.prompt)).split())
            except Interrupted:
                await self.terminal.write("\n")
                self._leave()
                continue
            if not self.configures and line in {"exit", "logout"}:
                return
            if line:
                await self._obey(line)

    async def _obey(self, line: str) -> None:
        if not self.configures:
            await self._operate(line)
        elif line == "exit":
            self._leave(one_level=True)
        elif line == "configure":
            self.section = None
        elif line.startswith(("show ", "terminal ")) or line in {"write memory", "reload"}:
            await self._command(line)
        elif line in {"erase startup-config", "pki private-key generate rsa", "pki private-key destroy"}:
            await self._factory_command(line)
        else:
            await self._configure(line)

    async def _operate(self, line: str) -> None:
        if line in TO_CONFIGURATION or line == "svintr-config":
            await self._enter(line)
        elif line == "show version":
            await self._command(line)
        else:
            await self.terminal.write(words.INVALID.format(line=line.split(maxsplit=1)[0]) + "\n")

    async def _enter(self, line: str) -> None:
        if self.sign == "%":
            await self.terminal.write(words.NO_CONFIGURATION_PRIVILEGE.format(line=line) + "\n")
            return
        holder = self.device.configuring
        if holder is not None and line != "svintr-config":
            await self.terminal.write(OCCUPIED + words.OCCUPIED_HINT)
            return
        if holder is not None:
            self.device.interrupted += 1
            holder.post(words.THROWN_OUT)
        self.device.configuring, self.section = self.terminal, None
        await self.terminal.write(ENTERING)

    def _leave(self, *, one_level: bool = False) -> None:
        if self.section is not None and one_level:
            self.section = None
        elif self.configures:
            self.device.configuring, self.section = None, None

    async def _command(self, line: str) -> None:
        if line == "write memory":
            await self.terminal.write(SAVING)
            self.device.startup = self.device.running.copy()
        elif line == "reload":
            await self._reload()
        elif line.startswith("terminal "):
            await self._screen(line)
        else:
            self.device.reads += 1
            text = show.answer(self.device, line)
            await self.terminal.page(text or f"{words.INVALID.format(line=line)}\n", more=MORE, erase=ERASE)

    async def _screen(self, line: str) -> None:
        match line.split():
            case ["terminal", "length", number] if number.isdecimal():
                self.terminal.paging, self.terminal.height = number != "0", int(number) or self.terminal.height
            case ["terminal", "width", number] if number.isdecimal() and 60 <= int(number) <= 512:
                self.terminal.width = int(number)
            case _:
                await self.terminal.write(words.INVALID.format(line=line) + "\n")

    async def _reload(self) -> None:
        unsaved = self.device.running != self.device.startup
        await self.terminal.write(RELOADING[0] if unsaved else "")
        if (await self.terminal.read_line(RELOADING[1])) in {"Yes", "yes", "y", "Y"}:
            self.device.power_cycle(words.RELOAD_OFF_S)

    async def _factory_command(self, line: str) -> None:
        """Make or destroy what is no line of the configuration, or forget what was saved."""
        if line.startswith("pki"):
            self.device.has_host_key = line.endswith("generate rsa")
            await self.terminal.write(words.GENERATING_KEY if self.device.has_host_key else words.KEY_REMOVED)
        elif (await self.terminal.read_line(words.ERASE_QUESTION)).lower() in {"y", "yes"}:
            self.device.startup = Configuration()
            await self.terminal.write(words.ERASED)

    async def _configure(self, line: str) -> None:
        running = self.device.running
        head = SECTION.fullmatch(line)
        try:
            if head is not None:
                self.section = (head[1] or head[2], running.section(head[1], head[2]))
            elif self.section is not None:
                running.take_inside(self.section[1], line)
            else:
                running.take(line)
            if line.startswith("username "):
                await self.terminal.write(f"% User '{line.split()[1]}' has been added.\n")  # fine, despite its sign
        except Refused as refusal:
            await self.terminal.write(f"{refusal}\n")
        self.device.changed()
