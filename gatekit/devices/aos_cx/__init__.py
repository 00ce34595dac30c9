"""HPE Aruba AOS-CX as the hospital's L3 switch; source: vendor reference 7.6 and HPE's command reference."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatekit.devices.aos_cx import reading
from gatekit.devices.aos_cx.transaction import AosCxTransaction
from gatekit.devices.change.platform import Refusals, UndoTimer
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue
from gatekit.devices.change.switch_platform import SwitchPlatform, found_in
from gatekit.devices.change.switch_route import LearntRoute, Routing, Spelling
from gatekit.errors import DeviceError
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.aos_cx import removal_lines, route_lines

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

    def prepare(self, session: Session) -> None:
        """Turn the pager off for this session; GW404 for an operator's account."""
        if not self.dialogue.prompt(session).endswith("#"):
            raise DeviceError("GW404", f"{session.device}.privilege", "an operator's prompt", _RIGHTS)
        session.ask("no page", expect=self.dialogue.looking_prompt(session))

    def spelling(self, plan: SwitchRoutePlan) -> Spelling:
        """Return our line and its removal."""
        return Spelling(route_lines(plan).strip(), removal_lines(plan).strip())

    def settled(self, shown: str) -> str:
        """Return a configuration comparable; see ``reading``."""
        return reading.settled(shown)

    def routing(self, configuration: str) -> Routing:
        """Return what a configuration says about ways; see ``reading``."""
        return reading.routing(configuration)

    def learnt(self, table: str) -> Iterable[LearntRoute]:
        """Yield what a routing protocol brought; see ``reading``."""
        return reading.learnt(table)

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
