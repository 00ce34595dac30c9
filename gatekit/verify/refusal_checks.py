"""What must not be reachable: every other port of the appliance from every zone. Pure.

What the matrix permits is taken out for each source alone, so a port that is open for our support and
seen from a HIS terminal is a violation.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import pairwise
from typing import Literal

from gatekit.model import Text
from gatekit.plan.flow import Protocol, Zone
from gatekit.plan.model import Plan
from gatekit.portable.port_scan import port_ranges
from gatekit.probes.target import ProbeTarget
from gatekit.verify.flow_checks import tier
from gatekit.verify.model import Check, Kind, ScanRow
from gatekit.verify.targets import Targets

ALL_PORTS = range(1, 65536)
THROUGH_TUNNEL = range(1, 10_001)  # the tunnel carries some thousand packets a second, see docs/adr/0005
SYSTEM_PORTS = (*range(1, 1025), 3128, 8080, 8443)
WELL_KNOWN_UDP = (
    *(7, 19, 53, 67, 69, 111, 123, 137, 138, 161, 177, 389, 427, 443, 500, 514, 520, 623, 902, 1194, 1434, 1645),
    *(1701, 1812, 1900, 3478, 4500, 4789, 5060, 5351, 5353, 5355, 11211, 33434),
)
ENGINEER = "staging_controller"
NETWORK_DEVICES = frozenset({"firewall", "cpe"})
EVERY_PORT_ZONES = (Zone.UNTRUST, Zone.TRUST, Zone.DMZ, Zone.DATA_CENTRE)
SILENCE = Text(ja="許可外のポートから一切応答がない", en="no answer at all from any port outside the matrix")
NOT_OPEN = Text(
    ja="このネットワークの誰にも許可されていないポートは開いていない",
    en="no port is open that the matrix opens to nobody in this network",
)


def refusal_checks(plan: Plan, targets: Targets) -> Iterator[Check]:
    """Yield, for each probe and each address it must not fully reach, one check for TCP and one for UDP.

    One probe of each zone asks for every port of what that zone can see and somebody could answer at; all
    else (its neighbours, other addresses) is asked for the system ports and every port of the matrix. So the
    packets are bounded by zones, not by hosts.
    """
    thorough = thorough_probes(targets)
    for name, probe in strangers(targets):
        known = _known_tcp(plan)
        for target, address in _appliance(plan, targets):
            if address != probe.address:
                every = name in thorough and target not in targets.absent and _faces(plan, probe.zone, target)
                ports = _every_port(probe.zone, known) if every else known
                yield _check(plan, targets, (name, probe), (target, address), Protocol.TCP, ports, "AP-6")
                yield _check(plan, targets, (name, probe), (target, address), Protocol.UDP, _udp(plan), "AP-6")
        for target, address, requirement in _beyond(plan, targets, name, probe):
            yield _check(plan, targets, (name, probe), (target, address), Protocol.TCP, SYSTEM_PORTS, requirement)


def thorough_probes(targets: Targets) -> frozenset[str]:
    """Return the probe of each zone that asks for every port: the first by name."""
    by_zone = {zone: [name for name, probe in strangers(targets) if probe.zone is zone] for zone in EVERY_PORT_ZONES}
    return frozenset(names[0] for names in by_zone.values() if names)


def strangers(targets: Targets) -> tuple[tuple[str, ProbeTarget], ...]:
    """Return the probes that stand for somebody: our own network devices let nothing out that is not planned."""
    return tuple((name, probe) for name, probe in sorted(targets.probes.items()) if name not in NETWORK_DEVICES)


def ports_except(ports: range | tuple[int, ...], permitted: set[int]) -> str:
    """Return ports without the permitted ones as text; a range is cut, not spelt out."""
    if isinstance(ports, tuple):
        return port_ranges(set(ports) - permitted)
    edges = [ports.start - 1, *sorted(permitted.intersection(ports)), ports.stop]
    gaps = ((low + 1, high - 1) for low, high in pairwise(edges) if high - low > 1)
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in gaps)


def permitted_ports(plan: Plan, source: IPv4Address, target: IPv4Address, protocol: Protocol) -> frozenset[int]:
    """Return the ports the matrix opens from one address to another."""
    return frozenset(
        port
        for flow in plan.flows
        if flow.protocol is protocol
        and any(source in network for network in flow.source.networks)
        and any(target in network for network in flow.destination.networks)
        for port in flow.ports
    )


def _appliance(plan: Plan, targets: Targets) -> Iterator[tuple[str, IPv4Address]]:
    """Yield every address of the DMZ and of the firewall; the engineer's machine is not part of the appliance."""
    dmz = {row.name for row in plan.networks if row.zone is Zone.DMZ}
    visitors = {probe.address for name, probe in targets.probes.items() if name not in targets.hosts}
    visitors |= {row.address for row in plan.addresses if isinstance(row.address, IPv4Address) and row.name == ENGINEER}
    for row in plan.addresses:
        ours = row.network in dmz or row.name.split(".")[0] in ("firewall", "cpe")
        if ours and isinstance(row.address, IPv4Address) and row.address not in visitors:
            yield row.name, row.address


def _beyond(plan: Plan, targets: Targets, name: str, probe: ProbeTarget) -> Iterator[tuple[str, IPv4Address, str]]:
    """Yield what the inside must not reach directly: terminals the data centre, the appliance the Internet."""
    centre = plan.data_centre
    if probe.zone is Zone.TRUST:
        yield "portal", centre.portal, "HC-1"
        yield "portal_public", centre.portal_public, "HC-1"
        yield "data_centre_services", centre.services, "HC-1"
    if probe.zone is Zone.DMZ and name in targets.hosts:
        yield "portal_public", centre.portal_public, "NW-6"
        for other, far in strangers(targets):
            if far.zone is Zone.UNTRUST:
                yield other, far.address, "NW-6"


def _every_port(zone: Zone, known: tuple[int, ...]) -> range | tuple[int, ...]:
    return ALL_PORTS if zone is not Zone.DATA_CENTRE else tuple(sorted({*THROUGH_TUNNEL, *known}))


def _faces(plan: Plan, zone: Zone, target: str) -> bool:
    """Return whether packets of the zone can arrive at an address at all: routers before us drop the rest."""
    facing = {Zone.UNTRUST: "firewall.untrust", Zone.TRUST: "firewall.trust"}.get(zone)
    in_dmz = next(row.network for row in plan.addresses if row.name == target) == "dmz"
    return target == facing or (in_dmz and zone is not Zone.UNTRUST)


def _known_tcp(plan: Plan) -> tuple[int, ...]:
    matrix = {port for flow in plan.flows if flow.protocol is Protocol.TCP for port in flow.ports}
    return tuple(sorted(matrix | set(SYSTEM_PORTS)))


def _udp(plan: Plan) -> tuple[int, ...]:
    matrix = {port for flow in plan.flows if flow.protocol is Protocol.UDP for port in flow.ports}
    return tuple(sorted(matrix | set(WELL_KNOWN_UDP)))


def _counts(plan: Plan, probe: ProbeTarget, target: str, address: IPv4Address) -> Literal["any", "accepted"]:
    """ESXi answers its own network by itself: there only an open port shows anything."""
    near = any(probe.address in row.network and address in row.network for row in plan.networks)
    return "accepted" if near and target == "esxi" else "any"


def _neighbours(plan: Plan, address: IPv4Address) -> set[IPv4Address]:
    """Return the addresses of one network: no filter of ours tells them apart before a host without one."""
    networks = {row.name for row in plan.networks if address in row.network}
    return {row.address for row in plan.addresses if row.network in networks and isinstance(row.address, IPv4Address)}


def _check(
    plan: Plan,
    targets: Targets,
    source: tuple[str, ProbeTarget],
    target: tuple[str, IPv4Address],
    protocol: Protocol,
    ports: range | tuple[int, ...],
    requirement: str,
) -> Check:
    (name, probe), (label, address) = source, target
    counts = _counts(plan, probe, label, address)
    sources = {probe.address} if counts == "any" else _neighbours(plan, address)
    permitted = {port for each in sources for port in permitted_ports(plan, each, address, protocol)}
    forbidden = ports_except(ports, permitted)
    word: Literal["tcp", "udp"] = "tcp" if protocol is Protocol.TCP else "udp"
    return Check(
        id=f"refused.{name}.{label}.{word}",
        kind=Kind.MUST_NOT_REACH,
        requirement=requirement,
        title=Text(
            ja=f"{name} から {label}（{address}）の許可外{word.upper()}ポートに到達できない",
            en=f"{name} does not reach {label} ({address}) on {word.upper()} ports outside the matrix",
        ),
        source=name,
        destination=label,
        protocol=word,
        port=forbidden,
        expected=SILENCE if counts == "any" else NOT_OPEN,
        tier=tier(targets, name, label),
        asks=ScanRow(str(address), word, forbidden, counts),
    )
