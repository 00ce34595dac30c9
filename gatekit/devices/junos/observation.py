"""A Junos device as it is: configuration without secrets, release, and whether somebody is editing."""

from __future__ import annotations

import hashlib
import re

from gatekit.devices.change.model import Observed
from gatekit.devices.change.session import Session
from gatekit.devices.junos.exchange import MESSAGES, ask, commits
from gatekit.devices.junos.text import without_secrets
from gatekit.errors import DeviceError

_MODEL = re.compile(r"^Model: (\S+)", re.MULTILINE)
_RELEASE = re.compile(r"^Junos: (\S+)", re.MULTILINE)
LEAVE_QUESTION = r"\(yes\) \Z"


def observe(session: Session) -> Observed:
    """Return the device's state; the shared candidate is looked at and left as it was.

    Raises:
        DeviceError: GW402 as ``Session.ask``; GW410 for an answer that is no configuration.
    """
    about = ask(session, "show version | no-more")
    running = without_secrets(ask(session, "show configuration | display set | no-more", timeout_s=120.0))
    if any(not line.startswith(("set ", "deactivate ", "protect ")) for line in running.splitlines()):
        fix = "Log in as the operator and look at `show configuration | display set`."
        strange = next(
            line for line in running.splitlines() if not line.startswith(("set ", "deactivate ", "protect "))
        )
        raise DeviceError("GW410", f"{session.device}.configuration", strange, fix)
    return Observed(
        running=running,
        startup=None,  # a commit is the save
        fingerprint=hashlib.sha256(running.encode()).hexdigest(),
        open_edit=open_edit(session),
        version=_first(_RELEASE, about),
        model=_first(_MODEL, about),
    )


def open_edit(session: Session) -> str | None:
    """Return who has a commit pending, a lock, or changes in the shared candidate; None when nobody."""
    history = commits(ask(session, "show system commit | no-more"))
    if history and history[0][1]:
        return f"commit not yet confirmed: {history[0][0]}"
    entered = ask(session, "configure")
    if "Entering configuration mode" not in entered:
        return " ".join(entered.split())
    uncommitted = ask(session, "show | compare | no-more").strip()
    leave(session)
    if re.search(r"^\s+exclusive", entered, re.MULTILINE):
        return " ".join(entered.split())
    return " ".join(entered.split()) if uncommitted else None


def leave(session: Session) -> None:
    """Leave configuration mode; what others have in the shared candidate stays there.

    The box then asks ``Exit with uncommitted changes? [yes,no] (yes)``: leaving is what we want, so yes. Our own
    edits are never left so: they are rolled back before.
    """
    said = session.ask("exit configuration-mode", expect=rf"{LEAVE_QUESTION}|[>] {MESSAGES}")
    if "Exit with uncommitted changes" in said:
        ask(session, "yes")


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
