"""A simulated NEC UNIVERGE IX; what no source confirms stands in ``words``."""

from gatekit.simulators.nec_ix.configuration import Configuration
from gatekit.simulators.nec_ix.device import NecIx
from gatekit.simulators.nec_ix.factory import factory_fresh

__all__ = ["Configuration", "NecIx", "factory_fresh"]
