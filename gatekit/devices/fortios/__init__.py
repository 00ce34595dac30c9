"""FortiOS 7.x (FortiGate) as firewall: reads, compares, changes; source: vendor reference 2."""

from __future__ import annotations

import hashlib
import re

from netmiko import BaseConnection

from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.fortios import dialogue
from gatekit.devices.fortios.differences import firewall_change_set
from gatekit.devices.fortios.known import TABLES
from gatekit.devices.fortios.reading import meaning_of_text
from gatekit.devices.fortios.transaction import FortiTransaction
from gatekit.errors import DeviceError, RenderError
from gatekit.plan.network_device import CpePart, FirewallPlan, Part
from gatekit.render.fortios import firewall_config

__all__ = ["PLATFORM", "Fortios"]

REFUSALS = Refusals(  # vendor reference 0.6 and 2.5; a line of a configuration begins with none of these
    refused=(
        re.compile(r"^(?:command|value) parse error before '"),
        re.compile(r"^node_check_object fail! for "),
        re.compile(r"^entry not found in datasource"),
        re.compile(r"^The entry is used by other "),
        re.compile(r"^Unknown action "),
        re.compile(r"Unmatched double quote"),
        re.compile(r"^object (?:set|check) operator error"),
        re.compile(r"^Command fail\. Return code "),
    ),
)
_OPEN = "cfg-save {mode}, cfg-revert-timeout {timeout_s} (a restart that does not end it: set cfg-save automatic)"
_VIRTUAL_DOMAINS = "Turn virtual domains off (`set vdom-mode no-vdom` in `config system global`), or use another box."


class Fortios:
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "fortios"
    undo: UndoTimer | None = UndoTimer("cfg-save revert", unit_s=1, reboots=True, source="vendor reference 2.3")
    refusals = REFUSALS
    secret_rule = SecretRule(longest=128, refused="?<>()#")

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection; nothing is written to the device, not even its pager."""
        return dialogue.connect(login)

    def prepare(self, session: Session) -> None:
        """Refuse a box with virtual domains: there our tables live in another place (2.3, danger 2).

        Raises:
            DeviceError: GW430.
        """
        status = dialogue.ask(session, "get system status | grep .")
        mode = _found(r"^Virtual domain configuration: (\S+)", status)
        if mode != "disable":
            raise DeviceError("GW430", f"{session.device}.virtual_domains", mode, _VIRTUAL_DOMAINS)

    def render(self, part: Part) -> str:
        """Return the whole configuration of our part; GW302."""
        return firewall_config(_firewall(part))

    def observe(self, session: Session, part: Part) -> Observed:  # noqa: ARG002 - ours are parts of fixed tables
        """Return our tables as they are. Nothing but ``cfg-save`` tells of a change that is not saved yet."""
        status = dialogue.ask(session, "get system status | grep .")
        mode, timeout_s = dialogue.save_mode(session)
        running = dialogue.read_tables(session, TABLES)
        return Observed(
            running=running,
            startup=None,
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=None if mode == "automatic" else _OPEN.format(mode=mode, timeout_s=timeout_s),
            version=_found(r"^Version: \S+ v([^,\s]+)", status),
            model=_found(r"^Version: (\S+)", status),
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what leads to what ``render`` says; see ``differences``."""
        wanted = self.render(part)
        return firewall_change_set(observed, _firewall(part), wanted, renewed_secrets=renewed_secrets)

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what a configuration means; GW427."""
        return meaning_of_text(configuration, _firewall(part))

    def transaction(self) -> FortiTransaction:
        """Return a new transaction."""
        return FortiTransaction()


def _firewall(part: Part) -> FirewallPlan:
    if isinstance(part, FirewallPlan):
        return part
    plan = part.plan if isinstance(part, CpePart) else part
    fix = "A FortiGate is a firewall here; choose another product."
    raise RenderError("GW302", f"{plan.name}.product", plan.product, fix)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else "unknown"


PLATFORM = Fortios()
