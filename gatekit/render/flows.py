"""What a renderer asks of the flows of one host."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address

from gatekit.errors import RenderError
from gatekit.plan.flow import Endpoint, Flow

__all__ = ["incoming", "listener_port", "outgoing"]


def _covers(end: Endpoint, address: IPv4Address) -> bool:
    return any(address in network for network in end.networks)


def incoming(flows: Iterable[Flow], address: IPv4Address) -> tuple[Flow, ...]:
    """Return the flows that end at the address, in the plan's order."""
    return tuple(flow for flow in flows if _covers(flow.destination, address))


def outgoing(flows: Iterable[Flow], address: IPv4Address) -> tuple[Flow, ...]:
    """Return the flows that start at the address, in the plan's order."""
    return tuple(flow for flow in flows if _covers(flow.source, address))


def listener_port(flows: Iterable[Flow], listener: str, server: IPv4Address) -> int:
    """Return the first port of the flow to that listener at that server.

    Raises:
        RenderError: GW302 when the plan permits no such flow: the client would only run into a filter.
    """
    for flow in flows:
        if flow.listener == listener and flow.ports and _covers(flow.destination, server):
            return flow.ports[0]
    raise RenderError("GW302", f"flows.{listener}", str(server), f"Let the plan permit a flow to {listener} there.")
