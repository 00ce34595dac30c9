"""Modes of an L3 switch and the way between them, for boxes that have two: looking and configuring."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException

from gatekit.devices.change.access import LOGIN_PASSWORD, strict_login
from gatekit.devices.change.messages import behind, without
from gatekit.devices.change.platform import Login
from gatekit.devices.change.session import LOST, Session
from gatekit.errors import DeviceError

READ_LIMIT_S = 60.0
NOISE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\b\x00]")
"""What a terminal leaves between the letters: netmiko takes it away, but not where the network cut it in two."""
_BEGINNING = r"(?:^|[\r\n]|\x1b\[[0-9;?]*[A-Za-z])"
_PASSWORD = r"[Pp]assword: ?$"  # noqa: S105 - a question, not an answer
_ENABLE = "Give the account the highest privilege, and the right to `enable` with its own password, or with none."
_RIGHTS = "Give the account the right to configure the switch."


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How one product is talked to. ``looking`` and ``configuring`` are its prompts with {name} for its own name.

    ``enter`` and ``leave`` lead from one mode to the other; ``leave_question`` is what the box may ask then, and wants
    a ``y`` for. ``welcome``: a question at login that wants Enter.
    ``message``: what the box writes of its own accord (``change.messages``). ``key``: what Enter sends.
    """

    device_type: str
    looking: str
    configuring: str
    enter: str
    leave: str
    name_form: str = r"[^\s()#<>\[\]!]+"
    leave_question: str = ""
    welcome: str = ""
    message: str = r"(?!)"
    key: str = "\n"

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection with strict host keys; nothing but Enter is typed. netmiko's errors pass."""
        return _SwitchConnection(self, device_type=self.device_type, **strict_login(login), default_enter=self.key)

    def looking_prompt(self, session: Session | None = None) -> str:
        """Return the form of the prompt of the mode for looking; of any box while no session says which."""
        return self._at_the_end(self.looking, session)

    def configuring_prompt(self, session: Session) -> str:
        """Return the form of the prompt of configuration mode, at any depth."""
        return self._at_the_end(self.configuring, session)

    def any_prompt(self, session: Session) -> str:
        """Return the form of both."""
        return f"{self.looking_prompt(session)}|{self.configuring_prompt(session)}"

    def prompt(self, session: Session) -> str:
        """Return the prompt, as it is without noise; GW402 when the session is dead."""
        connection = session.connection
        try:
            connection.clear_buffer()
            connection.write_channel(connection.RETURN)
            seen = NOISE.sub("", connection.read_until_pattern(pattern=self.any_prompt(session)))
        except (NetmikoBaseException, OSError, EOFError, ValueError) as err:
            raise DeviceError("GW402", session.device, type(err).__name__, LOST) from None
        return without(seen, self.message).rpartition("\n")[2].strip()

    def is_configuring(self, session: Session) -> bool:
        """Return whether the session stands in configuration mode; GW402."""
        return re.fullmatch(self.configuring_prompt(session), self.prompt(session)) is not None

    def start_configuring(self, session: Session) -> None:
        """Enter configuration mode, where it is not entered yet; GW404 when the account may not."""
        if self.is_configuring(session):
            return
        answer = session.ask(self.enter, expect=self.any_prompt(session))
        if not self.is_configuring(session):
            raise DeviceError("GW404", f"{session.device}.configuration", answer.strip(), _RIGHTS)

    def stop_configuring(self, session: Session) -> None:
        """Leave configuration mode from any depth."""
        if self.is_configuring(session):
            ends = self.looking_prompt(session)
            asks = self.leave_question
            answer = session.tell(self.leave, expect=rf"{asks}|{ends}" if asks else ends)
            if asks and re.search(asks, answer):
                session.tell("y", expect=ends)

    def configure(self, session: Session, line: str) -> str:
        """Return the answer to one line of configuration mode; GW422 when it is refused."""
        return session.tell(line.strip(), expect=self.configuring_prompt(session))

    def shown(self, session: Session, command: str) -> str:
        """Return what a command for looking prints, without noise and without what came before its echo."""
        answer = session.ask(command, expect=self.looking_prompt(session), timeout_s=READ_LIMIT_S)
        printed = re.sub(self.looking_prompt(session), "\n", NOISE.sub("", answer))
        return without(printed, self.message).rpartition(f"{command}\n")[2]

    def name_in(self, greeting: str) -> str:
        """Return the box's name out of what it says at login, up to the prompt."""
        last = without(NOISE.sub("", greeting), self.message).strip().rpartition("\n")[2]
        return str(re.findall(self.name_form, last)[-1])

    def _at_the_end(self, prompt: str, session: Session | None) -> str:
        return behind(f"{_BEGINNING}{prompt.format(name=self._name(session))}", self.message)

    def _name(self, session: Session | None) -> str:
        return self.name_form if session is None else re.escape(session.connection.base_prompt)


def become_administrator(dialogue: Dialogue, session: Session) -> None:
    """Lead from the mode that a prompt ends with ``>`` to the one with ``#``, where ``enable`` does that.

    Raises:
        DeviceError: GW404 when the account may not, by its own password or by none.
    """
    if not dialogue.prompt(session).endswith(">"):
        return
    ends = rf"{_PASSWORD}|{dialogue.looking_prompt(session)}"
    try:
        if "assword" in session.ask("enable", expect=ends):
            session.tell(f"<secret {LOGIN_PASSWORD}>", expect=ends)
    except DeviceError as error:
        if error.code != "GW422":
            raise
    if not dialogue.prompt(session).endswith("#"):
        raise DeviceError("GW404", f"{session.device}.enable", "not in privileged mode", _ENABLE)


class _SwitchConnection(BaseConnection):
    """A session as it is after login; netmiko's own drivers type commands of theirs."""

    def __init__(self, dialogue: Dialogue, **arguments: object) -> None:
        self._dialogue = dialogue
        super().__init__(**arguments)  # type: ignore[arg-type]  # netmiko names forty of them

    def session_preparation(self) -> None:
        """Read up to the prompt, past a question that only wants Enter."""
        self.ansi_escape_codes = True
        ends = self._dialogue.looking_prompt()
        welcome = self._dialogue.welcome
        seen = self._test_channel_read(pattern=f"{ends}|{welcome}" if welcome else ends)
        if welcome and not re.search(ends, seen):
            self.write_channel(self.RETURN)
            seen = self._test_channel_read(pattern=ends)
        self.base_prompt = self._dialogue.name_in(seen)
