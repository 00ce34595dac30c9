"""Allied Telesis AlliedWare Plus as the hospital's L3 switch: exactly our route."""

from gatekit.render.alliedware_plus.route import removal_lines, route_lines

__all__ = ["removal_lines", "route_lines"]
