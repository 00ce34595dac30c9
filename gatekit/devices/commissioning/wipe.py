"""Wiping a CPE unit that came back: nothing of the hospital, of the tunnel or of us may leave the office with it.

The unit is met on its console. Its wipe is agreed to by its serial number, which the unit itself has to show; a unit
that the site file still names, or whose tunnel is up, is in use and stays as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime

from gatekit.devices.change.session import Session
from gatekit.devices.commissioning.commission import UnitAccess, await_factory_state, erase, looked_at
from gatekit.devices.commissioning.console import ConsolePort
from gatekit.devices.commissioning.factory import Condition
from gatekit.errors import DeviceError
from gatekit.model import Frozen

IN_USE = "Take the unit that came back; one that the site file names is in use, so change the site file first."
TUNNEL_UP = "This unit carries a tunnel now. Take its line off, make sure that it is the right one, and run again."
NOT_AGREED = "Read the serial number on the unit in your hands and agree to its wipe: unit_wipe_serial=<that number>."
SCREEN_LINES = 12


class Wiped(Frozen):
    """The record of one wipe. ``shown``: what the console showed after the restart, before anybody configured it."""

    serial: str
    model: str
    by: str
    at: datetime
    shown: str
    changed: bool


def wipe(access: UnitAccess, *, agreed_serial: str, by: str, check: bool = False) -> Wiped:
    """Return the record of a unit that is in its factory state, seen after a restart.

    A unit that is in it already is restarted no more. ``by``: who answers for it. ``check``: look, and change nothing.

    Raises:
        DeviceError: GW408 the unit is in use or nobody agreed to its wipe; GW409 it is another unit; GW401 its accounts
            are not ours; GW410 something is left on it after the restart.
    """
    require_agreement(access, agreed_serial)
    port = access.on_console()
    with port.entered() as entered:
        unit, found = looked_at(access, port, entered)
        screen = entered.screen
        _refuse_in_use(access, port, entered.session)
        if found is not Condition.FACTORY and not check:
            erase(port, entered)
    if entered.restarting:
        screen = await_factory_state(access, port)
        access.folder.forget_key()
    return Wiped(
        serial=unit.serial,
        model=unit.model,
        by=by,
        at=datetime.now(UTC),
        shown=_last_lines(screen),
        changed=found is not Condition.FACTORY,
    )


def require_agreement(access: UnitAccess, agreed_serial: str) -> None:
    """Return when the wipe of exactly this unit was agreed to and the site does not need it; GW408 otherwise."""
    path, serial = f"{access.login.device}.wipe", access.folder.serial
    if agreed_serial != serial:
        raise DeviceError("GW408", path, agreed_serial or "no serial number", NOT_AGREED)
    if serial in {unit.serial for unit in access.part.plan.units}:
        raise DeviceError("GW408", path, f"{serial} is one of this site's units", IN_USE)


def _refuse_in_use(access: UnitAccess, port: ConsolePort, console: Session) -> None:
    if port.factory.tunnel_is_up(console):
        raise DeviceError("GW408", f"{access.login.device}.tunnel", "up", TUNNEL_UP)


def _last_lines(screen: str) -> str:
    lines = [line.rstrip() for line in screen.splitlines() if line.strip()]
    return "\n".join(lines[-SCREEN_LINES:])
