# ruff: noqa: ARG002 - methods of a protocol, whose arguments a box this small does not all need
"""A small platform and its box: all that the engine can meet, in a language that fits on a page.

Lines are ``set NAME VALUE`` and ``unset NAME``; ``allow`` says from where SSH is let in, ``refuse`` as a name is
refused, a value named ``psk`` is shown as a hash. ``timer N`` arms the undo, ``confirm`` ends it, ``back`` goes
back at once, ``save`` saves; ``Box.editor`` is a second admin who edits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from netmiko import BaseConnection, ConnectHandler

from gatekit.devices.change.meaning import Meaning, meaning_of
from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.errors import DeviceError
from gatekit.plan.network_device import Part
from gatekit.simulators import Clock, SimulatedDevice, Terminal
from gatekit.simulators.clock import Timer

CONTROLLER = IPv4Address("10.161.4.250")
PASSWORD = "box-password-6f1d"
PSK = "the-pre-shared-key-91ab"
PROMPT = r"box-k# "
STARTUP = {"allow": "10.161.4.0/24", "name": "box"}


class Box(SimulatedDevice):
    def __init__(self, speed: float = 600.0) -> None:
        super().__init__("box-k", Clock(speed), {"gwops": PASSWORD}, CONTROLLER)
        self.startup = dict(STARTUP)
        self.said: list[str] = []  # every line that any session sent
        self.reads = 0
        self.disk_full = False
        self.on_line: Callable[[str], None] = lambda _: None  # a test's own trouble, before a line is obeyed
        self.boot()

    def boot(self) -> None:
        self.running = dict(self.startup)
        self.before: dict[str, str] = {}
        self.timer: Timer | None = None
        self.editor: str | None = None

    def running_text(self) -> str:
        return text_of(self.running)

    def allows_login_from(self, address: IPv4Address) -> bool:
        return address in IPv4Network(self.running["allow"])

    async def serve(self, terminal: Terminal, user: str) -> None:
        while (line := await terminal.read_line("box-k# ")) != "exit":
            self.said.append(f"{user}: {line}")
            self.on_line(line)
            await terminal.write(self.obey(line))

    def obey(self, line: str) -> str:
        match line.split():
            case []:
                return ""
            case ["show", what]:
                return self.shown(what)
            case ["set" | "unset", "refuse", *_]:
                return f"% refused: {line}\n"
            case ["set", name, value]:
                return self.become({**self.running, name: value})
            case ["unset", name] if name in self.running:
                return self.become({key: value for key, value in self.running.items() if key != name})
            case [word, *rest] if word in {"timer", "confirm", "back", "save"}:
                return self.transact(word, rest)
        return f"% unknown: {line}\n"

    def shown(self, what: str) -> str:
        self.reads += 1
        texts = {"running": self.running_text, "startup": lambda: text_of(self.startup), "open": self.open_edit}
        return f"! read number {self.reads}\n{texts[what]()}"

    def transact(self, word: str, rest: list[str]) -> str:
        if word == "save" and self.disk_full:
            return "% no room\n"
        if word == "save":
            self.startup = dict(self.running)
            return "saved\n"
        if word == "timer":
            self.before = dict(self.running)
            self.timer = self.clock.call_after(float(rest[0]), self.go_back)
            return ""
        if self.timer is None:
            return "% nothing is pending\n"
        self.timer.cancel()
        if word == "back":
            self.go_back()
        self.timer = None
        return ""

    def become(self, running: dict[str, str]) -> str:
        self.running = running
        self.users = {"gwops": running.get("password", PASSWORD)}
        self.changed()
        return ""

    def go_back(self) -> None:
        self.timer = None
        self.become(dict(self.before))

    def open_edit(self) -> str:
        if self.editor is not None:
            return f"{self.editor} is editing\n"
        return "undo timer pending\n" if self.timer is not None else "nobody\n"


def text_of(state: dict[str, str]) -> str:
    shown = {name: hidden(value) if name == "psk" else value for name, value in sorted(state.items())}
    return "".join(f"set {name} {value}\n" for name, value in shown.items())


def hidden(value: str) -> str:
    return "$h$" + hashlib.sha256(value.encode()).hexdigest()[:12]


@dataclass
class BoxPlatform:
    """``wanted``: name -> value of what is ours, whatever the part says."""

    wanted: dict[str, str] = field(default_factory=dict)
    unwanted: tuple[str, ...] = ()
    interrupts: bool = False
    timed: bool = True
    name: str = "box"
    secret_rule: SecretRule = field(default_factory=SecretRule)
    refusals: Refusals = field(default_factory=lambda: Refusals(refused=(re.compile(r"^% "),)))

    @property
    def undo(self) -> UndoTimer | None:
        return UndoTimer(name="timer", unit_s=1, reboots=False, source="box") if self.timed else None

    def connect(self, login: Login) -> BaseConnection:
        return ConnectHandler(
            device_type="generic",
            host=login.host,
            port=login.port,
            username=login.user,
            password=login.password,
            ssh_strict=True,
            system_host_keys=False,
            alt_host_keys=True,
            alt_key_file=str(login.known_hosts),
            use_keys=False,
            allow_agent=False,
            conn_timeout=5,
            fast_cli=True,
        )

    def prepare(self, session: Session) -> None:
        pass

    def render(self, part: Part) -> str:
        return "".join(f"set {name} {value}\n" for name, value in self.wanted.items())

    def observe(self, session: Session, part: Part) -> Observed:
        running = read(session, "show running")
        opened = open_edit(session)
        return Observed(
            running=running,
            startup=read(session, "show startup"),
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=None if opened == "nobody" else opened,
            version="1",
            model="box",
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        found = dict(line.split(" ", 2)[1:] for line in observed.running.splitlines())
        forward, inverse = [], []
        for name, value in self.wanted.items():
            secret = re.fullmatch(r"<secret (\w+)>", value)
            same = name in found and secret.group(1) not in renewed_secrets if secret else found.get(name) == value
            if not same:
                forward.append(f"set {name} {value}")
                inverse.insert(0, f"set {name} {found[name]}" if name in found else f"unset {name}")
        for name in self.unwanted:
            if name in found:
                forward.append(f"unset {name}")
                inverse.insert(0, f"set {name} {found[name]}")
        return ChangeSet(
            forward=tuple(forward),
            inverse=tuple(inverse),
            touches=frozenset({Touch.ROUTES}) if forward else frozenset(),
            interrupts=self.interrupts,
            diff="".join(f"+{line}\n" for line in forward),
        )

    def meaning(self, configuration: str, part: Part) -> Meaning:
        return meaning_of(part)

    def transaction(self) -> BoxTransaction:
        return BoxTransaction(timed=self.timed)


def open_edit(session: Session) -> str:
    return session.ask("show open", expect=PROMPT).splitlines()[1].strip()


def read(session: Session, line: str) -> str:
    answer = session.ask(line, expect=PROMPT)
    rows = [row for row in answer.splitlines() if row.startswith("set ")]
    return "".join(re.sub(r"^set psk .*", "set psk <hidden>", row) + "\n" for row in rows)


@dataclass
class BoxTransaction:
    timed: bool

    def arm(self, session: Session, undo_after_s: int) -> None:
        opened = open_edit(session)
        if opened != "nobody":
            raise DeviceError("GW413", session.device, opened, "Wait.")
        if self.timed:
            session.tell(f"timer {undo_after_s}", expect=PROMPT)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        for line in change_set.forward:
            session.tell(line, expect=PROMPT, timeout_s=5)

    def activate(self, session: Session) -> None:
        pass

    def keep(self, session: Session) -> None:
        if self.timed:
            session.tell("confirm", expect=PROMPT)
        session.tell("save", expect=PROMPT)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        if self.timed and open_edit(session) != "nobody":
            session.tell("back", expect=PROMPT)
            return
        for line in change_set.inverse:
            with suppress(DeviceError):  # what was never set is refused; the engine proves the end by reading
                session.tell(line, expect=PROMPT)

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        return 5.0 if self.timed else 0.0  # of ours: the box's clock runs faster
