"""A simulated RTX, its part of a plan, and the engine that changes it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Observed, Outcome
from gatekit.devices.change.record import DeviceRecord, confirmed
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.session import Session
from gatekit.devices.change.way_back import Pace
from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.devices.yamaha_rtx.configuration import comparable
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal
from gatekit.simulators import Clock, Simulator
from gatekit.simulators.yamaha_rtx import YamahaRtx, load
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from tests.sites import parts_of, vendor_plan

SECRETS = {"cpe_password": "Cpe-Word-7", "vpn_psk": "Psk-Word-8"}
KEY = "fingerprint-key-of-the-vault"
PACE = Pace(retry_s=0.1, login_s=20.0, back_s=30.0)  # generous: the machine may be busy
STAGING = IPv4Address("10.161.1.250")
UNSEEN = tuple(SECRETS.values())


def cpe(name: str = "pattern1", device: str = "cpe_main") -> CpePart:
    found = parts_of(vendor_plan("yamaha_rtx", name))[device]
    assert isinstance(found, CpePart)
    return found


def replaced(part: CpePart, **fields: Any) -> CpePart:
    return CpePart(part.plan.model_copy(update=fields), part.unit)


def with_secrets(line: str) -> str:
    return reveal("test", line, SECRETS)


def observed(router: Configuration) -> Observed:
    """Return what a look at a router finds, without a session."""
    text = comparable(router.text())
    return Observed(
        running=text,
        startup=text,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        open_edit=None,
        version="Rev.23.00.14",
        model="RTX1300",
    )


def configured(part: CpePart) -> Configuration:
    router = Configuration()
    load(router, PLATFORM.render(part), reveal=with_secrets)
    return router


class Lab:
    """A router behind its port, and one way to change it."""

    def __init__(self, router: YamahaRtx, simulator: Simulator, folder: Path) -> None:
        self.router, self.simulator = router, simulator
        self.part = cpe()
        self.record = DeviceRecord(folder, "cpe", KEY)
        self.said: list[str] = []

    def request(self, **conditions: Any) -> ChangeRequest:
        wanted: dict[str, Any] = {
            "part": self.part,
            "secrets": SECRETS,
            "plan_sha256": "0" * 64,
            "undo_after_s": 3600,  # a minute of ours
            "interruption_allowed": True,
            "pace": PACE,
            **conditions,
        }
        return ChangeRequest(platform=PLATFORM, login=self.simulator.login(SECRETS["cpe_password"]), **wanted)

    def change(self, **conditions: Any) -> Outcome:
        return change_device(self.request(**conditions), self.record, self.said.append)

    def session(self) -> Session:
        connection = PLATFORM.connect(self.simulator.login(SECRETS["cpe_password"]))
        return Session(connection, "cpe", PLATFORM.refusals, SECRETS)

    def running(self) -> str:
        return self.simulator.run(self.router.running_text)

    def startup(self) -> str:
        return self.simulator.run(self.router.startup.text)

    def lose_power(self) -> None:
        """Take the power away, and return when the router is up again."""
        self.simulator.power_cycle(1.0)
        ends_at = time.monotonic() + 5
        while not self.simulator.run(lambda: self.router.powered) and time.monotonic() < ends_at:
            time.sleep(0.02)

    def type(self, line: str, tunnel: int = 0) -> None:
        """Change a line as another administrator does, unsaved."""
        self.simulator.run(lambda: self.router.apply(line, tunnel))


@pytest.fixture
def make_lab(tmp_path) -> Iterator[Callable[..., Lab]]:
    opened: list[Simulator] = []

    def make(lines: str | None = None, *, speed: float = 60.0, **link: Any) -> Lab:
        """Return a lab; without lines the router has pattern 1's configuration already."""
        text = with_secrets(PLATFORM.render(cpe())) if lines is None else lines
        users = {"gwops": SECRETS["cpe_password"]}
        router = YamahaRtx("cpe", clock=Clock(speed), users=users, client_address=STAGING, lines=text)
        simulator = Simulator(router, **link)
        opened.append(simulator)
        lab = Lab(router, simulator.__enter__(), tmp_path / "devices")
        if lines is None:
            text = PLATFORM.render(lab.part)
            lab.record.confirm(confirmed(lab.part, text, "0" * 64, plan_sha256="0" * 64), SECRETS)
        return lab

    yield make
    for simulator in opened:
        simulator.__exit__(None, None, None)


@pytest.fixture
def lab(make_lab) -> Lab:
    return make_lab()
