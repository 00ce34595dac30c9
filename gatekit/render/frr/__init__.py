"""FRR: the one route on the hospital's L3 switch, as its configuration spells it."""

from gatekit.render.frr.route import inverse_lines, route_lines

__all__ = ["inverse_lines", "route_lines"]
