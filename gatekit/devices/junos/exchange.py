"""One question and its answer on a Junos session, in whichever mode it is."""

from __future__ import annotations

import re

from netmiko.exceptions import NetmikoBaseException

from gatekit.devices.change.messages import without
from gatekit.devices.change.session import LOST, Session
from gatekit.devices.junos.connection import PROMPT
from gatekit.errors import DeviceError

CTRL_C = "\x03"
SLOW_S = 180.0  # a commit on a branch SRX takes a minute and more
_CONTEXT = re.compile(
    r"^(\{[^}]*\})?(\[edit[^\]]*\])?$|^[\w.-]+(@[\w.:-]*)?[>#]\s*$|^# commit confirmed will be rolled back in .*$"
)
PENDING = re.compile(r"^\s*rollback pending\s*$")
BROADCAST = r"Broadcast Message from [^\n]*\n[^\n]*\n\s*\n[^\n]*\n"  # to every session, e.g. of a commit gone back
MESSAGES = rf"(?:\s*{BROADCAST})*\Z"
ENDS = PROMPT.removesuffix(r"\Z") + MESSAGES
ENTRY = re.compile(r"^\d+\s+\d{4}-\d\d-\d\d ")


def ask(session: Session, line: str, *, timeout_s: float = 60.0) -> str:
    """Return the answer without the lines that belong to the prompt."""
    return answer_of(session.ask(line, expect=ENDS, timeout_s=timeout_s))


def tell(session: Session, line: str, *, expect: str = ENDS, timeout_s: float = 60.0) -> str:
    """Send one line of a change; GW422 when it is refused, as ``Session.tell``."""
    return answer_of(session.tell(line, expect=expect, timeout_s=timeout_s))


def settled(session: Session) -> bool:
    """Break off whatever dialogue the session stands in; return whether it is in configuration mode.

    Raises:
        DeviceError: GW402 when there is no prompt any more.
    """
    try:
        session.connection.write_channel(CTRL_C)
        session.connection.clear_buffer()
        return str(session.connection.find_prompt()).rstrip().endswith("#")
    except (NetmikoBaseException, OSError, EOFError, ValueError) as err:
        raise DeviceError("GW402", session.device, type(err).__name__, LOST) from None


def answer_of(text: str) -> str:
    """Return a text without broadcasts, and without context lines, prompts and the reminder of a commit at its end."""
    lines = without(text, BROADCAST).splitlines()
    while lines and _CONTEXT.match(lines[-1].rstrip()):
        lines.pop()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def commits(text: str) -> list[tuple[str, bool]]:
    """Return ``show system commit`` as one row for each commit, newest first: what stands there, and whether pending.

    A pending commit is followed by a line ``rollback pending``; the words ``commit confirmed, rollback in ...`` stay
    in the history for ever and say nothing (vendor reference 1.3).
    """
    rows: list[tuple[str, bool]] = []
    for line in text.splitlines():
        if ENTRY.match(line):
            rows.append((line.strip(), False))
        elif rows and PENDING.match(line):
            rows[-1] = (rows[-1][0], True)
        elif rows and line.strip():
            rows[-1] = (f"{rows[-1][0]} {line.strip()}", rows[-1][1])
    return rows
