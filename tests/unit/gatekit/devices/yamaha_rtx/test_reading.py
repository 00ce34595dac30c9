"""The reader finds the plan again in the text, and nothing that was changed in the text escapes it."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.errors import DeviceError, RenderError
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from gatekit.simulators.yamaha_rtx.device import load
from tests.sites import parts_of, vendor_plan

PATTERNS = ("pattern1", "pattern2", "pattern3")
CASES = [
    (name, device)
    for name in PATTERNS
    for device in ("cpe_main", "cpe_spare")
    if device in parts_of(vendor_plan("yamaha_rtx", name))
]


def part(name: str = "pattern1", device: str = "cpe_main") -> CpePart:
    found = parts_of(vendor_plan("yamaha_rtx", name))[device]
    assert isinstance(found, CpePart)
    return found


def shown_by_the_router(text: str) -> str:
    """Return what ``show config`` of the simulator makes of it: another order, secrets hidden."""
    router = Configuration()
    load(router, text, reveal=lambda line: reveal("test", line, {"cpe_password": "w1", "vpn_psk": "w2"}))
    return router.text()


@pytest.mark.parametrize(("name", "device"), CASES)
def test_the_text_means_what_the_plan_asks(name, device):
    one = part(name, device)
    assert PLATFORM.meaning(PLATFORM.render(one), one) == meaning_of(one)


@pytest.mark.parametrize(("name", "device"), CASES)
def test_what_the_router_shows_means_the_same(name, device):
    one = part(name, device)
    assert PLATFORM.meaning(shown_by_the_router(PLATFORM.render(one)), one) == meaning_of(one)


def test_an_unknown_line_of_ours_is_named():
    one = part()
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(PLATFORM.render(one) + "ip route 10.9.0.0/16 gateway pp 1\n", one)
    assert refused.value.facts[:3] == ("GW427", "cpe.configuration", "ip route 10.9.0.0/16 gateway pp 1")


def test_what_is_not_ours_means_nothing():
    one = part()
    theirs = (
        "snmp sysname theirs\nlogin user suzuki *\nuser attribute suzuki connection=ssh\nsshd host key generate *\n"
    )
    with_theirs = theirs + PLATFORM.render(one)
    assert PLATFORM.meaning(with_theirs, one) == meaning_of(one)


def test_a_firewalls_part_is_refused():
    plan = vendor_plan("yamaha_rtx", "pattern1")
    with pytest.raises(RenderError) as refused:
        PLATFORM.render(plan.firewall)
    assert refused.value.facts[:3] == ("GW302", "firewall", "linux")
