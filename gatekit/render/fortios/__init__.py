"""FortiOS configuration of the firewall, in the form in which `show` prints it."""

from gatekit.render.fortios.firewall import firewall_config

__all__ = ["firewall_config"]
