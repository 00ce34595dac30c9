"""ALAXALA AX (OS-L3A) as the hospital's L3 switch; source: vendor reference 7.2."""

from __future__ import annotations

import hashlib
import re

from netmiko import BaseConnection

from gatekit.devices.alaxala_ax import dialogue, switch_route
from gatekit.devices.alaxala_ax.text import settled
from gatekit.devices.alaxala_ax.transaction import AxTransaction
from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, CpePart, Observed, Part
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.session import Session
from gatekit.errors import RenderError
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.alaxala_ax import route_lines

__all__ = ["PLATFORM", "AlaxalaAx"]

REFUSALS = Refusals(  # from general knowledge: a line with %, a marker under the wrong word; exact words unknown
    refused=(re.compile(r"^\s*%"), re.compile(r"^\s*\^\s*$"), re.compile(r"^(Error|error)\b")),
)


class AlaxalaAx:
    """See ``gatekit.devices.change.platform.Platform``. No undo timer is known in any source."""

    name = "alaxala_ax"
    undo: UndoTimer | None = None
    refusals = REFUSALS

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection; nothing is typed."""
        return dialogue.connect(login)

    def prepare(self, session: Session) -> None:
        """Enter administrator mode, pager and event lines off; GW404."""
        dialogue.prepare(session)

    def render(self, part: Part) -> str:
        """Return our one line."""
        return route_lines(_switch(part))

    def observe(self, session: Session, part: Part) -> Observed:  # noqa: ARG002 - the whole configuration is read
        """Return the switch as it is."""
        running, startup = (
            settled(dialogue.shown(session, f"show {name}")) for name in ("running-config", "startup-config")
        )
        version = dialogue.shown(session, "show version")
        return Observed(
            running=running,
            startup=startup,
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=None,
            version=_found(r"Ver\. (\S+)", version),
            model=_found(r"Model: (\S+)", version),
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:  # noqa: ARG002 - no secret of ours is on it
        """Return what puts our line there; GW421, GW425 where it would be wrong."""
        return switch_route.change_set(observed, _switch(part))

    def removal(self, observed: Observed, part: Part) -> ChangeSet:
        """Return what takes our line away again."""
        return switch_route.removal(observed, _switch(part))

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return where our network leads; GW427."""
        return switch_route.meaning(configuration, _switch(part))

    def transaction(self) -> AxTransaction:
        """Return a new transaction."""
        return AxTransaction()


def _switch(part: Part) -> SwitchRoutePlan:
    if isinstance(part, SwitchRoutePlan):
        return part
    plan = part.plan if isinstance(part, CpePart) else part
    fix = "Choose a product of this role; an ALAXALA AX is an L3 switch here."
    raise RenderError("GW302", f"{plan.name}.product", plan.product, fix)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "unknown"


PLATFORM = AlaxalaAx()
