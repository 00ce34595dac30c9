"""What ESXi says about itself, read only, as the JSON text that ``judges.esxi`` understands."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gatekit.devices.esxi.certificate import judge_certificate, served_certificate
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.session import Session, Target, open_session
from gatekit.errors import VerifyError
from gatekit.verify.judges.hardening import HOST_STATE
from gatekit.verify.targets import EsxiTarget

PASSWORD_VARIABLE = "GATEKIT_ESXI_PASSWORD"  # noqa: S105 - the variable's name; the value is never in a file


def read_esxi(target: EsxiTarget) -> str:
    """Return machines, autostart, vSwitches and everything the hardening baseline asks of the host, as JSON.

    Raises:
        VerifyError: GW601 when the password is not in the environment.
        DeviceError: what the session or the host reports.
    """
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise VerifyError("GW601", "esxi.password", "", f"Give the password in the environment ({PASSWORD_VARIABLE}).")
    trusted = Path(target.ca_file).read_text(encoding="ascii")
    reached = Target("esxi", target.address, target.port, target.user, password, trusted)
    now = datetime.now(UTC)
    shown = judge_certificate(served_certificate(reached), trusted, now)
    with open_session(reached) as session:
        host = HOST_STATE.dump_python(observe_host(session, shown), mode="json")
        state = session.read("state", lambda: _state(session))
    return json.dumps({**state, "host": host, "read_on": now.date().isoformat()})


def _state(session: Session) -> dict[str, Any]:
    centre = session.content.rootFolder.childEntity[0]
    host = centre.hostFolder.childEntity[0].host[0]
    manager = host.configManager.autoStartManager
    defaults = manager.config.defaults
    network = host.config.network
    devices = {pnic.key: pnic.device for pnic in network.pnic}
    groups = [group.spec for group in network.portgroup]
    about = session.content.about
    return {
        "version": f"{about.fullName}",
        "machines": sorted((_machine(vm) for vm in centre.vmFolder.childEntity), key=lambda row: str(row["name"])),
        "autostart": {
            "enabled": bool(defaults and defaults.enabled),
            "rows": [
                {"vm": row.key.name, "order": row.startOrder, "action": row.startAction}
                for row in manager.config.powerInfo or ()
            ],
        },
        "vswitches": [
            {
                "name": switch.name,
                "uplinks": [devices[key] for key in switch.pnic or ()],
                "port_groups": sorted(group.name for group in groups if group.vswitchName == switch.name),
            }
            for switch in network.vswitch
        ],
    }


def _machine(vm: Any) -> dict[str, Any]:
    return {
        "name": vm.name,
        "power": str(vm.runtime.powerState),
        "address": (vm.guest and vm.guest.ipAddress) or "",
        "port_groups": [each.name for each in vm.network],
        "hardware": _hardware(vm.config),
    }


def _hardware(config: Any) -> dict[str, Any]:
    devices = list(config.hardware.device)
    backings: list[Any] = [getattr(device, "backing", None) for device in devices]
    return {
        "firmware": config.firmware,
        "secure_boot": bool(config.bootOptions and config.bootOptions.efiSecureBootEnabled),
        "devices": sorted({type(device).__name__.rpartition(".")[2] for device in devices}),
        "isos": [each.fileName for each in backings if getattr(each, "fileName", "").endswith(".iso")],
    }
