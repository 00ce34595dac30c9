"""Reads what ``health`` judges; changes nothing, and needs no privilege but to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from gatekit.devices.esxi.health_state import DatastoreSpace, HealthState, Machine, Sensor, SensorColour, Snapshot
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.licence import EVALUATION, FREE
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vm_read import vm_refs
from gatekit.devices.esxi.vmomi import Ref, vim

__all__ = ["observe_health"]

BYTES_PER_MB = 1024 * 1024
HOST_PATHS = ("runtime.healthSystemRuntime", "runtime.inMaintenanceMode", "datastore", "configManager")
DATASTORE_PATHS = ("name", "summary.accessible", "summary.capacity", "summary.freeSpace")
VM_PATHS = (
    "name",
    "runtime.powerState",
    "runtime.question",
    "guest.toolsRunningStatus",
    "guestHeartbeatStatus",
    "snapshot",
)


def observe_health(session: Session) -> HealthState:
    """Return the host's health as it is now, by the host's own clock.

    Raises:
        DeviceError: GW402, GW403, GW404 from the session.
    """
    host = host_system(session)
    raw = cast("dict[str, Any]", session.properties("health", vim.HostSystem, [host], HOST_PATHS)[0][1])
    manager = raw["configManager"]
    machines = _machines(session)
    licence, ends = _licence(session)
    return HealthState(
        read_at=session.read("clock", manager.dateTimeSystem.QueryDateTime),
        version=str(session.content.about.fullName),
        in_maintenance=bool(raw["runtime.inMaintenanceMode"]),
        sensors=tuple(_sensors(raw.get("runtime.healthSystemRuntime"))),
        datastores=_datastores(session, raw.get("datastore", ())),
        machines=tuple(_machine(reading) for reading in machines),
        snapshots=tuple(snapshot for reading in machines for snapshot in _snapshots(reading)),
        certificate_ends=session.read("certificate", lambda: manager.certificateManager.certificateInfo.notAfter),
        licence=str(licence.name) if licence else "none",
        licence_writes=licence is not None and licence.editionKey != FREE,
        licence_ends=ends,
    )


def _sensors(health: Any) -> Iterator[Sensor]:
    """Yield numeric sensors and hardware elements alike; an absent part has none."""
    numeric = getattr(getattr(health, "systemHealthInfo", None), "numericSensorInfo", None) or ()
    for sensor in numeric:
        yield Sensor(str(sensor.name), _colour(sensor.healthState), _reading(sensor))
    hardware = getattr(health, "hardwareStatusInfo", None)
    for group in ("memoryStatusInfo", "cpuStatusInfo", "storageStatusInfo"):
        for element in getattr(hardware, group, None) or ():
            yield Sensor(str(element.name), _colour(element.status))


def _colour(state: Any) -> SensorColour:
    """Return the colour of a state's key; a vendor's own word counts as no report."""
    key = str(getattr(state, "key", "") or "").lower()
    return SensorColour(key) if key in set(SensorColour) else SensorColour.UNKNOWN


def _reading(sensor: Any) -> str:
    value = int(sensor.currentReading or 0) * 10 ** int(sensor.unitModifier or 0)
    unit = str(sensor.baseUnits or "")
    return f"{value:g} {unit}".strip() if unit else ""


def _datastores(session: Session, refs: Iterable[Ref]) -> tuple[DatastoreSpace, ...]:
    rows = session.properties("datastores", vim.Datastore, list(refs), DATASTORE_PATHS)
    found = [cast("dict[str, Any]", reading) for _, reading in rows]
    return tuple(
        DatastoreSpace(
            str(row["name"]),
            bool(row["summary.accessible"]),
            int(row["summary.capacity"]) // BYTES_PER_MB,
            int(row["summary.freeSpace"]) // BYTES_PER_MB,
        )
        for row in sorted(found, key=lambda row: str(row["name"]))
    )


def _machines(session: Session) -> list[dict[str, Any]]:
    rows = session.properties("vms", vim.VirtualMachine, vm_refs(session), VM_PATHS)
    return sorted((cast("dict[str, Any]", reading) for _, reading in rows), key=lambda row: str(row["name"]))


def _machine(raw: dict[str, Any]) -> Machine:
    question = raw.get("runtime.question")
    return Machine(
        name=str(raw["name"]),
        powered_on=raw["runtime.powerState"] == "poweredOn",
        tools_running=raw.get("guest.toolsRunningStatus") == "guestToolsRunning",
        heartbeat=str(raw.get("guestHeartbeatStatus", "gray")),
        question=None if question is None else str(question.text),
    )


def _snapshots(raw: dict[str, Any]) -> Iterator[Snapshot]:
    trees = list(getattr(raw.get("snapshot"), "rootSnapshotList", None) or ())
    while trees:
        tree = trees.pop()
        yield Snapshot(str(raw["name"]), str(tree.name), tree.createTime)
        trees.extend(tree.childSnapshotList or ())


def _licence(session: Session) -> tuple[Any, datetime | None]:
    """Return the host's licence and when it ends; an evaluation's end stands beside the licence on some builds."""
    manager = session.content.licenseManager
    rows = session.read("licence", lambda: manager.licenses) or ()
    if not rows:
        return None, None
    properties = {entry.key: entry.value for entry in rows[0].properties or ()}
    if rows[0].editionKey == EVALUATION and "expirationDate" not in properties:
        evaluation = session.read("licence", lambda: manager.evaluation.properties) or ()
        properties |= {entry.key: entry.value for entry in evaluation}
    ends = properties.get("expirationDate")
    return rows[0], ends if isinstance(ends, datetime) else None
