"""A vendor's CPE on the bench: the unit, its console behind a console server, and the engineer's laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatekit.devices.change.platform import Login
from gatekit.devices.commissioning.commission import UnitAccess
from gatekit.devices.commissioning.console import ConsolePort
from gatekit.devices.commissioning.factory import factory_of
from gatekit.devices.commissioning.unit_folder import UnitFolder
from gatekit.devices.platforms import platform_of
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal
from gatekit.simulators import Clock, Simulator
from gatekit.simulators import cisco_ios as ios
from gatekit.simulators import nec_ix as ix
from gatekit.simulators import yamaha_rtx as rtx
from gatekit.simulators.console import ConsoleServer
from tests.sites import parts_of, vendor_plan

SECRETS = {"vpn_psk": "Psk-Word-of-both-ends-8", "cpe_password": "Cpe-Word-of-the-vault-7"}
PRODUCTS = ("nec_ix", "yamaha_rtx", "cisco_iosxe")
SPEED = 200.0  # a restart of some minutes takes about a second
BOOT_LIMIT_S = 20.0


def part_of(product: str, pattern: str | None = None, role: str = "main", *, serial: str = "") -> CpePart:
    """Return one unit of an example site; ``serial`` replaces the example's."""
    found = parts_of(vendor_plan(product, pattern))[f"cpe_{role}"]
    assert isinstance(found, CpePart)
    if not serial:
        return found
    unit = found.unit.model_copy(update={"serial": serial})
    units = tuple(unit if one.role == role else one for one in found.plan.units)
    return CpePart(found.plan.model_copy(update={"units": units}), unit)


def fresh_box(part: CpePart, speed: float = SPEED) -> Any:
    """Return the unit as it leaves the maker's box."""
    client, clock = part.plan.dmz.network_address + 250, Clock(speed)
    box: Any
    match part.plan.product:
        case "nec_ix":
            box = ix.factory_fresh(client, clock=clock, serial=part.unit.serial)
        case "yamaha_rtx":
            box = rtx.factory_fresh(client, clock=clock, serial=part.unit.serial)
        case _:
            box = ios.factory_fresh(clock, client, address=part.plan.lan.address, serial=part.unit.serial)
    box.line_leads_out = False
    return box


FOREIGN = {
    "nec_ix": "hostname other-site\nip route 10.9.0.0/16 10.8.0.1\n",
    "yamaha_rtx": "console prompt other-site\nip route 10.9.0.0/16 gateway 10.8.0.1\n",
    "cisco_iosxe": "hostname other-site\nip route 10.9.0.0 255.255.0.0 10.8.0.1\n",
}
"""What somebody else left on a unit, without an account."""


def give_configuration(box: Any, product: str, text: str) -> None:
    """Let a unit have a saved configuration that was typed by somebody."""
    known = reveal("test", text, SECRETS)
    match product:
        case "nec_ix":
            box.startup = ix.Configuration().load(known)
        case "yamaha_rtx":
            box.startup = rtx.device.Configuration()
            rtx.load(box.startup, known)
        case _:
            box.startup = ios.device.parsed(known, {})
    box.boot()


@dataclass
class Bench:
    """One unit on the bench."""

    box: Any
    simulator: Simulator
    console: ConsoleServer
    part: CpePart
    folder: UnitFolder

    @property
    def access(self) -> UnitAccess:
        return self.reached(self.part)

    def reached(self, part: CpePart, *, with_console: bool = True, serial: str = "") -> UnitAccess:
        platform = platform_of(part.plan.product)
        login = Login(
            "cpe",
            self.simulator.host,
            self.simulator.port,
            part.plan.operator,
            self.folder.known_hosts,
            SECRETS["cpe_password"],
        )
        port = ConsolePort(self.console.login(), part.plan.operator, factory_of(platform.name), SECRETS)
        folder = UnitFolder(self.folder.path.parent.parent, serial) if serial else self.folder
        return UnitAccess(platform, part, login, port if with_console else None, folder, BOOT_LIMIT_S)

    def look[T](self, action: Callable[[], T]) -> T:
        return self.simulator.run(action)


@contextmanager
def bench_of(part: CpePart, build: Path, speed: float = SPEED) -> Iterator[Bench]:
    """Put a factory-fresh unit on the bench."""
    unit = fresh_box(part, speed)
    with Simulator(unit) as simulator, ConsoleServer(simulator, unit) as console:
        yield Bench(unit, simulator, console, part, UnitFolder(build, part.unit.serial))
