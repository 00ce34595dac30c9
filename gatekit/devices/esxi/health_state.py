"""What is asked of a running host: its hardware, its datastores, its machines, and what ends one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["DatastoreSpace", "HealthState", "Machine", "Sensor", "SensorColour", "Snapshot"]


class SensorColour(StrEnum):
    """The states a sensor has on the wire (vSphere ``HostHealthState``)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sensor:
    """A numeric sensor or a hardware element; ``reading`` with its unit, empty for an element."""

    name: str
    colour: SensorColour
    reading: str = ""


@dataclass(frozen=True, slots=True)
class DatastoreSpace:
    name: str
    accessible: bool
    capacity_mb: int
    free_mb: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    vm: str
    name: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Machine:
    """One virtual machine: its heartbeat (green, yellow, red, gray: nothing heard) and the question it waits for."""

    name: str
    powered_on: bool
    tools_running: bool
    heartbeat: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class HealthState:
    """One reading; ``read_at`` is the host's own clock, and every age and end is measured against it."""

    read_at: datetime
    version: str
    in_maintenance: bool
    sensors: tuple[Sensor, ...]
    datastores: tuple[DatastoreSpace, ...]
    machines: tuple[Machine, ...]
    snapshots: tuple[Snapshot, ...]
    certificate_ends: datetime | None
    licence: str
    licence_writes: bool
    licence_ends: datetime | None
