"""Stateful stand-ins for the vendors' devices, behind a real SSH port; used through netmiko like the real thing.

``Simulator`` opens the port, ``SimulatedDevice`` is what one platform's folder fills with life. Every text that
the vendor reference does not verify stands in that folder's ``words.py``.
"""

from gatekit.simulators.clock import Clock, Timer
from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.server import Simulator
from gatekit.simulators.terminal import Closed, Interrupted, Terminal

__all__ = ["Clock", "Closed", "Interrupted", "SimulatedDevice", "Simulator", "Terminal", "Timer"]
