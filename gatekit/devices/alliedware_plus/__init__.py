"""Allied Telesis AlliedWare Plus as the hospital's L3 switch; source: vendor reference 7.4.

No undo timer is known in any source: what is not kept leaves by the inverse on an open session, or by a restart,
since nothing is saved before the end (``gatekit.devices.change.switch_transaction``).
"""

from __future__ import annotations

import re

from gatekit.devices.alliedware_plus import reading
from gatekit.devices.change.platform import Refusals
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue, become_administrator
from gatekit.devices.change.switch_platform import SwitchPlatform, found_in
from gatekit.render import alliedware_plus as rendering

__all__ = ["PLATFORM", "AlliedWarePlus"]

REFUSALS = Refusals(refused=(re.compile(r"^\s*% ?[A-Z]"), re.compile(r"^\s*\^\s*$")))  # general knowledge: IOS-like
DIALOGUE = Dialogue(
    device_type="allied_telesis_awplus",
    looking=r"{name}[#>]",
    configuring=r"{name}\(config[^()\s]*\)#",
    enter="configure terminal",
    leave="end",
)


class AlliedWarePlus(SwitchPlatform):
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "alliedware_plus"
    title = "AlliedWare Plus"
    refusals = REFUSALS
    dialogue = DIALOGUE
    reading = reading
    rendering = rendering

    def prepare(self, session: Session) -> None:
        """Enter the privileged mode and turn the pager off for this session; GW404 when the account may not."""
        become_administrator(self.dialogue, session)
        session.ask("terminal length 0", expect=self.dialogue.looking_prompt(session))

    def release(self, session: Session) -> tuple[str, str]:
        """Return version and model of ``show system``."""
        shown = self.dialogue.shown(session, "show system")
        model = found_in(shown, r"^\s*Base\s+\d+\s+(?:Base\s+)?(\S+)")
        return found_in(shown, r"^\s*Software version\s*:\s*(\S+)"), model


PLATFORM = AlliedWarePlus()
