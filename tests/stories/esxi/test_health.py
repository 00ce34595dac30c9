"""The host's health, each finding provoked at the real simulator process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekit.devices.esxi.health import Finding, judge
from gatekit.devices.esxi.health_read import observe_health
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_read import vm_refs
from tests.contract.module_runs import run
from tests.stories.esxi import simulator, site
from tests.stories.esxi.loopback import PASSWORDS
from tests.stories.esxi.simulator import Simulator
from tests.stories.esxi.test_modules import host_arguments

pytestmark = pytest.mark.story

PLANNED = ("vm1", "vm2", "vm3")
DAY_S = 86400


@pytest.fixture
def running(esxi: Simulator) -> Simulator:
    """Return a host as planned, licensed, with its three machines on."""
    esxi.control("licence", {"Edition": "esx.standard.cpuPackageCoreLimited"})
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
    return esxi


def findings(esxi: Simulator) -> dict[str, Finding]:
    with site.session(esxi) as session:
        return {finding.id: finding for finding in judge(observe_health(session), PLANNED)}


def verdicts(esxi: Simulator) -> dict[str, str]:
    return {name: str(finding.verdict) for name, finding in findings(esxi).items()}


NO_TOOLS = {f"health.vm.{name}": "attention" for name in PLANNED}
"""No guest is behind these machines, and that is said."""

WELL = {
    "health.hardware": "ok", "health.datastore.datastore1": "ok", **NO_TOOLS, "health.snapshots": "ok",
    "health.certificate": "ok", "health.licence": "ok", "health.host": "ok",
}  # fmt: skip


def test_ap_1_a_host_as_planned_is_well(running: Simulator) -> None:
    assert verdicts(running) == WELL
    sensors = findings(running)["health.hardware"].observed.en
    assert int(sensors.split()[0]) > 30


def power_off(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        first = next(vm for vm in vm_refs(session) if vm.name == "vm1")
        finish(session, [Started("off", first.PowerOffVM_Task())], 10)


def snapshot(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        first = next(vm for vm in vm_refs(session) if vm.name == "vm1")
        task = first.CreateSnapshot_Task(name="before the update", description="", memory=False, quiesce=False)
        finish(session, [Started("snapshot", task)], 10)


def forget_snapshot(esxi: Simulator) -> None:
    snapshot(esxi)
    esxi.control(f"clock?advance_s={8 * DAY_S}")


def stranger(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        first = next(vm for vm in vm_refs(session) if vm.name == "vm1")
        finish(session, [Started("rename", first.Rename_Task("somebody-elses"))], 10)


def order(path: str, **facts: object) -> Callable[[Simulator], None]:
    """Return what asks the simulator for a state of its own."""

    def send(esxi: Simulator) -> None:
        esxi.control(path, facts)

    return send


def sensor(name: str, state: str) -> Callable[[Simulator], None]:
    return order("sensor", Name=name, State=state, Reading=95, Unit="Degrees C")


def store(**facts: object) -> Callable[[Simulator], None]:
    return order("datastore", Name="datastore1", **facts)


def licence(edition: str, days: float | None = None) -> Callable[[Simulator], None]:
    return order("licence", Edition=edition, Days=days)


def later(days: int) -> Callable[[Simulator], None]:
    return order(f"clock?advance_s={days * DAY_S}")


STORE = "health.datastore.datastore1"
FAULTS = [
    pytest.param(sensor("CPU 1 Temp", "red"), {"health.hardware": "bad"}, id="a-hot-processor"),
    pytest.param(sensor("Disk 1", "yellow"), {"health.hardware": "attention"}, id="a-worn-disk"),
    pytest.param(store(FreePercent=15), {STORE: "attention"}, id="little-space"),
    pytest.param(store(FreePercent=4), {STORE: "bad"}, id="no-space"),
    pytest.param(store(Accessible=False), {STORE: "bad"}, id="a-lost-datastore"),
    pytest.param(power_off, {"health.vm.vm1": "bad"}, id="a-vm-that-is-off"),
    pytest.param(stranger, {"health.vm.vm1": "bad", "health.vm.unplanned": "attention"}, id="another-vm-in-its-place"),
    pytest.param(snapshot, {"health.snapshots": "attention"}, id="a-snapshot"),
    pytest.param(forget_snapshot, {"health.snapshots": "bad"}, id="a-snapshot-older-than-a-week"),
    pytest.param(licence("esxBasic"), {"health.licence": "bad"}, id="the-free-licence"),
    pytest.param(licence("eval", 29), {"health.licence": "attention"}, id="an-evaluation-that-ends-soon"),
    pytest.param(licence("eval", -1), {"health.licence": "bad"}, id="an-evaluation-that-has-ended"),
    pytest.param(later(35), {"health.certificate": "attention"}, id="a-certificate-that-ends-soon"),
    pytest.param(later(61), {"health.certificate": "bad"}, id="a-certificate-that-has-ended"),
]


@pytest.mark.parametrize(("provoke", "changed"), FAULTS)
def test_ap_1_each_fault_of_the_host_is_found(
    running: Simulator, provoke: Callable[[Simulator], None], changed: dict[str, str]
) -> None:
    provoke(running)
    assert verdicts(running) == WELL | changed


def health_arguments(esxi: Simulator, build: Path) -> dict[str, object]:
    build.mkdir(exist_ok=True)
    (build / "plan.json").write_text(site.plan().model_dump_json())
    plan = site.host_plan()
    return {
        "host": simulator.ADDRESS, "port": esxi.port, "password": PASSWORDS[plan.user], "build": str(build),
        "ca_pem": str(esxi.folder / "ca.pem"), "plan": plan.model_dump(mode="json"), "machines": list(PLANNED),
    }  # fmt: skip


def test_the_module_records_what_it_found_and_fails_on_what_is_bad(esxi: Simulator, tmp_path: Path) -> None:
    esxi.control("licence", {"Edition": "esx.standard.cpuPackageCoreLimited"})
    run("esxi_host", host_arguments(esxi))  # makes the account that reads
    with site.session(esxi) as session:
        site.build_vms(session, site.windows_wishes())
    arguments = health_arguments(esxi, tmp_path / "kita")
    esxi.control("calls", method="DELETE")
    well = run("esxi_health", arguments)
    asked = json.loads(esxi.control("calls", method="GET"))
    sensor("CPU 1 Temp", "red")(esxi)
    hot = run("esxi_health", arguments)
    record = json.loads((tmp_path / "kita" / "health.json").read_text())
    assert (well.get("failed", False), well["changed"], asked["writes"]) == (False, False, 0)
    assert {row["id"]: row["verdict"] for row in well["findings"]} == WELL
    said = "CPU 1 Temp red (95 Degrees C)"
    assert hot["failed"] is True
    assert hot["lines"][0] == f"[異常/BAD] ハードウェアのセンサー / Hardware sensors: {said} / {said}"
    assert hot["msg"].splitlines() == hot["lines"]
    assert (tmp_path / "kita" / "health.md").read_text().splitlines()[2:] == [f"- {line}" for line in hot["lines"]]
    assert (record["site"], record["findings"][0]["verdict"]) == (site.plan().site, "bad")
    assert PASSWORDS[site.host_plan().user] not in json.dumps(record)


def test_check_mode_asks_and_keeps_no_record(esxi: Simulator, tmp_path: Path) -> None:
    run("esxi_host", host_arguments(esxi))
    asked = run("esxi_health", health_arguments(esxi, tmp_path / "kita"), check=True)
    assert (asked["failed"], [row["id"] for row in asked["findings"] if row["verdict"] == "bad"]) == (
        True, [f"health.vm.{name}" for name in PLANNED],
    )  # fmt: skip
    assert not (tmp_path / "kita" / "health.json").exists()
