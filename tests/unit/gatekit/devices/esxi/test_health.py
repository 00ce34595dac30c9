"""The judgement of a reading, one fault at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gatekit.devices.esxi.health import Finding, Verdict, judge
from gatekit.devices.esxi.health_state import DatastoreSpace, HealthState, Machine, Sensor, SensorColour, Snapshot

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PLANNED = ("vm1", "vm2")
WELL = HealthState(
    read_at=NOW,
    version="VMware ESXi 8.0.3",
    in_maintenance=False,
    sensors=(Sensor("Fan 1", SensorColour.GREEN, "5000 RPM"), Sensor("Battery", SensorColour.UNKNOWN)),
    datastores=(DatastoreSpace("datastore1", accessible=True, capacity_mb=1000, free_mb=500),),
    machines=tuple(Machine(name, powered_on=True, tools_running=True, heartbeat="green") for name in PLANNED),
    snapshots=(),
    certificate_ends=NOW + timedelta(days=300),
    licence="VMware vSphere 8 Standard",
    licence_writes=True,
    licence_ends=None,
)


def found(state: HealthState, subject: str) -> Finding:
    (finding,) = [finding for finding in judge(state, PLANNED) if finding.id == subject]
    return finding


def vm1(**changes: object) -> dict[str, object]:
    return {"machines": (replace(WELL.machines[0], **changes), WELL.machines[1])}  # type: ignore[arg-type]  # real fields


def space(free_mb: int, *, accessible: bool = True) -> dict[str, object]:
    return {"datastores": (DatastoreSpace("datastore1", accessible, 1000, free_mb),)}


def taken(days: float) -> dict[str, object]:
    return {"snapshots": (Snapshot("vm1", "before the update", NOW - timedelta(days=days)),)}


def test_a_host_that_is_well_has_nothing_to_say() -> None:
    findings = judge(WELL, PLANNED)
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    assert [finding.id for finding in findings] == [
        "health.hardware", "health.datastore.datastore1", "health.vm.vm1", "health.vm.vm2", "health.snapshots",
        "health.certificate", "health.licence", "health.host",
    ]  # fmt: skip


HOT = Sensor("CPU 1 Temp", SensorColour.RED, "95 Degrees C")
WORN = Sensor("Fan 2", SensorColour.YELLOW, "900 RPM")
CASES = [
    ("a-red-sensor", {"sensors": (*WELL.sensors, WORN, HOT)}, "health.hardware", "bad",
     "CPU 1 Temp red (95 Degrees C), Fan 2 yellow (900 RPM)"),
    ("a-yellow-sensor", {"sensors": (*WELL.sensors, WORN)}, "health.hardware", "attention", "Fan 2 yellow (900 RPM)"),
    ("no-sensor-at-all", {"sensors": ()}, "health.hardware", "attention",
     "no sensor reports; is the vendor's CIM provider or BMC there?"),
    ("little-space", space(199), "health.datastore.datastore1", "attention", "19% (0 GiB) free"),
    ("enough-space", space(200), "health.datastore.datastore1", "ok", "20% (0 GiB) free"),
    ("no-space", space(99), "health.datastore.datastore1", "bad", "9% (0 GiB) free"),
    ("a-lost-datastore", space(500, accessible=False), "health.datastore.datastore1", "bad", "not accessible"),
    ("a-missing-vm", {"machines": WELL.machines[1:]}, "health.vm.vm1", "bad", "not there"),
    ("a-vm-that-is-off", vm1(powered_on=False), "health.vm.vm1", "bad", "powered off"),
    ("a-vm-that-asks", vm1(question="moved or copied?"), "health.vm.vm1", "bad",
     "waits for an answer: moved or copied?"),
    ("a-guest-that-hangs", vm1(heartbeat="red"), "health.vm.vm1", "bad", "the guest's heartbeat has stopped"),
    ("a-guest-that-stutters", vm1(heartbeat="yellow"), "health.vm.vm1", "attention",
     "the guest's heartbeat is irregular"),
    ("a-guest-without-tools", vm1(tools_running=False), "health.vm.vm1", "attention", "the guest's tools do not run"),
    ("a-fresh-snapshot", taken(6.9), "health.snapshots", "attention", "vm1 'before the update' 6 d"),
    ("a-forgotten-snapshot", taken(7.1), "health.snapshots", "bad", "vm1 'before the update' 7 d"),
    ("a-certificate-that-ends-soon", {"certificate_ends": NOW + timedelta(days=29)}, "health.certificate", "attention",
     "until 2026-12-22 (29 d left)"),
    ("a-certificate-that-ends-now", {"certificate_ends": NOW + timedelta(days=6)}, "health.certificate", "bad",
     "until 2026-11-29 (6 d left)"),
    ("no-certificate", {"certificate_ends": None}, "health.certificate", "bad", "cannot be read"),
    ("a-licence-that-ends-soon", {"licence_ends": NOW + timedelta(days=29)}, "health.licence", "attention",
     "VMware vSphere 8 Standard, until 2026-12-22 (29 d left)"),
    ("a-licence-that-has-ended", {"licence_ends": NOW}, "health.licence", "bad",
     "VMware vSphere 8 Standard, until 2026-11-23 (0 d left)"),
    ("the-free-licence", {"licence": "Hypervisor", "licence_writes": False}, "health.licence", "bad",
     "Hypervisor: no change through the API"),
    ("maintenance-mode", {"in_maintenance": True}, "health.host", "attention",
     "VMware ESXi 8.0.3, in maintenance mode"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "subject", "verdict", "observed"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_ap_1_each_fault_is_found_and_nothing_else(
    changes: dict[str, object], subject: str, verdict: str, observed: str
) -> None:
    state = replace(WELL, **changes)  # type: ignore[arg-type]  # every case names real fields
    finding = found(state, subject)
    assert (str(finding.verdict), finding.observed.en) == (verdict, observed)
    others = {other.verdict for other in judge(state, PLANNED) if other.id != subject}
    assert others == {Verdict.OK}


def test_a_machine_outside_the_plan_is_named() -> None:
    state = replace(WELL, machines=(*WELL.machines, Machine("test-copy", True, True, "green")))
    finding = found(state, "health.vm.unplanned")
    assert (finding.verdict, finding.observed.en) == (Verdict.ATTENTION, "test-copy")


def test_a_line_reads_in_both_languages() -> None:
    line = found(replace(WELL, sensors=(HOT,)), "health.hardware").line()
    assert line.startswith("[異常/BAD] ハードウェアのセンサー / Hardware sensors: ")
