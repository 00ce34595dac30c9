"""HPE Aruba AOS-CX as the hospital's L3 switch: exactly our route."""

from gatekit.render.aos_cx.route import removal_lines, route_lines

__all__ = ["removal_lines", "route_lines"]
