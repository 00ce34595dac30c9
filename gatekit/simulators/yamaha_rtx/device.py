"""One RTX: user and administrator level, ``tunnel select``, scheduled restart, save questions, two languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from gatekit.simulators import Clock, Interrupted, SimulatedDevice, Terminal, Timer
from gatekit.simulators.yamaha_rtx import words
from gatekit.simulators.yamaha_rtx.configuration import Configuration, Refused
from gatekit.simulators.yamaha_rtx.dialogue import Dialogue
from gatekit.simulators.yamaha_rtx.way_in import filters_pass, server_takes

_AFTER = re.compile(r"\+(\d+) \* restart")
_LONGEST_S = 3600  # manual 37.1
CLIENT = IPv4Address("192.168.10.250")


class YamahaRtx(SimulatedDevice):
    """A router whose commands take effect at once; what is not saved is gone after a restart.

    ``administrator_password``: empty until one is set. ``lines``: its first configuration, saved.
    """

    def __init__(
        self,
        host_name: str = "",
        *,
        clock: Clock | None = None,
        users: Mapping[str, str],
        client_address: IPv4Address = CLIENT,
        lines: str = "sshd service on\n",
        model: str = "RTX1300",
        revision: str = "Rev.23.00.14",
    ) -> None:
        super().__init__(host_name, clock or Clock(), users, client_address)
        self.model, self.revision = model, revision
        self.running = Configuration()
        self.timers: dict[int, Timer] = {}
        self.dialogues: list[Dialogue] = []
        self.restarts = 0
        self.has_host_key, self.serial = True, words.SERIAL
        self.line_leads_out = True  # False on a bench: the tunnel finds no peer
        for user, password in users.items():
            self.running.take(f"login user {user} {password}", 0)
        load(self.running, lines)
        self.startup = self.running.copy()

    @property
    def unsaved(self) -> bool:
        """Return whether the running configuration differs from the saved one."""
        return self.running != self.startup

    def running_text(self) -> str:
        return self.running.text()

    def allows_login_from(self, address: IPv4Address) -> bool:
        return self.has_host_key and server_takes(self.running, address) and filters_pass(self.running, address)

    async def serve_console(self, terminal: Terminal) -> None:
        """Hold the console; without accounts and passwords Enter is enough."""
        while True:
            named = bool(self.users) and (await terminal.read_line(words.CONSOLE_USER)).strip()
            given = await terminal.read_line(words.CONSOLE_PASSWORD, echo=False)
            right = not given if not self.users else bool(named) and self.users.get(str(named)) == given
            if right and self._may_use_console(str(named or "")):
                await self.serve(terminal, str(named or ""))
                return
            await terminal.write(words.ERRORS["password"][0] + "\n")

    def _may_use_console(self, user: str) -> bool:
        """Return whether an account that says how it may connect may do so by the serial port."""
        rights = self.running.value(f"user attribute {user}")
        return "connection=" not in rights or "serial" in rights

    async def serve(self, terminal: Terminal, user: str) -> None:
        dialogue = Dialogue(self, terminal, user)
        self.dialogues.append(dialogue)
        try:
            await dialogue.hold()
        except Interrupted:
            return
        finally:
            self.dialogues.remove(dialogue)

    def boot(self) -> None:
        """Come up with what was saved: a restart timer that was saved runs again, which is the trap."""
        self.running = self.startup.copy()
        self.timers.clear()
        for (_, name), line in self.running.lines.items():
            if name.startswith("schedule at "):
                self.schedule(line)
        self._follow_users()

    def apply(self, line: str, tunnel: int) -> None:
        """Take one line of configuration, with everything it brings about.

        Raises:
            Refused: when the router does not take it.
        """
        named = line.removeprefix("no ")
        if named.startswith("schedule at "):
            self._stop_timer(named)
        if line.startswith("schedule at ") and (late := _AFTER.search(line)) and int(late.group(1)) > _LONGEST_S:
            raise Refused("range")
        self.running.take(line, tunnel)
        if line.startswith("schedule at "):
            self.schedule(line)
        self._follow_users()
        self._follow_filters()

    def schedule(self, line: str) -> None:
        """Start the timer of a ``schedule at N +SECONDS * restart``."""
        late = _AFTER.search(line)
        if late:
            self.timers[int(line.split()[2])] = self.clock.call_after(float(late.group(1)), self.restart)

    def restart(self) -> None:
        """Restart: what is not saved is gone."""
        self.restarts += 1
        self.power_cycle(words.BOOT_S)

    def make_host_key(self) -> None:
        """Make the SSH server's key; the line is part of the configuration, its value is not shown."""
        self.has_host_key = True
        self.running.take("sshd host key generate *", 0)

    def cold_start(self) -> None:
        """Forget everything that was configured or saved, and restart."""
        self.startup = factory_configuration()
        self.has_host_key = False
        self.restart()

    def save(self) -> None:
        """Write the running configuration to the file it boots from."""
        self.startup = self.running.copy()

    def _stop_timer(self, named: str) -> None:
        number = named.split()[2] if len(named.split()) > 2 else ""
        timer = self.timers.pop(int(number), None) if number.isdigit() else None
        if timer is not None:
            timer.cancel()

    def _follow_filters(self) -> None:
        """Filters act on the next packet; ``sshd host`` only on the next login."""
        if any(not filters_pass(self.running, terminal.address) for terminal in self.sessions):
            self.changed()

    def _follow_users(self) -> None:
        self.users = {
            name.split()[2]: line.split()[-1]
            for (_, name), line in self.running.lines.items()
            if name.startswith("login user ")
        }


def factory_configuration() -> Configuration:
    """Return what a router holds that nobody has configured."""
    fresh = Configuration()
    load(fresh, words.FACTORY)
    return fresh


def factory_fresh(
    client_address: IPv4Address = CLIENT, *, clock: Clock | None = None, serial: str = words.SERIAL
) -> YamahaRtx:
    """Return a router as it leaves its box: no password, no SSH, an address of its own on the LAN."""
    router = YamahaRtx(clock=clock, users={}, client_address=client_address, lines=words.FACTORY)
    router.has_host_key, router.serial = False, serial
    return router


def load(configuration: Configuration, lines: str, *, reveal: Callable[[str], str] = str) -> None:
    """Put a text of configuration lines into a configuration, as TFTP does: no dialogue, no echo."""
    tunnel = 0
    for raw in lines.splitlines():
        line = " ".join(reveal(raw).split())
        selected = re.fullmatch(r"tunnel select (\d+|none)", line)
        if selected:
            tunnel = 0 if selected.group(1) == "none" else int(selected.group(1))
        elif line and not line.startswith("#"):
            configuration.take(line, tunnel)
