"""A FortiGate behind a real SSH port, and the one way to change it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Outcome
from gatekit.devices.change.record import DeviceRecord, confirmed
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.session import Session
from gatekit.devices.change.way_back import Pace
from gatekit.devices.fortios import PLATFORM
from gatekit.errors import DeviceError
from gatekit.plan.network_device import FirewallPlan
from gatekit.simulators import Simulator
from gatekit.simulators.fortios import FortiGate
from tests.unit.gatekit.simulators.fortios.box import SECRETS, firewall, planned, shown, typed

PACE = Pace(retry_s=0.05, login_s=1.0, back_s=5.0)
SPEED = 200.0  # 600 device seconds are three of ours
LONG_S, SHORT_S = 12_000, 600  # a timer that a loaded machine does not meet, and one that a test waits for


class Lab:
    """One box, one plan, one record."""

    def __init__(self, box: FortiGate, simulator: Simulator, plan: FirewallPlan, folder: Path) -> None:
        self.box, self.simulator, self.plan = box, simulator, plan
        self.record = DeviceRecord(folder, "firewall", "fingerprint-key-of-the-vault")
        self.said: list[str] = []

    def remember(self) -> None:
        """As after a first run: the record knows which secrets the box has."""
        state = confirmed(self.plan, PLATFORM.render(self.plan), "", plan_sha256="0" * 64)
        self.record.confirm(state, {name: SECRETS[name] for name in SECRETS if self.plan.tunnel or name != "vpn_psk"})

    def session(self, password: str | None = None) -> Session:
        connection = PLATFORM.connect(self.simulator.login(password))
        session = Session(connection, "firewall", PLATFORM.refusals, SECRETS)
        PLATFORM.prepare(session)
        return session

    def change(self, plan: FirewallPlan | None = None, **conditions: Any) -> Outcome:
        wanted = {"undo_after_s": LONG_S, "interruption_allowed": True, "pace": PACE, "secrets": SECRETS, **conditions}
        part = plan or self.plan
        login = self.simulator.login()
        request = ChangeRequest(platform=PLATFORM, login=login, part=part, plan_sha256="0" * 64, **wanted)
        return change_device(request, self.record, self.said.append)

    def change_when_back(self, limit_s: float = 20.0) -> Outcome:
        """Change; a run whose reading the restart cuts says so (GW402) and is made once more."""
        ends_at = time.monotonic() + limit_s
        while True:
            try:
                return self.change()
            except DeviceError as error:
                if error.code != "GW402" or time.monotonic() > ends_at:
                    raise

    def shown(self) -> str:
        return self.simulator.run(lambda: shown(self.box))

    def value(self, table: str, key: str) -> str:
        return self.simulator.run(lambda: self.box.running.value(table, key))

    def typed(self, *lines: str) -> None:
        """Type lines as another administrator would."""
        self.simulator.run(lambda: typed(self.box, *lines))


type MakeLab = Callable[..., Lab]


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[MakeLab]:
    opened: list[Simulator] = []

    def make(
        plan: FirewallPlan | None = None,
        make_box: Callable[..., FortiGate] = planned,
        chunk_bytes: int = 0,
        delay_s: float = 0.0,
        **options: Any,
    ) -> Lab:
        part = plan or firewall()
        box = make_box(part, **{"speed": SPEED, **options})
        simulator = Simulator(box, chunk_bytes=chunk_bytes, delay_s=delay_s)
        opened.append(simulator)
        lab = Lab(box, simulator.__enter__(), part, tmp_path / "devices")
        if make_box is planned:
            lab.remember()
        return lab

    yield make
    for simulator in opened:
        simulator.__exit__(None, None, None)


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    return make_lab()
