"""Cisco IOS and IOS-XE: the CPE of patterns 1 to 3, and the one route on the hospital's L3 switch."""

from gatekit.render.cisco_ios.cpe import cpe_config
from gatekit.render.cisco_ios.route import removal_lines, route_lines

__all__ = ["cpe_config", "removal_lines", "route_lines"]
