"""ALAXALA AX (OS-L3A) as the hospital's L3 switch; source: vendor reference 7.2.

No undo timer is known in any source: what is not kept leaves by the inverse on an open session, or by a restart,
since nothing is saved before the end (``gatekit.devices.change.switch_transaction``).
"""

from __future__ import annotations

import re

from gatekit.devices.alaxala_ax import reading
from gatekit.devices.alaxala_ax.transaction import QUESTION, AxTransaction
from gatekit.devices.change.platform import Refusals
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue, become_administrator
from gatekit.devices.change.switch_platform import SwitchPlatform, found_in
from gatekit.render import alaxala_ax as rendering

__all__ = ["PLATFORM", "AlaxalaAx"]

REFUSALS = Refusals(  # from general knowledge: a line with %, a marker under the wrong word; exact words unknown
    refused=(re.compile(r"^\s*%"), re.compile(r"^\s*\^\s*$"), re.compile(r"^(Error|error)\b")),
)
DIALOGUE = Dialogue(
    device_type="alaxala_ax36s",
    looking=r"!?{name}[#>]",  # a leading `!` means: not saved
    configuring=r"!?{name}\(config[^()\s]*\)#",
    enter="configure terminal",
    leave="end",
    leave_question=QUESTION,  # whether to leave without saving: `y` keeps the running change, `n` stays in the mode
    message=r"\d\d/\d\d \d\d:\d\d:\d\d E\d [^\n]*\n",
)


class AlaxalaAx(SwitchPlatform):
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "alaxala_ax"
    title = "ALAXALA AX"
    refusals = REFUSALS
    dialogue = DIALOGUE
    reading = reading
    rendering = rendering

    def prepare(self, session: Session) -> None:
        """Enter administrator mode, turn the pager and the console's event lines off for this session; GW404."""
        become_administrator(self.dialogue, session)
        for line in ("set terminal pager disable", "set logging console disable E9"):
            session.ask(line, expect=self.dialogue.looking_prompt(session))

    def release(self, session: Session) -> tuple[str, str]:
        """Return version and model of ``show version``."""
        shown = self.dialogue.shown(session, "show version")
        return found_in(shown, r"Ver\. (\S+)"), found_in(shown, r"Model: (\S+)")

    def transaction(self) -> AxTransaction:
        """Return a new transaction."""
        return AxTransaction(self)


PLATFORM = AlaxalaAx()
