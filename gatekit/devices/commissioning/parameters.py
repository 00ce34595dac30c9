"""Turns the parameters of the module cpe_unit into our types, at once and only here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending
from gatekit.devices.change.part import part_from_json
from gatekit.devices.change.platform import Login
from gatekit.devices.change.record import FINGERPRINT_KEY, DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.commissioning.commission import UnitAccess
from gatekit.devices.commissioning.console import ConsolePort
from gatekit.devices.commissioning.factory import factory_of
from gatekit.devices.commissioning.unit_folder import UnitFolder
from gatekit.devices.platforms import platform_named
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.network_device import CpePart

type Parameters = Mapping[str, Any]
CONSOLE = "console"
LOST = "Look at the unit: what was confirmed is not what it started with. Run again, and restart it once more."


@contextmanager
def unit_access(parameters: Parameters) -> Iterator[UnitAccess]:
    """Yield how the unit is reached; the console server's key is trusted through a file that is gone afterwards.

    Raises:
        RenderError: GW301 for an unknown platform.
        IntentError: GW104 for a part or a serial number that is none, GW112 for a unit that the CPE does not have.
    """
    part = part_from_json("cpe", parameters["part"], parameters["unit"])
    if not isinstance(part, CpePart):
        raise IntentError("GW104", "part", type(part).__name__, "Give the CPE's part of the plan.")
    platform = platform_named(parameters["platform"])
    folder = UnitFolder(Path(parameters["build"]), parameters["serial"] or part.unit.serial)
    login = Login(
        device="cpe",
        host=parameters["host"],
        port=parameters["port"],
        user=part.plan.operator,
        known_hosts=folder.known_hosts,
        password=parameters["password"],
    )
    with TemporaryDirectory(prefix="gatekit-console-") as trusted:
        port = _console(parameters[CONSOLE], Path(trusted) / "known_hosts")
        factory = factory_of(platform.name)
        console = None if port is None else ConsolePort(port, part.plan.operator, factory, _secrets(parameters))
        yield UnitAccess(platform, part, login, console, folder)


def still_as_planned(access: UnitAccess, parameters: Parameters) -> None:
    """Return when the unit is what the plan asks for; it is only read.

    Raises:
        DeviceError: GW410 with the first difference.
    """
    request = ChangeRequest(
        platform=access.platform,
        login=access.login,
        part=access.part,
        secrets=_secrets(parameters),
        plan_sha256=parameters["plan_sha256"],
        check=True,
    )
    name = f"{access.part.plan.name}_{access.part.unit.role}"
    record = DeviceRecord(Path(parameters["record"]), name, str(parameters["secrets"][FINGERPRINT_KEY]))
    outcome = change_device(request, record)
    if outcome.ending is not Ending.UNCHANGED:
        raise DeviceError("GW410", f"{access.login.device}.configuration", outcome.change_set.forward[0], LOST)


def _secrets(parameters: Parameters) -> dict[str, str]:
    """Return what a configuration may name; the record's key is none of it."""
    return {name: str(value) for name, value in parameters["secrets"].items() if name != FINGERPRINT_KEY}


def _console(given: Parameters | None, known_hosts: Path) -> Login | None:
    """Return how the console server's port is reached, its pinned key written to a file; None without a console."""
    if not given:
        return None
    host, port = str(given["host"]), int(given["port"])
    descriptor = os.open(known_hosts, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{host if port == 22 else f'[{host}]:{port}'} {given['host_public_key']}\n")
    key = given["identity_file"]
    return Login(
        device=CONSOLE,
        host=host,
        port=port,
        user=given["user"],
        known_hosts=known_hosts,
        password=None if key else given["password"],
        identity_file=Path(key) if key else None,
    )
