"""H3C Comware and NEC QX as the hospital's L3 switch: exactly our route."""

from gatekit.render.comware.route import removal_lines, route_lines

__all__ = ["removal_lines", "route_lines"]
