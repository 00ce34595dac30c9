"""A simulated Comware switch; what no source confirms stands in ``words``."""

from gatekit.simulators.comware.configuration import Configuration
from gatekit.simulators.comware.device import Comware

__all__ = ["Comware", "Configuration"]
