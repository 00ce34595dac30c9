"""NEC UNIVERGE IX (software 8 to 10.x) as CPE: reads, compares, changes; source: vendor reference 4."""

from __future__ import annotations

import hashlib
import re

from netmiko import BaseConnection

from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.nec_ix import connection, differences, reading
from gatekit.devices.nec_ix.dialogue import enter_configuration, leave_configuration, shown
from gatekit.devices.nec_ix.text import settled
from gatekit.devices.nec_ix.transaction import IxTransaction
from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, Part
from gatekit.render.nec_ix import cpe_config

__all__ = ["PLATFORM", "NecIx"]

REFUSALS = Refusals(
    refused=(re.compile(r"^%"),),
    harmless=(  # vendor reference 0.6
        re.compile(r"^% User '.*' has been "),
        re.compile(r"^% You must restart the router for this configuration to take effect\."),
        re.compile(r"^% Warning:"),
        re.compile(r"^% Saving configuration\.\.\. done\."),
    ),
)


class NecIx:
    """See ``gatekit.devices.change.platform.Platform``. No undo timer is known in any source."""

    name = "nec_ix"
    undo: UndoTimer | None = None
    refusals = REFUSALS
    secret_rule = SecretRule(refused="?!")

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection in operating mode; GW401, GW402, GW416."""
        return connection.connect(login)

    def prepare(self, session: Session) -> None:
        """Do nothing: pager and width are set where configuration mode is entered, and it may be in use."""

    def render(self, part: Part) -> str:
        """Return the whole configuration of our part; GW302."""
        return cpe_config(_cpe(part))

    def observe(self, session: Session, part: Part) -> Observed:  # noqa: ARG002 - the whole configuration is read
        """Return the device as it is; GW413 when somebody configures, since only one session can read either."""
        enter_configuration(session)
        running, startup = (settled(shown(session, f"show {name}")) for name in ("running-config", "config"))
        version = shown(session, "show version")
        leave_configuration(session)
        return Observed(
            running=running,
            startup=startup,
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=None,
            version=_found(r"Version ([^\s,]+)", version),
            model=_found(r"IX Series (\S+)", version),
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what leads to what ``render`` says; see ``differences``."""
        return differences.change_set(observed, _cpe(part), self.render(part), renewed_secrets=renewed_secrets)

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what a configuration means; GW427."""
        return reading.meaning(configuration, _cpe(part))

    def transaction(self) -> IxTransaction:
        """Return a new transaction."""
        return IxTransaction()


def _cpe(part: Part) -> CpePart:
    if not isinstance(part, CpePart):
        fix = "Choose a product of this role; a UNIVERGE IX is a CPE here."
        raise RenderError("GW302", f"{part.name}.product", part.product, fix)
    return part


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "unknown"


PLATFORM = NecIx()
