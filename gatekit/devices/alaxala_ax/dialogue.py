"""Modes of an AX and the way between them (vendor reference 7.2). A leading ``!`` means: not saved."""

from __future__ import annotations

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException

from gatekit.devices.change.access import LOGIN_PASSWORD
from gatekit.devices.change.platform import Login
from gatekit.devices.change.session import LOST, Session
from gatekit.errors import DeviceError

EXEC_PROMPT = r"(?:^|\n)!?[^\s()#>!]*[#>] $"
CONFIGURATION_PROMPT = r"(?:^|\n)!?[^\s()#>!]*\(config[^()\s]*\)# $"
ANY_PROMPT = rf"{EXEC_PROMPT}|{CONFIGURATION_PROMPT}"
QUESTION = r"\(y/n\): ?$"
PASSWORD = r"[Pp]assword: ?$"  # noqa: S105 - a question, not an answer
READ_LIMIT_S = 60.0
_RIGHTS = "Give the account the right to `enable` with its own password, or none."


class AxConnection(BaseConnection):
    """A session as it is after login; netmiko's own drivers cut the first letter off every name."""

    def session_preparation(self) -> None:
        """Read up to the prompt; type nothing."""
        banner = self._test_channel_read(pattern=EXEC_PROMPT)
        self.base_prompt = banner.splitlines()[-1].strip().lstrip("!").rstrip("#>")


def connect(login: Login) -> BaseConnection:
    """Return an open connection with strict host keys; netmiko's errors pass."""
    return AxConnection(
        device_type="alaxala_ax36s",
        host=login.host,
        port=login.port,
        username=login.user,
        password=login.password,
        use_keys=login.identity_file is not None,
        key_file=str(login.identity_file) if login.identity_file else None,
        ssh_strict=True,
        system_host_keys=False,
        alt_host_keys=True,
        alt_key_file=str(login.known_hosts),
        allow_agent=False,
    )


def prepare(session: Session) -> None:
    """Enter administrator mode, turn the pager and the console's event lines off for this session.

    Raises:
        DeviceError: GW404 when the account may not.
    """
    if prompt(session).endswith(">"):
        answer = session.ask("enable", expect=rf"{PASSWORD}|{ANY_PROMPT}")
        if "assword" in answer:
            session.tell(f"<secret {LOGIN_PASSWORD}>", expect=rf"{PASSWORD}|{ANY_PROMPT}")
        if not prompt(session).endswith("#"):
            raise DeviceError("GW404", f"{session.device}.enable", "not in administrator mode", _RIGHTS)
    for line in ("set terminal pager disable", "set logging console disable E9"):
        session.ask(line, expect=EXEC_PROMPT)


def prompt(session: Session) -> str:
    """Return the prompt; GW402 when the session is dead."""
    try:
        return str(session.connection.find_prompt(pattern=ANY_PROMPT))
    except (NetmikoBaseException, OSError, EOFError, ValueError) as err:
        raise DeviceError("GW402", session.device, type(err).__name__, LOST) from None


def enter_configuration(session: Session) -> None:
    """Enter configuration mode, where it is not entered yet."""
    if "(config" not in prompt(session):
        session.tell("configure terminal", expect=ANY_PROMPT)


def leave_configuration(session: Session) -> None:
    """Leave configuration mode; what is running stays, saved or not.

    The box asks whether to leave without saving: ``y`` keeps the running change, ``n`` would stay in the mode.
    """
    if "(config" not in prompt(session):
        return
    answer = session.ask("end", expect=rf"{QUESTION}|{EXEC_PROMPT}")
    if "(y/n)" in answer:
        session.ask("y", expect=EXEC_PROMPT)


def shown(session: Session, command: str) -> str:
    """Return what a show command prints in administrator mode, without what an event put before its echo."""
    answer = session.ask(command, expect=EXEC_PROMPT, timeout_s=READ_LIMIT_S)
    return answer.rpartition(f"{command}\n")[2]
