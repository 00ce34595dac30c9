"""A Cisco router as it leaves its box; what its console asks first stands in ``console``."""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.device import CiscoIosDevice
from gatekit.simulators.clock import Clock


def factory_fresh(
    clock: Clock,
    client_address: IPv4Address,
    *,
    address: IPv4Address | None = None,
    serial: str = words.SERIAL,
) -> CiscoIosDevice:
    """Return a router as it leaves its box: nothing saved, no host key, its console in the setup dialogue."""
    box = CiscoIosDevice(words.FACTORY, clock, {}, client_address, address=address)
    box.startup, box.has_host_key, box.serial = None, False, serial
    return box
