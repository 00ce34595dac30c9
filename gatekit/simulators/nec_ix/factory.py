"""A UNIVERGE IX as it leaves its box."""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.simulators.clock import Clock
from gatekit.simulators.nec_ix import words
from gatekit.simulators.nec_ix.configuration import Configuration
from gatekit.simulators.nec_ix.device import NecIx


def factory_fresh(client_address: IPv4Address, *, clock: Clock | None = None, serial: str = words.SERIAL) -> NecIx:
    """Return a box that nobody has configured: no account, no address, no host key, every port shut."""
    box = NecIx(Configuration(), client_address, clock=clock)
    box.has_host_key, box.serial = False, serial
    return box
