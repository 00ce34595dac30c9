"""A simulated ALAXALA AX; what no source confirms stands in ``words``."""

from gatekit.simulators.alaxala_ax.configuration import Configuration
from gatekit.simulators.alaxala_ax.device import AlaxalaAx

__all__ = ["AlaxalaAx", "Configuration"]
