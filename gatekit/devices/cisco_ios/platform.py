"""Cisco IOS and IOS-XE for the change engine: connect, observe, and where everything else stands."""

from __future__ import annotations

import hashlib
import re

from netmiko import BaseConnection, ConnectHandler

from gatekit.devices.change import switch_route
from gatekit.devices.change.access import strict_login
from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.cisco_ios import differences, reading
from gatekit.devices.cisco_ios.switch_route import learnt, routing, spelling
from gatekit.devices.cisco_ios.text import stable
from gatekit.devices.cisco_ios.transaction import IosTransaction, ask, is_saved, waiting
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart, Part, SwitchRoutePlan
from gatekit.render.cisco_ios import cpe_config, route_lines

CONNECT_S = 20
WIPE = "A whole CPE is reset by hand: write erase, reload (its handbook)."
PRIVILEGE = "Give the account privilege 15: it has to configure and to save."


class CiscoIos:
    """See ``gatekit.devices.change.platform.Platform``."""

    name = "cisco_ios"
    undo: UndoTimer | None = UndoTimer(
        name="configure terminal revert timer", unit_s=60, reboots=False, source="vendor-configs 6.3"
    )
    # Every line that begins with % is a no, but for log messages: the exact words differ by release (reference 6.6).
    refusals = Refusals(
        refused=(re.compile(r"^\s*%"), re.compile(r"^Command rejected"), re.compile(r"^ERROR:")),
        harmless=(
            re.compile(r"^\s*%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:"),
            re.compile(r"^\s*% ?([Nn]ote|NOTE|[Ww]arning|WARNING)\b"),
        ),
    )
    secret_rule = SecretRule(longest=127, refused="?%")

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection; netmiko's and paramiko's own errors pass."""
        return ConnectHandler(
            device_type="cisco_xe",
            **strict_login(login),
            conn_timeout=CONNECT_S,
            auth_timeout=CONNECT_S,
            banner_timeout=CONNECT_S,
        )

    def prepare(self, session: Session) -> None:
        """Pager off, wide lines; the account has to be privileged.

        Raises:
            DeviceError: GW404 when it is not.
        """
        if not session.connection.find_prompt().rstrip().endswith("#"):
            raise DeviceError("GW404", f"{session.device}.privilege", session.connection.find_prompt(), PRIVILEGE)
        for line in ("terminal length 0", "terminal width 511"):
            ask(session, line)

    def render(self, part: Part) -> str:
        """Return the whole configuration of a CPE, or the one line for a switch."""
        match part:
            case CpePart():
                return cpe_config(part)
            case SwitchRoutePlan():
                return route_lines(part)
            case _:
                raise DeviceError("GW427", "cisco_ios", part.name, "Cisco IOS is no firewall of ours; choose another.")

    def observe(self, session: Session, part: Part) -> Observed:
        """Return the device as it is; an open edit is a change that waits for its confirmation.

        Raises:
            DeviceError: GW421 when a switch has learnt a route into our network from somewhere else.
        """
        running = stable(ask(session, "show running-config", 120.0))
        startup = stable(ask(session, "show startup-config", 120.0))
        startup = startup if is_saved(startup) else ""
        pending = ask(session, "show archive config rollback timer")
        if isinstance(part, SwitchRoutePlan):
            _refuse_learnt(session, part)
        version, model = _release(ask(session, "show version"))
        return Observed(
            running=running,
            startup=startup,
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=waiting(pending),
            version=version,
            model=model,
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what has to be sent; see ``differences``."""
        return differences.change_set(observed, part, renewed_secrets=renewed_secrets)

    def removal(self, observed: Observed, part: Part) -> ChangeSet:
        """Return what takes our route off the hospital's switch.

        Raises:
            DeviceError: GW423 for anything else.
        """
        if isinstance(part, SwitchRoutePlan):
            return switch_route.removal(routing(observed.running), part, spelling(part))
        raise DeviceError("GW423", "cisco_ios.removal", type(part).__name__, WIPE)

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what a configuration means; see ``reading``."""
        return reading.meaning(configuration, part)

    def transaction(self) -> IosTransaction:
        """Return a new transaction."""
        return IosTransaction()


def _refuse_learnt(session: Session, plan: SwitchRoutePlan) -> None:
    network = plan.route.network
    table = ask(session, f"show ip route {network.network_address} {network.netmask} longer-prefixes")
    switch_route.refuse_learnt(learnt(table), plan)


def _release(answer: str) -> tuple[str, str]:
    """Return version and model of ``show version``; empty where the box does not say."""
    version = re.search(r"Version (\S+?),", answer)
    model = re.search(r"^[Cc]isco (\S+) \(.+\) processor", answer, re.MULTILINE)
    return version.group(1) if version else "", model.group(1) if model else ""
