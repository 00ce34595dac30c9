"""The mains fail: real NUT and systemd on VM2 and VM1, a UPS that is played, the simulated ESXi host; no controller.

A short failure and a low battery are shown on the whole site: tests/stories/site/test_power_failure.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories.esxi import simulator, site
from tests.stories.esxi.simulator import Simulator
from tests.stories.ups.guests import LOW_BATTERY, ON_BATTERY, SECRETS, Guest, installed, podman

pytestmark = pytest.mark.story

ON_BATTERY_S = 15
JOURNAL = "/var/lib/gatekit-ups/journal.jsonl"


@dataclass
class Appliance:
    """The host with three machines, of which VM2 and VM1 are real ones; VM3 is the host's alone."""

    host: Simulator
    vm2: Guest
    vm1: Guest

    def control(self, path: str, body: object = None, method: str = "POST") -> str:
        return self.vm2.inside(lambda: self.host.control(path, body, method))

    def is_on(self) -> bool:
        return bool(json.loads(self.control("power", method="GET"))["on"])

    def journal(self) -> list[tuple[str, str]]:
        """Return what VM2's journal says, without times."""
        return [(row["what"], row["event"]) for row in map(json.loads, self.vm2.read(JOURNAL).splitlines())]


@pytest.fixture(scope="module")
def images() -> Iterator[dict[str, str]]:
    found = {machine: installed(machine) for machine in ("vm1", "vm2")}
    yield found
    podman("image", "rm", "--force", *found.values())


@pytest.fixture
def appliance(images: dict[str, str], esxsim: Path, certificates: Path) -> Iterator[Appliance]:
    vm2 = Guest("vm2", "ends", images["vm2"])
    vm1 = Guest("vm1", "ends", images["vm1"], f"container:{vm2.name}")
    host = vm2.inside(lambda: started(esxsim, certificates))
    try:
        for guest in (vm2, vm1):
            guest.install(host.ca, ON_BATTERY_S)
        until(lambda: "gwclient@" in vm2.log() and "gwserver@" in vm2.log())
        yield Appliance(host, vm2, vm1)
    finally:
        simulator.stop(host)
        for guest in (vm1, vm2):
            guest.remove()


def started(esxsim: Path, certificates: Path) -> Simulator:
    """Return the planned host with its machines, at the address and port that VM2 knows."""
    running = simulator.start(esxsim, certificates, "-control", "-listen", f"{simulator.ADDRESS}:443")
    with site.session(running) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
    running.control("second?ms=10")
    return running


def until(holds: Callable[[], bool], limit_s: float = 60.0) -> None:
    ends_s = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < ends_s
        time.sleep(0.2)


def test_ap_5_too_long_on_battery_stops_everything_in_order_and_vm2_last(appliance: Appliance) -> None:
    for name in ("vm1", "vm3"):
        appliance.control("guest", {"VM": name, "ShutdownFor": 500})
    said = appliance.vm2.log() + appliance.vm1.log() + appliance.vm2.run("ps", "axww")
    assert not [name for name, value in SECRETS.items() if value in said]
    appliance.vm2.say(ON_BATTERY)
    until(lambda: not appliance.vm2.is_on(), 90.0)
    assert appliance.journal() == [
        ("shutdown", "begins; there is no way back"),
        ("vm3", "is asked to shut down"),
        ("vm3", "is off"),
        ("vm1", "is asked to shut down"),
        ("vm1", "is off"),
        ("ups", "could not be told to cut its output: CMD-NOT-SUPPORTED"),  # it is played
        ("host", "is told to shut down"),
        ("host", "has taken it"),
        ("shutdown", "ends; this machine goes last"),
    ]


def test_ap_5_where_the_host_refuses_vm1_stops_by_itself_and_vm2_ends_in_time(appliance: Appliance) -> None:
    appliance.control("fault", {"Method": "Login", "Fault": "InvalidLogin", "Max": 10000})
    begun_s = time.monotonic()
    appliance.vm2.say(LOW_BATTERY)
    until(lambda: not appliance.vm1.is_on())
    assert time.monotonic() - begun_s > 8.0  # not before its turn
    until(lambda: not appliance.vm2.is_on(), 120.0)
    assert ("vm3", "InvalidLogin") in appliance.journal()
    assert appliance.journal()[-2:] == [
        ("host", "does not shut down"),
        ("shutdown", "ends; this machine goes last"),
    ]
