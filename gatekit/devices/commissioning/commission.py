"""Bringing a CPE unit into reach: our account and management, so that the change engine can do the rest (VPN-1..3).

A unit that answers our account under its pinned key is left alone. Any other one is met on its console: its serial
number has to be the plan's, and a configuration of somebody else's stays unless its wipe was agreed to by serial
number.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import paramiko  # type: ignore[import-untyped]  # ships no type hints
from paramiko.ssh_exception import SSHException  # type: ignore[import-untyped]  # ships no type hints

from gatekit.devices.change.access import Access
from gatekit.devices.change.platform import Login, Platform
from gatekit.devices.change.secret_rule import require_fit
from gatekit.devices.commissioning.console import ConsolePort, Entered
from gatekit.devices.commissioning.factory import BOOT_LIMIT_S, Condition, Unit
from gatekit.devices.commissioning.unit_folder import UnitFolder
from gatekit.errors import DeviceError
from gatekit.model import Frozen
from gatekit.plan.network_device import CpePart

NOT_REACHED = frozenset({"GW401", "GW402", "GW416"})
"""Why a login over the network may fail on a unit that was not commissioned yet, or is another one than before."""
WRONG_UNIT = "Connect the unit whose serial number the site file has, or put this one's into the site file."
FOREIGN = (
    "Make sure that nobody needs what is on it; then agree to its wipe by naming its serial number "
    "(unit_erase_serial), and run again."
)
NO_CONSOLE = (
    "Connect the unit's console and give console_host (with port, user, keys) for it in the inventory (hosts.yaml)."
)
NOT_IN_REACH = "Compare the LAN cable and the way from here to the unit's LAN address; then run again."


@dataclass(frozen=True, slots=True)
class UnitAccess:
    """One unit in hand: how it is reached over the network once it can be, and its console, where it has one."""

    platform: Platform
    part: CpePart
    login: Login = field(repr=False)
    console: ConsolePort | None
    folder: UnitFolder
    boot_limit_s: float = BOOT_LIMIT_S

    def answers(self) -> bool:
        """Return whether our account gets in over the network under the key that was pinned for this unit.

        Raises:
            DeviceError: as ``Access.open``, for anything that a unit without our configuration cannot explain.
        """
        if not self.folder.known_hosts.is_file():
            return False
        try:
            with self._network().visit():
                return True
        except DeviceError as error:
            if error.code not in NOT_REACHED:
                raise
            return False

    def on_console(self) -> ConsolePort:
        """Return the console; GW402 when the inventory gives none."""
        if self.console is None:
            raise DeviceError("GW402", self.login.device, "does not answer our account", NO_CONSOLE)
        return self.console

    def pin_at_first_contact(self) -> str:
        """Learn the host key of the unit that has just been configured, prove our login, and pin it.

        Raises:
            DeviceError: GW402 when it does not answer within the time of a boot, GW401 when our login fails.
        """
        ends_at = time.monotonic() + self.boot_limit_s
        while True:
            try:
                key = offered_key(self.login.host, self.login.port)
                break
            except (OSError, EOFError, SSHException) as error:
                if time.monotonic() > ends_at:
                    raise DeviceError("GW402", self.login.device, type(error).__name__, NOT_IN_REACH) from None
            time.sleep(1.0)
        self.folder.pin(key, self.login.host, self.login.port)
        try:
            with self._network().visit():
                return key
        except DeviceError:
            self.folder.forget_key()
            raise

    def _network(self) -> Access:
        secrets = self.console.secrets if self.console is not None else {}
        return Access(self.platform, replace(self.login, known_hosts=self.folder.known_hosts), self.part, secrets)


class Commissioned(Frozen):
    """What became of one unit. ``found``: whose configuration was on it; None when it was not looked at."""

    changed: bool
    found: Condition | None = None
    unit: Unit | None = None
    host_key: str = ""


def bring_into_reach(
    access: UnitAccess, *, erase_serial: str = "", check: bool = False, progress: Callable[[str], None] = lambda _: None
) -> Commissioned:
    """Return how the unit came to answer our account over the network.

    ``erase_serial``: consent to wipe the unit with this serial number, where it holds somebody else's configuration.
    ``check``: the unit is only looked at.

    Raises:
        DeviceError: GW402 the unit does not answer and has no console; GW401 its accounts are not ours; GW409 it is
            another unit, or holds somebody else's configuration and nobody agreed to its wipe; GW422 a refused line.
        IntentError: GW108 for a secret that this product's command line would garble; its console is not opened.
    """
    if access.answers():
        return Commissioned(changed=False, host_key=access.folder.host_key)
    port = access.on_console()
    require_fit(port.secrets, access.platform.secret_rule)
    with port.entered(within_s=access.boot_limit_s) as entered:
        unit, found = looked_at(access, port, entered)
        if found is Condition.FOREIGN and erase_serial != unit.serial:
            raise DeviceError("GW409", f"{access.login.device}.configuration", f"of somebody else on {unit}", FOREIGN)
        if check:
            return Commissioned(changed=True, found=found, unit=unit)
        if found is Condition.FOREIGN:
            progress(f"{unit.serial}: erase and restart")
            erase(port, entered)
    if found is Condition.FOREIGN:
        await_factory_state(access, port)
    with port.entered(within_s=access.boot_limit_s) as entered:
        progress(f"{unit.serial}: account, LAN address, SSH")
        port.factory.into_reach(entered.session, access.part)
    return Commissioned(changed=True, found=found, unit=unit, host_key=access.pin_at_first_contact())


def looked_at(access: UnitAccess, port: ConsolePort, entered: Entered) -> tuple[Unit, Condition]:
    """Return what the unit is and whose configuration it has; GW409 when it is not the unit with our serial number."""
    unit = port.factory.unit(entered.session)
    if unit.serial != access.folder.serial:
        value = f"serial number {unit.serial}, not {access.folder.serial}"
        raise DeviceError("GW409", f"{access.login.device}.serial", value, WRONG_UNIT)
    return unit, port.factory.condition(entered.session, access.part)


def erase(port: ConsolePort, entered: Entered) -> None:
    """Send the unit back to its factory state; it restarts."""
    port.factory.erase(entered.session)
    entered.restarting = True


def restart(access: UnitAccess) -> None:
    """Restart the unit with what is saved, and return when our account gets in again.

    Raises:
        DeviceError: GW402 when it does not come back.
    """
    port = access.on_console()
    with port.entered() as entered:
        port.factory.restart(entered.session)
        entered.restarting = True
    with port.entered(within_s=access.boot_limit_s):
        pass  # the console asks again: it has booted
    ends_at = time.monotonic() + access.boot_limit_s
    while not access.answers():
        if time.monotonic() > ends_at:
            raise DeviceError("GW402", access.login.device, "no login after the restart", NOT_IN_REACH)
        time.sleep(1.0)


def await_factory_state(access: UnitAccess, port: ConsolePort) -> str:
    """Return what the console shows first after a wipe, once the unit is seen in its factory state.

    Raises:
        DeviceError: GW410 when something is still on it, GW402 when its console stays silent.
    """
    with port.entered(within_s=access.boot_limit_s) as entered:
        left = port.factory.condition(entered.session, access.part)
        if left is not Condition.FACTORY:
            fix = "Wipe it by hand as its handbook says, and look at its console after the restart."
            raise DeviceError("GW410", f"{access.login.device}.wipe", f"still holds a configuration ({left})", fix)
        return entered.screen


def offered_key(host: str, port: int, timeout_s: float = 10.0) -> str:
    """Return the host key that an SSH server offers, in known_hosts form; OSError or SSHException otherwise."""
    with socket.create_connection((host, port), timeout_s) as stream:
        transport = paramiko.Transport(stream)
        try:
            transport.start_client(timeout=timeout_s)
            key = transport.get_remote_server_key()
            return f"{key.get_name()} {key.get_base64()}"
        finally:
            transport.close()
