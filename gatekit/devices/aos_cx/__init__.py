"""HPE Aruba AOS-CX as the hospital's L3 switch; source: vendor reference 7.6 and HPE's command reference."""

from __future__ import annotations

import re

from gatekit.devices.aos_cx import reading
from gatekit.devices.aos_cx.transaction import AosCxTransaction
from gatekit.devices.change.platform import Refusals, UndoTimer
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue
from gatekit.devices.change.switch_platform import SwitchPlatform, found_in
from gatekit.errors import DeviceError
from gatekit.render import aos_cx as rendering

__all__ = ["PLATFORM", "AosCx"]

REFUSALS = Refusals(refused=(re.compile(r"^\s*(?:Invalid input:|% ?[A-Z]|Error\b)"),))
DIALOGUE = Dialogue(
    device_type="aruba_aoscx",
    looking=r"{name}[#>]",
    configuring=r"{name}\(config[^()\s]*\)#",
    enter="configure terminal",  # in full: the box completes words at a blank
    leave="end",
    message=r"(?:WARNING|Restoration)\b[^\n]*\n",  # of the automatic checkpoint
    key="\r",
)
ARMED = re.compile(r"^.*auto checkpoint mode expires in.*$", re.IGNORECASE | re.MULTILINE)
_RIGHTS = "Give the account the group administrators."


class AosCx(SwitchPlatform):
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "aos_cx"
    title = "AOS-CX"
    undo = UndoTimer(name="checkpoint auto", unit_s=60, reboots=False, source="vendor reference 7.6")
    refusals = REFUSALS
    dialogue = DIALOGUE
    reading = reading
    rendering = rendering

    def prepare(self, session: Session) -> None:
        """Turn the pager off for this session; GW404 for an operator's account."""
        if not self.dialogue.prompt(session).endswith("#"):
            raise DeviceError("GW404", f"{session.device}.privilege", "an operator's prompt", _RIGHTS)
        session.ask("no page", expect=self.dialogue.looking_prompt(session))

    def release(self, session: Session) -> tuple[str, str]:
        """Return version and model of ``show system``."""
        shown = self.dialogue.shown(session, "show system")
        return found_in(shown, r"^A(?:ruba)?OS-CX Version\s+:\s+(\S+)"), found_in(shown, r"^Product Name\s+:\s+(\S+)")

    def open_edit(self, session: Session, *, is_saved: bool) -> str | None:  # noqa: ARG002 - this box names its timer
        """Return the line of ``show checkpoint`` about an armed timer."""
        found = ARMED.search(self.dialogue.shown(session, "show checkpoint"))
        return found[0].strip() if found else None

    def transaction(self) -> AosCxTransaction:
        """Return a new transaction."""
        return AosCxTransaction(self)


PLATFORM = AosCx()
