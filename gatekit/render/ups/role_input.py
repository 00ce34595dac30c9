"""The edge: Ansible's dicts become types, files and units become options of our modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.errors import RenderError
from gatekit.plan.ups import UpsCard, UpsPlan
from gatekit.render.edge import plain
from gatekit.render.text import as_file_set
from gatekit.render.ups.files import NUT, client_files, server_files

__all__ = ["ups_role_input"]

DRIVER, SERVER, MONITOR = "nut-driver@{name}.service", "nut-server.service", "nut-monitor.service"
ENUMERATOR = ("nut-driver-enumerator.service", "nut-driver-enumerator.path")  # it would undo what we enable


def ups_role_input(plan: Mapping[str, Any], machine: str, ca_pem: str, rehearsal: str) -> dict[str, Any]:
    """Return ``packages``, ``files`` for file_set and ``units`` for unit_set of one machine.

    Raises:
        RenderError: GW302 for a machine that has nothing to do with the UPS.
    """
    given = UpsPlan.model_validate(plain(plan))
    if machine == given.server:
        files = server_files(given, ca_pem, rehearsal)
        return {"packages": _packages(given), "files": as_file_set(files), "units": _server_units(given)}
    if machine == given.client:
        return {"packages": ["nut-client"], "files": as_file_set(client_files(given)), "units": [_monitor()]}
    fix = f"Apply the role ups to {given.server} and {given.client} alone."
    raise RenderError("GW302", "ups.machine", machine, fix)


def _packages(plan: UpsPlan) -> list[str]:
    driver = ["nut-snmp"] if isinstance(plan.connection, UpsCard) else []
    return ["nut-client", "nut-server", *driver, "python3-pyvmomi"]


def _server_units(plan: UpsPlan) -> list[dict[str, Any]]:
    driver = DRIVER.format(name=plan.name)
    return [
        *({"name": name, "enablement": "masked", "activity": "stopped"} for name in ENUMERATOR),
        {"name": driver, "enablement": "enabled", "activity": "running", "reads": [f"{NUT}/ups.conf"]},
        {
            "name": SERVER,
            "enablement": "enabled",
            "activity": "running",
            "reads": [f"{NUT}/{name}" for name in ("nut.conf", "ups.conf", "upsd.conf", "upsd.users")],
        },
        _monitor(f"{NUT}/upssched.conf"),
    ]


def _monitor(*others: str) -> dict[str, Any]:
    reads = [f"{NUT}/nut.conf", f"{NUT}/upsmon.conf", *others]
    return {"name": MONITOR, "enablement": "enabled", "activity": "running", "reads": reads}
