"""What a CPE's operating system brings to be commissioned and wiped: ``FACTORY`` in devices/<platform>/factory.py.

All of it happens on the console: a unit from its box has no address, no account and no host key yet.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import Protocol

from gatekit.devices.change.platform import Refusals
from gatekit.devices.change.session import Session
from gatekit.model import Frozen
from gatekit.plan.network_device import CpePart

PASSWORD = "<secret cpe_password>"  # noqa: S105 - the vault's name of it
ATTEMPT_LIMIT_S = 30.0
BOOT_LIMIT_S = 600.0  # device seconds until a restarted console asks for something


class Condition(StrEnum):
    """What a unit's saved configuration is."""

    FACTORY = "factory"  # nothing was ever configured, or it was wiped
    OURS = "ours"  # one of this site's units
    FOREIGN = "foreign"  # somebody else's


class Unit(Frozen):
    """What a unit says of itself. ``serial`` as on the maker's label."""

    model: str
    version: str
    serial: str


class Factory(Protocol):
    """The console of one operating system. ``console`` shows the privileged prompt from ``enter`` on."""

    refusals: Refusals
    waiting: str
    """Regular expression: whatever the console may be waiting with, at the very end of what it shows."""

    def enter(self, console: Session, operator: str) -> None:
        """Get from whatever the console shows to the privileged prompt, past a first-login dialogue.

        Logs in as ``operator`` where the unit has accounts. A secret that only the dialogue wants is made up
        here and forgotten.

        Raises:
            DeviceError: GW401 when the unit has accounts and ours is not among them, GW402 as ``Session.ask``.
        """

    def unit(self, console: Session) -> Unit:
        """Return what the unit says of itself."""

    def condition(self, console: Session, part: CpePart) -> Condition:
        """Return whose configuration is on the unit, by what is saved and what runs."""

    def tunnel_is_up(self, console: Session) -> bool:
        """Return whether the unit has a tunnel to a data centre right now: then it is in use."""

    def into_reach(self, console: Session, part: CpePart) -> None:
        """Type and save what lets our account in by SSH: host name, account, LAN address, way back, host key.

        Typing it again on a unit that has it changes nothing.

        Raises:
            DeviceError: GW422 at the first refused line.
        """

    def erase(self, console: Session) -> None:
        """Forget every configuration and key, and restart; the console shows the boot afterwards."""

    def restart(self, console: Session) -> None:
        """Restart with what is saved; nothing is saved by it."""

    def leave(self, console: Session) -> None:
        """Log out, so that the next one at the console has to log in."""


def factory_of(platform: str) -> Factory:
    """Return a platform's console; every platform of a supported CPE product has one (contract test)."""
    found: Factory = import_module(f"gatekit.devices.{platform}.factory").FACTORY
    return found


def owner_of(text: str, part: CpePart, *, mark: str) -> Condition:
    """Return whose a configuration is by the host name that it gives: of this site's units, or another.

    ``mark``: how the platform's line of the host name begins.
    """
    names = {f"{mark}{unit.host_name}" for unit in part.plan.units}
    return Condition.OURS if names & {line.strip() for line in text.splitlines()} else Condition.FOREIGN
