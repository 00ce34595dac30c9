"""Yamaha RTX routers as CPE: how they are reached, read, changed and saved."""

from __future__ import annotations

from netmiko import BaseConnection

from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Transaction, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.yamaha_rtx import connection, differences, reading
from gatekit.devices.yamaha_rtx.observation import observe
from gatekit.devices.yamaha_rtx.refusals import REFUSALS
from gatekit.devices.yamaha_rtx.transaction import RtxTransaction
from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, Part
from gatekit.render.yamaha_rtx.cpe import cpe_config

__all__ = ["PLATFORM"]


class YamahaRtxPlatform:
    """See ``Platform`` in devices/change/platform.py."""

    name = "yamaha_rtx"
    undo: UndoTimer | None = UndoTimer(
        name="schedule at 9 +SECONDS * restart", unit_s=1, reboots=True, source="vendor-configs 5.3"
    )
    refusals = REFUSALS
    secret_rule = SecretRule(refused="?#*")

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection at user level."""
        return connection.connect(login)

    def prepare(self, session: Session) -> None:
        """Become administrator; pager, fold and language are served as they are."""
        connection.prepare(session)

    def render(self, part: Part) -> str:
        """Return the CPE's whole configuration."""
        return cpe_config(_cpe(part))

    def observe(self, session: Session, part: Part) -> Observed:
        """Return the router as it is."""
        _cpe(part)
        return observe(session)

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what leads to the plan, and back."""
        return differences.change_set(observed, _cpe(part), self.render(part), renewed_secrets)

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what a configuration text means."""
        return reading.meaning(configuration, _cpe(part))

    def transaction(self) -> Transaction:
        """Return a new transaction."""
        return RtxTransaction()


def _cpe(part: Part) -> CpePart:
    if not isinstance(part, CpePart):
        fix = "An RTX is a CPE of patterns 1 to 3; choose another product for this device."
        raise RenderError("GW302", part.name, part.product, fix)
    return part


PLATFORM = YamahaRtxPlatform()
