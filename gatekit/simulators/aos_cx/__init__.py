"""A simulated AOS-CX switch; what no source confirms stands in ``words``."""

from gatekit.simulators.aos_cx.configuration import Configuration
from gatekit.simulators.aos_cx.device import AosCx

__all__ = ["AosCx", "Configuration"]
