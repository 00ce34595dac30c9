"""A simulated L3 switch, the platform that changes it, and the engine in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from gatekit.devices.alliedware_plus import PLATFORM as ALLIEDWARE_PLUS
from gatekit.devices.aos_cx import PLATFORM as AOS_CX
from gatekit.devices.change.access import Access
from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ChangeSet, Observed, Outcome
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_platform import SwitchPlatform
from gatekit.devices.change.way_back import Pace
from gatekit.devices.comware import PLATFORM as COMWARE
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.simulators import Simulator
from gatekit.simulators.switch import SimulatedSwitch, SwitchConfiguration
from tests.unit.gatekit.simulators.alliedware_plus import switches as alliedware_plus
from tests.unit.gatekit.simulators.aos_cx import switches as aos_cx
from tests.unit.gatekit.simulators.comware import switches as comware

PACE = Pace(retry_s=0.1, login_s=3.0, back_s=2.5)


@dataclass(frozen=True)
class Kind:
    """One product: what changes it and what stands for it."""

    platform: SwitchPlatform
    boxes: ModuleType

    @property
    def ours(self) -> str:
        return self.boxes.OURS

    @property
    def removal(self) -> str:
        return f"{self.platform.negation}{self.ours}"

    @property
    def plan(self) -> SwitchRoutePlan:
        return self.boxes.plan()

    def route(self, network: str, hop: str) -> str:
        """Return a route of the hospital's own, as the box shows it."""
        old = "10.161.4.0 24" if " 24 " in self.ours else "10.161.4.0/24"
        new = network.replace("/", " ") if " 24 " in self.ours else network
        return self.ours.replace(old, new).replace("192.168.10.5", hop)

    def configuration(self, extra: str = "") -> SwitchConfiguration:
        return self.boxes.configuration(extra)

    def switch(self, extra: str = "", **habits: Any) -> SimulatedSwitch:
        return self.boxes.switch(extra, **habits)

    def observed(self, configuration: str) -> Observed:
        running = self.platform.reading.settled(configuration)
        return Observed(running=running, startup=running, fingerprint="", open_edit=None, version="", model="")


KINDS = {
    "comware": Kind(COMWARE, comware),
    "alliedware_plus": Kind(ALLIEDWARE_PLUS, alliedware_plus),
    "aos_cx": Kind(AOS_CX, aos_cx),
}


@dataclass
class Lab:
    kind: Kind
    switch: Any
    simulator: Simulator
    record: DeviceRecord

    def change(self, platform: SwitchPlatform | None = None, **conditions: Any) -> Outcome:
        wanted = {"secrets": {}, "plan_sha256": "0" * 64, "pace": PACE, "undo_after_s": 60, **conditions}
        login, chosen = self.simulator.login(), platform or self.kind.platform
        return change_device(ChangeRequest(platform=chosen, login=login, part=self.kind.plan, **wanted), self.record)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Access(self.kind.platform, self.simulator.login(), self.kind.plan, {}).visit() as session:
            yield session

    def running(self) -> str:
        return self.simulator.run(self.switch.running_text)

    def startup(self) -> str:
        return self.simulator.run(self.switch.startup.text)

    def type(self, line: str, section: str | None = None) -> None:
        """Let somebody else configure a line."""
        self.simulator.run(lambda: self.switch.running.take(line, section))

    def power_cycle(self) -> None:
        self.simulator.power_cycle(0.2)
        wait_until(lambda: self.simulator.run(lambda: self.switch.powered))


@contextmanager
def lab(kind: Kind, folder: Path, box: SimulatedSwitch | None = None, **link: Any) -> Iterator[Lab]:
    chosen = box or kind.switch()
    with Simulator(chosen, **link) as simulator:
        yield Lab(kind, chosen, simulator, DeviceRecord(folder, "l3_switch", "key-of-the-vault"))


def wait_until(is_so: Callable[[], bool], limit_s: float = 10.0) -> None:
    ends_at = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def with_extra(platform: SwitchPlatform, *lines: str) -> SwitchPlatform:
    """Return the platform with lines added at the end of every change, to see what they do to the switch."""

    class Extra(type(platform)):  # type: ignore[misc]
        def change_set(self, observed: Observed, part: Any, *, renewed_secrets: frozenset[str]) -> ChangeSet:
            found: ChangeSet = super().change_set(observed, part, renewed_secrets=renewed_secrets)
            return found if found.empty else found.model_copy(update={"forward": (*found.forward, *lines)})

    return Extra()


def with_transaction(platform: SwitchPlatform, step: str, action: Callable[[Session], None]) -> SwitchPlatform:
    """Return the platform with an action right before one step of its transactions."""

    class Watched(type(platform)):  # type: ignore[misc]
        def transaction(self) -> Any:
            inner = super().transaction()
            done = getattr(inner, step)

            def act(session: Session, *rest: Any) -> None:
                action(session)
                done(session, *rest)

            setattr(inner, step, act)
            return inner

    return Watched()
