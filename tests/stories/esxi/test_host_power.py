"""The host's own power as a client sees it: shutdown, silence, and the start sequence when power is back."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.errors import DeviceError
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

DEADLINE_S = 20.0


def power(esxi: Simulator) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(esxi.control("power", method="GET"))
    return state


def await_event(esxi: Simulator, wanted: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the journal once an event (machine, what) is in it."""
    end = time.monotonic() + DEADLINE_S
    while True:
        events = [(str(event.get("vm", "")), str(event["event"])) for event in power(esxi)["journal"]]
        if wanted in events:
            return events
        assert time.monotonic() < end, events
        time.sleep(0.05)


def test_ap_5_a_shutdown_asks_the_sequence_and_power_brings_it_back_in_order(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
        esxi.control("second?ms=1")
        session.write("shutdown", lambda: host_system(session).ShutdownHost_Task(True))
        stopped = await_event(esxi, ("", "off"))
    order = [row.vm for row in sorted(site.host_plan().autostart, key=lambda row: row.order)]
    assert stopped == [("", "shutdownHost"), *((vm, "guestShutdown") for vm in reversed(order)), ("", "off")]
    with pytest.raises(DeviceError) as caught, site.session(esxi):
        pass
    assert caught.value.code == "GW402"
    esxi.control("power/on")
    started = await_event(esxi, (order[-1], "powerOn"))[len(stopped) :]
    assert started == [("", "on"), *((vm, "powerOn") for vm in order)]
    with site.session(esxi) as session:
        assert {vm.name: vm.powered_on for vm in observe_site(session).vms} == dict.fromkeys(order, True)


def test_a_power_cut_asks_nobody(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
    esxi.control("power/off")
    events = await_event(esxi, ("", "off"))
    assert {what for vm, what in events if vm} == {"powerOff"}
