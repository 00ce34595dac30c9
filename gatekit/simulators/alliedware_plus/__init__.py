"""A simulated AlliedWare Plus switch; what no source confirms stands in ``words``."""

from gatekit.simulators.alliedware_plus.configuration import Configuration
from gatekit.simulators.alliedware_plus.device import AlliedWarePlus

__all__ = ["AlliedWarePlus", "Configuration"]
