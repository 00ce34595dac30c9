"""One change on IOS: ``configure terminal revert timer``, ``configure confirm``, ``write memory`` (reference 6.3).

The timer needs an archive. Where the box has none (factory-fresh, or the hospital's switch) one is set up in the
running configuration alone, under a path of our own, before the timer starts; it is gone when the change has
ended either way, and a power cut removes it too, as nothing is saved before the end.
"""

from __future__ import annotations

import math
import re

from gatekit.devices.change.messages import behind, without
from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.devices.cisco_ios.text import UNDO_PATH, sections, stable
from gatekit.errors import DeviceError

NOTHING_PENDING = "No Rollback Confirmed Change pending"
SHORTEST_MIN, LONGEST_MIN = 2, 120  # a timer of 1 minute writes its warning into the answer of its own command
ROLLBACK_S = 120.0  # the box compares and replaces line by line
_MESSAGE = (  # a log line, and what the timer says to the session that started it
    r"(?:[*.]?(?:[A-Z][a-z]{2} +\d+ )?[\d:.]+(?: [A-Z]+)?: %[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:[^\n]*|Rollback Done"
    r'|Rollback Confirmed Change: [^\n]*|Enter "configure confirm"[^\n]*|Total number of passes: \d+)[\r\n]+'
)
_EXEC = behind(r"(?:^|[\r\n])[\w.\-]+[#>]", _MESSAGE)
_CONFIRM = r"\[confirm\]\s?$"
_QUESTION = re.compile(r"(\[confirm\]|\[no\]:|\(y/n\)\??:?)\s*$")
OTHER_EDIT = "Let the other administrator finish (confirm, revert or save) and run again."
NO_TIMER = "This release has no Rollback Confirmed Change; have the lines entered by hand (request sheet)."
LOCKED = re.compile(r"onfiguration mode (is )?locked")


def prompt_of(session: Session) -> str:
    """Return what ends an answer: the box's own name at the last line's beginning, before messages too."""
    name = re.escape(session.connection.base_prompt or "")
    return behind(rf"(?:^|[\r\n]){name}[\w.\-]*(?:\([\w\-]+\))?[#>]", _MESSAGE)


def ask(session: Session, line: str, timeout_s: float = 60.0) -> str:
    """Return the answer to a command of the privileged mode, without what the box says of its own accord."""
    answer = session.ask(line, expect=prompt_of(session), timeout_s=timeout_s)
    return without(re.sub(prompt_of(session), "\n", answer), _MESSAGE)


class IosTransaction:
    """See ``gatekit.devices.change.platform.Transaction``."""

    def __init__(self) -> None:
        self._before: str | None = None
        self._saved = False

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Start the timer; what runs is what was saved, and nobody else's timer is under way."""
        answer = ask(session, "show archive config rollback timer")
        if "Invalid input" in answer:
            raise DeviceError("GW423", f"{session.device}.rollback_timer", answer.strip(), NO_TIMER)
        pending = waiting(answer)
        if pending is not None:
            raise DeviceError("GW413", f"{session.device}.rollback_timer", pending, OTHER_EDIT)
        running = ask(session, "show running-config")
        startup = stable(ask(session, "show startup-config"))
        self._before = stable(running)
        self._saved = is_saved(startup)
        if self._saved and startup != self._before:
            raise DeviceError("GW413", f"{session.device}.startup", "unsaved changes", OTHER_EDIT)
        if not _has_archive(running):
            for line in ("configure terminal", "archive", f"path {UNDO_PATH}", "end"):
                self._tell(session, line)
        self._tell(session, f"configure terminal revert timer {minutes(undo_after_s)}")

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines; each is in force at once."""
        for line in change_set.forward:
            self._tell(session, line)

    def activate(self, session: Session) -> None:
        """Leave the configuration mode; the timer runs on."""
        self._tell(session, "end")

    def keep(self, session: Session) -> None:
        """Stop the timer and save; startup is compared with running afterwards."""
        self._tell(session, "configure confirm")
        self._take_archive_away(session)
        self._tell(session, "write memory", timeout_s=120.0)
        running, startup = ask(session, "show running-config"), ask(session, "show startup-config")
        if stable(running) != stable(startup):
            fix = "Look at the device's NVRAM; the change is in force and not saved."
            raise DeviceError("GW410", f"{session.device}.startup", "startup is not what runs", fix)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Go back now; without a timer (it has fired, or never started) to what was saved, else by the inverse.

        The saved configuration is the one of before: ``arm`` has looked. It also holds the secrets that the
        inverse does not know.
        """
        self._leave_configuration_mode(session)
        if waiting(ask(session, "show archive config rollback timer")) is not None:
            session.tell("configure revert now", expect=_EXEC, timeout_s=ROLLBACK_S)
            session.connection.set_base_prompt()  # the name may have gone back too
        elif self._before is not None and stable(ask(session, "show running-config")) != self._before:
            if self._saved:
                session.tell("configure replace nvram:startup-config force", expect=_EXEC, timeout_s=ROLLBACK_S)
                session.connection.set_base_prompt()
            else:
                for line in ("configure terminal", *change_set.inverse, "end"):
                    self._tell(session, line)
        self._take_archive_away(session)
        left = stable(ask(session, "show running-config"))
        if self._before is not None and left != self._before:
            fix = "Compare running and startup configuration, or restart the device: startup is as it was."
            raise DeviceError("GW410", f"{session.device}.running", "the device did not go back to what it was", fix)

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return the timer in whole minutes, and the time the box takes to go back."""
        return minutes(undo_after_s) * 60 + ROLLBACK_S

    def _tell(self, session: Session, line: str, timeout_s: float = 60.0) -> None:
        """Send one line, answer what it asks back, and follow the prompt when the line renames the box."""
        named = re.fullmatch(r"hostname (\S+)", line)
        if named:
            session.connection.base_prompt = named.group(1)[:16]
        elif line.startswith("no hostname"):
            session.connection.base_prompt = ""
        expect = f"{prompt_of(session)}|{_CONFIRM}|\\[no\\]:\\s?$"
        answer = session.tell(line, expect=expect, timeout_s=timeout_s)
        if LOCKED.search(answer):
            raise DeviceError("GW413", f"{session.device}.configuration", answer.strip(), OTHER_EDIT)
        question = _QUESTION.search(answer)
        if question:
            session.tell("yes" if "no" in question.group(1) else "", expect=prompt_of(session), timeout_s=timeout_s)

    def _leave_configuration_mode(self, session: Session) -> None:
        if session.connection.find_prompt().rstrip().endswith(")#"):
            session.ask("end", expect=_EXEC)
            session.connection.set_base_prompt()

    def _take_archive_away(self, session: Session) -> None:
        """Remove the archive that only our timer needed; one that the plan wants has another path."""
        if f"path {UNDO_PATH}" in ask(session, "show running-config"):
            for line in ("configure terminal", "archive", f"no path {UNDO_PATH}", "end"):
                self._tell(session, line)


def waiting(answer: str) -> str | None:
    """Return the change that waits for its confirmation, as ``show archive config rollback timer`` says, or None."""
    nothing = NOTHING_PENDING in answer or "Invalid input" in answer
    return None if nothing else answer.strip()


def minutes(undo_after_s: int) -> int:
    """Return the timer's length as the box counts it."""
    return min(LONGEST_MIN, max(SHORTEST_MIN, math.ceil(undo_after_s / 60)))


def is_saved(startup: str) -> bool:
    """Return whether there is a startup configuration at all."""
    return bool(startup.strip()) and "startup-config is not present" not in startup


def _has_archive(running: str) -> bool:
    return any(
        part.header == "archive" and any(line.startswith(" path ") for line in part.lines) for part in sections(running)
    )
