"""H3C Comware 7, and NEC QX, which is Comware relabelled, as the hospital's L3 switch; vendor reference 7.3."""

from __future__ import annotations

import re

from gatekit.devices.change.platform import Refusals, UndoTimer
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue
from gatekit.devices.change.switch_platform import SwitchPlatform, found_in
from gatekit.devices.comware import reading
from gatekit.devices.comware.transaction import ComwareTransaction
from gatekit.render import comware as rendering

__all__ = ["PLATFORM", "Comware"]

REFUSALS = Refusals(refused=(re.compile(r"^\s*(?:% ?\w.* found at '\^' position\.|(?:Error|Failed)\b)"),))
DIALOGUE = Dialogue(
    device_type="hp_comware",
    looking=r"(?:RBM_\w)?<{name}>",  # RBM_P: member of a redundant pair
    configuring=r"(?:RBM_\w)?\[{name}[^\[\]\s]*\]",
    enter="system-view",
    leave="return",
    welcome=r"to continue[^\n]*$",
    message=r"%[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d[^\n]*\n",  # a log line
)


class Comware(SwitchPlatform):
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "comware"
    title = "H3C Comware"
    undo = UndoTimer(name="configuration commit delay", unit_s=60, reboots=False, source="vendor reference 7.3")
    refusals = REFUSALS
    dialogue = DIALOGUE
    reading = reading
    rendering = rendering
    negation = "undo "
    show_running = "display current-configuration"
    show_startup = "display saved-configuration"
    show_routes = "display ip routing-table"

    def prepare(self, session: Session) -> None:
        """Turn the pager off for this session."""
        session.ask("screen-length disable", expect=self.dialogue.looking_prompt(session))

    def release(self, session: Session) -> tuple[str, str]:
        """Return version and model of ``display version``."""
        shown = self.dialogue.shown(session, "display version")
        return found_in(shown, r"Version ([\d.]+)"), found_in(shown, r"^(?:H3C|HPE?|NEC) (\S+) uptime")

    def open_edit(self, session: Session, *, is_saved: bool) -> str | None:  # noqa: ARG002 - no command lists its timer
        """Return what is unsaved as an edit: a timer that nothing shows may take it back yet, ours of a run that died.

        So the engine waits for that one, instead of asking for a restart at once.
        """
        return None if is_saved else "unsaved changes"

    def transaction(self) -> ComwareTransaction:
        """Return a new transaction."""
        return ComwareTransaction(self)


PLATFORM = Comware()
