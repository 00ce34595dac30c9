"""Modes of an IX and the way between them (vendor reference 4.2): politely, since only one session may configure."""

from __future__ import annotations

import re

from netmiko.exceptions import NetmikoBaseException

from gatekit.devices.change.session import LOST, Session
from gatekit.errors import DeviceError

EXEC_PROMPT = r"(?:^|\n)[^\s()#%]+[#%] $"  # a monitor's ends with a percent sign
CONFIGURATION_PROMPT = r"(?:^|\n)[^\s()]+\(config[^()\s]*\)# $"
ANY_PROMPT = rf"{EXEC_PROMPT}|{CONFIGURATION_PROMPT}"
OCCUPIED = "% CONFIG process is occupied."
ENTERED = "Enter configuration commands"
WIDTH = 512  # the most the box knows; its sessions begin with 80 and fold the echo of longer lines
READ_LIMIT_S = 60.0
_WAIT = "Wait until the other configuration session is closed, then run again; gatekit throws nobody out."
_MONITOR = "Log in with an account whose privilege is administrator."


def enter_configuration(session: Session, *, throw_out_our_own: bool = False) -> None:
    """Enter configuration mode and make the screen wide and endless, which the box allows only there.

    ``throw_out_our_own``: a dead session of ours holds the mode; only then another session is interrupted.

    Raises:
        DeviceError: GW413 when somebody else configures, GW404 when the account may not.
    """
    if not in_configuration(session):
        answer = session.ask("enable-config", expect=ANY_PROMPT)
        if OCCUPIED in answer and throw_out_our_own:
            answer = session.ask("svintr-config", expect=ANY_PROMPT)
        if OCCUPIED in answer:
            raise DeviceError("GW413", f"{session.device}.configuration", OCCUPIED, _WAIT)
        if ENTERED not in answer:
            raise DeviceError("GW404", f"{session.device}.configuration", answer.strip(), _MONITOR)
    for line in ("configure", f"terminal width {WIDTH}", "terminal length 0"):  # the first leads out of a section
        session.ask(line, expect=CONFIGURATION_PROMPT)


def leave_configuration(session: Session) -> None:
    """Leave configuration mode, so that others may enter it."""
    if in_configuration(session):
        session.ask("configure", expect=CONFIGURATION_PROMPT)
        session.ask("exit", expect=EXEC_PROMPT)


def in_configuration(session: Session) -> bool:
    """Return whether the prompt is that of configuration mode, at any depth.

    Raises:
        DeviceError: GW402 when the session is dead.
    """
    try:
        return "(config" in session.connection.find_prompt(pattern=ANY_PROMPT)
    except (NetmikoBaseException, OSError, EOFError, ValueError) as err:
        raise DeviceError("GW402", session.device, type(err).__name__, LOST) from None


def shown(session: Session, command: str) -> str:
    """Return what a show command prints in configuration mode, without echo and prompt.

    Both are taken off here too: netmiko knows the prompt of login only, and our change may rename the box.
    """
    answer = session.ask(command, expect=CONFIGURATION_PROMPT, timeout_s=READ_LIMIT_S)
    return re.sub(CONFIGURATION_PROMPT, "\n", answer.rpartition(f"{command}\n")[2])
