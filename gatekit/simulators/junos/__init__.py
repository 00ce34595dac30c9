"""A Junos box: candidate and active configuration, confirmed commits that fire, two admins at once."""

from gatekit.simulators.junos.device import JunosDevice

__all__ = ["JunosDevice"]
