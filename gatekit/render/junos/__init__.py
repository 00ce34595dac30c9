"""Junos in set format: the SRX as the site's firewall, the EX as the hospital's L3 switch."""

from gatekit.render.junos.firewall import firewall_config
from gatekit.render.junos.route import route_lines

__all__ = ["firewall_config", "route_lines"]
