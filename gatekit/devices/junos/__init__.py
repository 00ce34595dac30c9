"""Junos: Juniper SRX as the firewall, Juniper EX as the hospital's L3 switch."""

from __future__ import annotations

import re

from netmiko import BaseConnection

from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.junos import differences, observation, reading
from gatekit.devices.junos.connection import connect
from gatekit.devices.junos.exchange import ask
from gatekit.devices.junos.transaction import JunosTransaction
from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, FirewallPlan, Part
from gatekit.render.junos import firewall_config, route_lines

__all__ = ["PLATFORM", "Junos"]


class Junos:
    """The platform ``junos``."""

    name = "junos"
    undo: UndoTimer | None = UndoTimer("commit confirmed", unit_s=60, reboots=False, source="vendor-configs 1.3")
    refusals = Refusals(
        refused=(
            re.compile(r"^\s*syntax error"),
            re.compile(r"^\s*unknown command\."),
            re.compile(r"^\s*missing argument\."),
            re.compile(r"^\s*error: "),
            re.compile(r"' is ambiguous\."),
            re.compile(r"^\s*invalid .* value at '.*' not in range"),
        ),
        harmless=(re.compile(r"^\s*warning: "),),
    )
    secret_rule = SecretRule(longest=128, refused="?", beginning=("$9$", "$8$"))

    def connect(self, login: Login) -> BaseConnection:
        """Return an open session at a whole prompt."""
        return connect(login)

    def prepare(self, session: Session) -> None:
        """No pager, no folded lines, no completion of what is typed."""
        for line in ("set cli screen-length 0", "set cli screen-width 511", "set cli complete-on-space off"):
            ask(session, line)

    def render(self, part: Part) -> str:
        """Return set lines."""
        if isinstance(part, FirewallPlan):
            return firewall_config(part)
        if isinstance(part, CpePart):
            raise RenderError("GW301", f"{part.plan.name}.product", part.plan.product, "Choose a CPE product.")
        return route_lines(part)

    def observe(self, session: Session, part: Part) -> Observed:
        """Return the device as it is."""
        del part
        return observation.observe(session)

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what leads from there to the plan."""
        return differences.change_set(observed, part, self.render(part), renewed_secrets)

    def removal(self, observed: Observed, part: Part) -> ChangeSet:
        """Return what takes our route off an L3 switch."""
        return differences.removal(observed, part)

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what set lines mean."""
        return reading.meaning(configuration, part)

    def transaction(self) -> JunosTransaction:
        """Return a new transaction."""
        return JunosTransaction()


PLATFORM = Junos()
