"""Which packets an RTX lets in and out, port by port, from the plan's flows.

An RTX decides per interface and direction, the first filter that fits counts, and a packet that fits none is
dropped. Its filters do not remember connections; ``dynamic`` ones do. The firewall behind decides on what passes
through; here stand what reaches the CPE itself, where addresses may lie, and what must never leave in clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import CpePlan
from gatekit.render.yamaha_rtx.filters import FilterBook, address

REFUSE = "reject-log"


@dataclass(frozen=True)
class Lists:
    """Filter numbers by where they are bound."""

    lan_in: tuple[int, ...]
    wan_in: tuple[int, ...]
    wan_out: tuple[int, ...]
    wan_out_dynamic: tuple[int, ...]
    tunnel_in: tuple[int, ...]
    tunnel_out: tuple[int, ...]
    tunnel_out_dynamic: tuple[int, ...]
    ipv6_in: tuple[int, ...]
    ipv6_nothing: tuple[int, ...]


def filter_lists(plan: CpePlan, book: FilterBook) -> Lists:
    """Return the lists of one CPE and write their filters into the book."""
    inward = [flow for flow in plan.flows if flow.route[-1] == "cpe"]
    _refuse_other_ways(inward)
    lan = [flow for flow in inward if flow.source.zone is Zone.DMZ]
    tunnel = [flow for flow in inward if flow.source.zone is Zone.DATA_CENTRE]
    line = [flow for flow in inward if flow.source.zone is Zone.UNTRUST]
    ends = plan.tunnel.local.networks, plan.tunnel.remote.networks
    through_line = _through_line(plan)
    return Lists(
        lan_in=tuple(map(book.ip, (*_to_itself(plan, lan, ends[0]), *_from(ends[0]), _nothing()))),
        wan_in=tuple(map(book.ip, (*_dhcp(plan, "67 68"), _nothing()))),
        wan_out=tuple(map(book.ip, (*_never(plan), *_dhcp(plan, "68 67"), *_passes(through_line), _nothing()))),
        wan_out_dynamic=tuple(map(book.dynamic, _remembered(through_line))),
        tunnel_in=tuple(map(book.ip, (*_to_itself(plan, tunnel, ends[1]), *_between(ends[1], ends[0]), _nothing()))),
        tunnel_out=tuple(map(book.ip, (*_between(*ends), _nothing()))),
        tunnel_out_dynamic=tuple(map(book.dynamic, _own_questions(plan))),
        ipv6_in=tuple(map(book.ipv6, (*_from_line(line), *_line_itself(), f"{REFUSE} * * * * *"))),
        ipv6_nothing=(book.ipv6(f"{REFUSE} * * * * *"),),
    )


def _refuse_other_ways(inward: list[Flow]) -> None:
    for flow in inward:
        if flow.source.zone not in {Zone.DMZ, Zone.DATA_CENTRE, Zone.UNTRUST}:
            fix = "Only the DMZ, the data centre and the tunnel's peer may begin a connection to the CPE."
            raise RenderError("GW302", f"cpe.flows.{flow.id}", flow.source.zone.value, fix)


def _nothing() -> str:
    return f"{REFUSE} * * * * *"


def _to_itself(plan: CpePlan, flows: list[Flow], behind: tuple[IPv4Network, ...]) -> Iterator[str]:
    """Yield what may begin a connection to the CPE, errors that belong to its own, and the refusal of the rest."""
    for flow in flows:
        yield from _passes([flow])
    for network in behind:
        yield f"pass {address(network)} {plan.lan.address} icmp-error * *"
    yield f"{REFUSE} * {plan.lan.address} * * *"


def _from(networks: tuple[IPv4Network, ...]) -> Iterator[str]:
    for network in networks:
        yield f"pass {address(network)} * * * *"


def _between(sources: tuple[IPv4Network, ...], destinations: tuple[IPv4Network, ...]) -> Iterator[str]:
    for source in sources:
        for destination in destinations:
            yield f"pass {address(source)} {address(destination)} * * *"


def _passes(flows: list[Flow]) -> Iterator[str]:
    for flow in flows:
        for source in flow.source.networks:
            for destination in flow.destination.networks:
                yield f"pass {address(source)} {address(destination)} {_service(flow)}"


def _service(flow: Flow) -> str:
    """Return protocol, source ports and ports; for ICMP the type stands where source ports do (8.1.10)."""
    match flow.protocol:
        case Protocol.ESP:
            return "esp * *"
        case Protocol.ICMP:
            return "icmp 8 *"
        case _:
            return f"{flow.protocol.value} * {','.join(str(port) for port in flow.ports)}"


def _never(plan: CpePlan) -> Iterator[str]:
    """Yield the refusal of everything for the data centre that would leave in clear (vendor reference 0.4)."""
    for network in plan.protected:
        yield f"{REFUSE} * {address(network)} * * *"


def _dhcp(plan: CpePlan, ports: str) -> Iterator[str]:
    if plan.wan.ipv4:
        yield f"pass * * udp {ports}"


def _through_line(plan: CpePlan) -> list[Flow]:
    """Return the other services on the line (VPN-1): neither begun nor ended here, and outside the tunnel."""
    found = [
        flow
        for flow in plan.flows
        if "cpe" in flow.route[1:-1] and "line" in flow.route and "data_centre_gateway" not in flow.route
    ]
    if found and not plan.wan.ipv4:
        fix = "Services in clear need IPv4 on the line; take them out of the site file or move the pattern."
        raise RenderError("GW302", "cpe.wan.ipv4", found[0].id, fix)
    return found


def _remembered(flows: list[Flow]) -> Iterator[str]:
    """Yield what lets the answers of the other services back in."""
    for flow in flows:
        for source in flow.source.networks:
            for destination in flow.destination.networks:
                yield f"{address(source)} {address(destination)} {flow.protocol.value}"


def _own_questions(plan: CpePlan) -> Iterator[str]:
    """Yield what lets the answers to the CPE's own questions in; logs are sent by UDP and never answered."""
    for flow in plan.flows:
        if flow.route[0] == "cpe" and flow.listener == "ntp":
            for server in flow.destination.ipv4_networks:
                yield f"{plan.lan.address} {address(server)} ntp"


def _from_line(flows: list[Flow]) -> Iterator[str]:
    """Yield IKE and ESP from the peer, each to whatever address the line has given us."""
    yield from _passes(flows)


def _line_itself() -> Iterator[str]:
    """Yield what IPv6 itself needs and no connection begins with: neighbours, errors, the DHCPv6 server's answers."""
    yield "pass * * icmp-nd * *"
    yield "pass * * icmp6 1-4 *"
    yield "pass * * udp * 546"
