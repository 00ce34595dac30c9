"""Judges a reading of the host's health. Pure: the same reading gives the same findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gatekit.devices.esxi.health_state import DatastoreSpace, HealthState, Machine, Sensor, SensorColour
from gatekit.model import Frozen, Text

__all__ = ["LIMITS", "Finding", "Limits", "Verdict", "judge"]


class Verdict(StrEnum):
    """``attention``: look at it in working hours; ``bad``: the play ends red."""

    OK = "ok"
    ATTENTION = "attention"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a reading is no longer well.

    Below ``bad_free_percent`` a thick disk cannot grow and a snapshot stops its machine; older snapshots than a week
    are forgotten ones (reference A.4.4: removed within 24 h, alarm on any older one).
    """

    low_free_percent: int = 20
    bad_free_percent: int = 10
    oldest_snapshot: timedelta = timedelta(days=7)
    certificate_soon: timedelta = timedelta(days=30)
    certificate_late: timedelta = timedelta(days=7)
    licence_soon: timedelta = timedelta(days=30)


LIMITS = Limits()


class Finding(Frozen):
    """One thing that was judged, in the words of both readers."""

    id: str
    verdict: Verdict
    title: Text
    expected: Text
    observed: Text

    def line(self) -> str:
        """Return the finding as one line, Japanese and English."""
        mark = {Verdict.OK: "正常/OK", Verdict.ATTENTION: "要注意/ATTENTION", Verdict.BAD: "異常/BAD"}[self.verdict]
        return f"[{mark}] {self.title.ja} / {self.title.en}: {self.observed.ja} / {self.observed.en}"


def judge(state: HealthState, planned: Iterable[str], limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Return the findings: hardware, each datastore, each planned machine, snapshots, certificate, licence, host.

    ``planned`` names the machines that have to run.
    """
    names = tuple(planned)
    return (
        _hardware(state.sensors),
        *(_datastore(datastore, limits) for datastore in state.datastores),
        *(_machine(name, state.machines) for name in names),
        *_strangers(names, state.machines),
        _snapshots(state, limits),
        _certificate(state, limits),
        _licence(state, limits),
        _host(state),
    )


def _same(word: str) -> Text:
    return Text(ja=word, en=word)


def _hardware(sensors: tuple[Sensor, ...]) -> Finding:
    """Judge every sensor at once; one that reports nothing is counted, since vendors leave many unfilled."""
    red = [sensor for sensor in sensors if sensor.colour is SensorColour.RED]
    yellow = [sensor for sensor in sensors if sensor.colour is SensorColour.YELLOW]
    green = sum(sensor.colour is SensorColour.GREEN for sensor in sensors)
    observed = _same(", ".join(_sensor(sensor) for sensor in (*red, *yellow)))
    verdict = Verdict.BAD if red else Verdict.ATTENTION if yellow else Verdict.OK
    if not red and not yellow:
        silent = len(sensors) - green
        observed = Text(ja=f"緑{green}、報告なし{silent}", en=f"{green} green, {silent} without a report")
    if not green and not red:
        verdict = Verdict.ATTENTION
        observed = Text(ja="センサーの報告がない", en="no sensor reports; is the vendor's CIM provider or BMC there?")
    return Finding(
        id="health.hardware",
        verdict=verdict,
        title=Text(ja="ハードウェアのセンサー", en="Hardware sensors"),
        expected=Text(ja="赤も黄もない", en="none red, none yellow"),
        observed=observed,
    )


def _sensor(sensor: Sensor) -> str:
    return f"{sensor.name} {sensor.colour}" + (f" ({sensor.reading})" if sensor.reading else "")


def _datastore(datastore: DatastoreSpace, limits: Limits) -> Finding:
    free = 100 * datastore.free_mb // datastore.capacity_mb if datastore.capacity_mb else 0
    if not datastore.accessible:
        verdict, observed = Verdict.BAD, Text(ja="アクセスできない", en="not accessible")
    else:
        low = Verdict.ATTENTION if free < limits.low_free_percent else Verdict.OK
        verdict = Verdict.BAD if free < limits.bad_free_percent else low
        left = f"{free}% ({datastore.free_mb // 1024} GiB)"
        observed = Text(ja=f"空き{left}", en=f"{left} free")
    return Finding(
        id=f"health.datastore.{datastore.name}",
        verdict=verdict,
        title=Text(ja=f"データストア {datastore.name}", en=f"Datastore {datastore.name}"),
        expected=Text(ja=f"空き{limits.low_free_percent}%以上", en=f"at least {limits.low_free_percent}% free"),
        observed=observed,
    )


def _machine(name: str, machines: tuple[Machine, ...]) -> Finding:
    found = next((machine for machine in machines if machine.name == name), None)
    verdict, observed = _machine_state(found)
    return Finding(
        id=f"health.vm.{name}",
        verdict=verdict,
        title=Text(ja=f"仮想マシン {name}", en=f"Virtual machine {name}"),
        expected=Text(ja="稼働中で応答がある", en="powered on and answering"),
        observed=observed,
    )


def _machine_state(machine: Machine | None) -> tuple[Verdict, Text]:
    if machine is None:
        return Verdict.BAD, Text(ja="存在しない", en="not there")
    if machine.question is not None:
        question = machine.question
        return Verdict.BAD, Text(ja=f"回答待ちで停止: {question}", en=f"waits for an answer: {question}")
    if not machine.powered_on:
        return Verdict.BAD, Text(ja="電源オフ", en="powered off")
    if machine.heartbeat == "red":
        return Verdict.BAD, Text(ja="ゲストOSの応答が途絶えた", en="the guest's heartbeat has stopped")
    if machine.heartbeat == "yellow":
        return Verdict.ATTENTION, Text(ja="ゲストOSの応答が途切れがち", en="the guest's heartbeat is irregular")
    if not machine.tools_running:
        return Verdict.ATTENTION, Text(ja="VMware Toolsが動いていない", en="the guest's tools do not run")
    return Verdict.OK, Text(ja="稼働中", en="powered on, tools run")


def _strangers(planned: tuple[str, ...], machines: tuple[Machine, ...]) -> Iterator[Finding]:
    names = sorted(machine.name for machine in machines if machine.name not in planned)
    if names:
        yield Finding(
            id="health.vm.unplanned",
            verdict=Verdict.ATTENTION,
            title=Text(ja="計画にない仮想マシン", en="Virtual machines outside the plan"),
            expected=Text(ja="ない", en="none"),
            observed=_same(", ".join(names)),
        )


def _snapshots(state: HealthState, limits: Limits) -> Finding:
    ages = [(snapshot, state.read_at - snapshot.taken_at) for snapshot in state.snapshots]
    old = any(age > limits.oldest_snapshot for _, age in ages)
    rows = ", ".join(f"{snapshot.vm} '{snapshot.name}' {age.days} d" for snapshot, age in ages)
    return Finding(
        id="health.snapshots",
        verdict=Verdict.BAD if old else Verdict.ATTENTION if ages else Verdict.OK,
        title=Text(ja="スナップショット", en="Snapshots"),
        expected=Text(
            ja=f"ない（最長{limits.oldest_snapshot.days}日）", en=f"none, {limits.oldest_snapshot.days} d at most"
        ),
        observed=_same(rows) if rows else Text(ja="ない", en="none"),
    )


def _left(end: datetime, now: datetime) -> Text:
    days = (end - now).days
    return Text(ja=f"{end:%Y-%m-%d}まで（残り{days}日）", en=f"until {end:%Y-%m-%d} ({days} d left)")


def _certificate(state: HealthState, limits: Limits) -> Finding:
    verdict, observed = Verdict.BAD, Text(ja="読めない", en="cannot be read")
    if state.certificate_ends is not None:
        left = state.certificate_ends - state.read_at
        soon = Verdict.ATTENTION if left < limits.certificate_soon else Verdict.OK
        verdict = Verdict.BAD if left < limits.certificate_late else soon
        observed = _left(state.certificate_ends, state.read_at)
    days = limits.certificate_soon.days
    return Finding(
        id="health.certificate",
        verdict=verdict,
        title=Text(ja="ESXiのサーバー証明書", en="ESXi's server certificate"),
        expected=Text(ja=f"残り{days}日以上", en=f"{days} d left or more"),
        observed=observed,
    )


def _licence(state: HealthState, limits: Limits) -> Finding:
    name, ends = state.licence, state.licence_ends
    verdict, observed = Verdict.OK, Text(ja=f"{name}、期限なし", en=f"{name}, without an end")
    if ends is not None:
        left = ends - state.read_at
        soon = Verdict.ATTENTION if left < limits.licence_soon else Verdict.OK
        verdict = Verdict.BAD if left <= timedelta(0) else soon
        until = _left(ends, state.read_at)
        observed = Text(ja=f"{name}、{until.ja}", en=f"{name}, {until.en}")
    if not state.licence_writes:
        verdict, observed = Verdict.BAD, Text(ja=f"{name}: APIで変更できない", en=f"{name}: no change through the API")
    return Finding(
        id="health.licence",
        verdict=verdict,
        title=Text(ja="ESXiのライセンス", en="ESXi's licence"),
        expected=Text(ja="APIでの変更を許し、期限内", en="allows changes through the API and has not ended"),
        observed=observed,
    )


def _host(state: HealthState) -> Finding:
    observed = _same(state.version)
    if state.in_maintenance:
        observed = Text(ja=f"{state.version}、メンテナンスモード", en=f"{state.version}, in maintenance mode")
    return Finding(
        id="health.host",
        verdict=Verdict.ATTENTION if state.in_maintenance else Verdict.OK,
        title=Text(ja="ESXiホスト", en="ESXi host"),
        expected=Text(ja="通常運転", en="in service"),
        observed=observed,
    )
