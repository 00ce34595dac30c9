"""A console server's port as a session: the same asking and telling as over SSH to the device itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from netmiko import BaseConnection, ConnectHandler
from netmiko.exceptions import NetmikoBaseException

from gatekit.devices.change.access import session_over, strict_login
from gatekit.devices.change.platform import Login
from gatekit.devices.change.session import Session
from gatekit.devices.commissioning.factory import Factory
from gatekit.errors import DeviceError

NO_PROMPT = "\0"  # netmiko takes a prompt that it knows off every answer; here a question is the answer
ANSWER_S, RETRY_S = 5.0, 1.0
SILENT = "Check the console cable, its port on the console server and the unit's power."
CONNECT_S = 20


class _TerminalServer:
    """netmiko's driver for a port that says nothing of its own accord."""

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection with strict host keys."""
        return ConnectHandler(
            device_type="terminal_server",
            **strict_login(login),
            encoding="latin-1",  # octets as they are: some consoles do not speak UTF-8
            conn_timeout=CONNECT_S,
            auth_timeout=CONNECT_S,
            banner_timeout=CONNECT_S,
        )


@dataclass(slots=True)
class Entered:
    """An open console at its privileged prompt; ``screen`` is what it showed first, secrets hidden.

    ``restarting``: the unit was told to restart; nobody is logged in any more.
    """

    session: Session
    screen: str
    restarting: bool = False


@dataclass(frozen=True, slots=True)
class ConsolePort:
    """One port of a console server and the operating system behind it; ``secrets`` never show."""

    login: Login
    operator: str
    factory: Factory
    secrets: Mapping[str, str] = field(repr=False)

    @contextmanager
    def entered(self, *, within_s: float = 0.0) -> Iterator[Entered]:
        """Open the console and get to the privileged prompt; logged out again at the end, after a fault too.

        ``within_s``: how long a unit may take to boot.

        Raises:
            DeviceError: GW401 login refused by console server or unit, GW402 nothing answers, GW416 wrong host key
                of the console server.
        """
        console = session_over(_TerminalServer(), self.login, self.factory.refusals, self.secrets)
        console.connection.base_prompt = NO_PROMPT
        try:
            screen = wake(console, self.factory.waiting, within_s)
            self.factory.enter(console, self.operator)
            entered = Entered(console, screen)
            try:
                yield entered
            finally:  # a serial line keeps whoever is logged in
                if not entered.restarting:
                    self.factory.leave(console)
        finally:
            console.close()


def wake(console: Session, waiting: str, within_s: float) -> str:
    """Press Enter until the console waits for something; return what it shows.

    Raises:
        DeviceError: GW402 when it stays silent.
    """
    ends_at = time.monotonic() + within_s
    while True:
        try:
            return press_enter(console, waiting, timeout_s=ANSWER_S)
        except DeviceError as error:
            if error.code != "GW402" or time.monotonic() > ends_at:
                raise DeviceError("GW402", console.device, error.value, SILENT) from None
        time.sleep(RETRY_S)
        late = str(console.connection.read_channel()).replace("\r", "")
        if shows(late, waiting):  # a unit that boots answers late; one more Enter may log in
            return late


def press_enter(console: Session, waiting: str, *, timeout_s: float = 30.0) -> str:
    """Return what the console shows after Enter, to the last character: its end says what it waits for.

    Raises:
        DeviceError: GW402 when it shows nothing that it may be waiting with.
    """
    try:
        console.connection.read_channel()  # what came late would end this answer before it began
        console.connection.write_channel("\n")
        screen = console.connection.read_until_pattern(pattern=waiting, read_timeout=timeout_s)
    except (NetmikoBaseException, OSError, EOFError) as error:
        raise DeviceError("GW402", console.device, type(error).__name__, SILENT) from None
    return str(screen).replace("\r", "")


def shows(screen: str, pattern: str) -> bool:
    """Return whether the end of a screen is what a pattern says."""
    return re.search(rf"(?:{pattern})\s*\Z", screen) is not None
