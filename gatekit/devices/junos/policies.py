"""What an SRX's zones and policies let begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.meaning import Permit
from gatekit.devices.junos.statements import Statements
from gatekit.plan.flow import Protocol, Zone
from gatekit.plan.network_device import FirewallPlan

ITSELF = "junos-host"
ZONES = {"UNTRUST": Zone.UNTRUST, "DMZ": Zone.DMZ, "TRUST": Zone.TRUST, "VPN": Zone.DATA_CENTRE, ITSELF: Zone.FIREWALL}
SERVICES = {
    "ssh": frozenset({(Protocol.TCP, 22)}),
    "ping": frozenset({(Protocol.ICMP, None)}),
    "ike": frozenset({(Protocol.UDP, 500), (Protocol.UDP, 4500), (Protocol.ESP, None)}),
}
_POLICY = "security policies from-zone <zone> to-zone <zone> policy <name>"
_INBOUND = "security zones security-zone <zone> interfaces <unit> host-inbound-traffic system-services <service>"
_GLOBAL = "security policies global policy <name>"
type Service = tuple[Protocol, int | None]


@dataclass
class _Policy:
    """One policy between two zones, by the names of its objects."""

    sources: list[str] = field(default_factory=list)
    destinations: list[str] = field(default_factory=list)
    applications: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    @property
    def denies_all(self) -> bool:
        return self.sources == self.destinations == self.applications == ["any"] and self.actions == ["deny"]


def permits(said: Statements, part: FirewallPlan) -> Iterator[Permit]:
    """Yield what may begin through the firewall and to it.

    To the firewall: what a policy to ``junos-host`` permits AND the zone's host-inbound services offer; where the
    address belongs to another zone's interface, that zone has to offer and permit it too.

    Raises:
        DeviceError: GW427 when anything but the known permits and the known denials is among it.
    """
    zones = _zones(said, part)
    policies = _policies(said)
    _denied_in_the_end(said, policies, zones)
    offered = _offered(said)
    used: set[tuple[str, Service]] = set()
    rows = {way: frozenset(_rows(said, way, named, part)) for way, named in policies.items()}
    for (source, destination), found in rows.items():
        for row in found:
            if row.destination_zone is Zone.FIREWALL:
                owner = _owner(said, zones, row.destination)
                ways = {(source, ITSELF)} | ({(source, owner)} if owner != source else set())
                service = (row.protocol, row.port)
                reached = all(row in rows.get(way, ()) for way in ways)
                if not reached or not all(service in offered.get(zone, ()) for zone in (source, owner)):
                    raise said.unclear(f"security policies from-zone {source} to-zone {destination}", _half(row))
                used |= {(source, service), (owner, service)}
            yield row
    _all_used(said, used)


def _all_used(said: Statements, used: set[tuple[str, Service]]) -> None:
    """Refuse a service that a zone offers and no policy permits: one lost denial would open it to everybody."""
    for zone, _, name in said[_INBOUND]:
        if not any((zone, service) in used for service in SERVICES[name]):
            raise said.unclear(f"security zones security-zone {zone}", f"host-inbound {name} is for nobody")


def _half(row: Permit) -> str:
    return f"{row.source} to {row.destination} {row.protocol.value} {row.port}: permitted, but not all the way"


def _zones(said: Statements, part: FirewallPlan) -> dict[str, str]:
    """Return zone -> its one logical interface; GW427 unless every port is where the plan has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for zone, unit in said["security zones security-zone <zone> interfaces <unit>"]:
        found[zone].add(unit)
    for row in said[_INBOUND]:
        found[row[0]].add(row[1])
    ports = {Zone(row.zone): f"{row.port}.0" for row in part.interfaces}
    for zone, units in found.items():
        expected = ports.get(ZONES[zone], "st0.0") if zone in ZONES else None
        if units != {expected}:
            raise said.unclear(f"security zones security-zone {zone}", ", ".join(sorted(units)))
    return {zone: next(iter(units)) for zone, units in found.items()}


def _offered(said: Statements) -> dict[str, frozenset[Service]]:
    """Return zone -> the services that its host-inbound list offers."""
    found: dict[str, frozenset[Service]] = {}
    for zone, _, service in said[_INBOUND]:
        if service not in SERVICES:
            raise said.unclear(f"security zones security-zone {zone}", f"host-inbound {service}")
        found[zone] = found.get(zone, frozenset()) | SERVICES[service]
    return found


def _policies(said: Statements) -> dict[tuple[str, str], dict[str, _Policy]]:
    """Return (from, to) -> name -> policy, in the order of the configuration."""
    found: dict[tuple[str, str], dict[str, _Policy]] = defaultdict(lambda: defaultdict(_Policy))
    for source, destination, *_ in said[f"{_POLICY} match source-address <address>"]:
        if not {source, destination} <= ZONES.keys() or source == ITSELF:
            raise said.unclear("security policies", f"from-zone {source} to-zone {destination}")
    for source, destination, name, value in said[f"{_POLICY} match source-address <address>"]:
        found[source, destination][name].sources.append(value)
    for source, destination, name, value in said[f"{_POLICY} match destination-address <address>"]:
        found[source, destination][name].destinations.append(value)
    for source, destination, name, value in said[f"{_POLICY} match application <application>"]:
        found[source, destination][name].applications.append(value)
    for action in ("permit", "deny"):
        for source, destination, name in said[f"{_POLICY} then {action}"]:
            found[source, destination][name].actions.append(action)
    return found


def _denied_in_the_end(
    said: Statements, policies: dict[tuple[str, str], dict[str, _Policy]], zones: dict[str, str]
) -> None:
    """Refuse a configuration that does not end in denial: between zones, and to the firewall from each of them.

    No default policy governs ``junos-host``: without a last denial host-inbound services are open to all.
    """
    said.one("security policies default-policy deny-all")
    for zone in zones:
        last = list(policies.get((zone, ITSELF), {"": _Policy()}).values())[-1]
        if not last.denies_all:
            raise said.unclear(f"security policies from-zone {zone} to-zone {ITSELF}", "no denial at its end")
    name = said.one(f"{_GLOBAL} then deny")[0]
    for side in ("from-zone", "to-zone"):
        if {row[-1] for row in said[f"{_GLOBAL} match {side} <zone>"]} != set(zones):
            raise said.unclear(f"security policies global policy {name}", f"{side}: not every zone")
    for what in ("source-address", "destination-address", "application"):
        said.one(f"{_GLOBAL} match {what} any")


def _rows(said: Statements, way: tuple[str, str], named: dict[str, _Policy], part: FirewallPlan) -> Iterator[Permit]:
    """Yield what the policies of one way permit; a denial may only stand last, and only before ``junos-host``."""
    for position, (name, policy) in enumerate(named.items(), start=1):
        last = way[1] == ITSELF and position == len(named)
        if last and policy.denies_all:
            return
        if policy.actions != ["permit"]:
            raise said.unclear(f"security policies from-zone {way[0]} to-zone {way[1]} policy {name}", policy.actions)
        for source in _networks(said, policy.sources):
            for destination in _networks(said, policy.destinations):
                for protocol, port in _services(said, policy.applications):
                    yield Permit(
                        source_zone=_zone(way[0], source, part),
                        destination_zone=_destination_zone(said, way[1], destination, part),
                        source=source,
                        destination=destination,
                        protocol=protocol,
                        port=port,
                    )


def _zone(name: str, network: IPv4Network, part: FirewallPlan) -> Zone:
    """Return the plan's zone; behind UNTRUST lies the data centre too where a CPE ends the tunnel."""
    behind_cpe = name == "UNTRUST" and part.tunnel is None
    if behind_cpe and any(network.subnet_of(protected) for protected in part.protected):
        return Zone.DATA_CENTRE
    return ZONES[name]


def _destination_zone(said: Statements, name: str, network: IPv4Network, part: FirewallPlan) -> Zone:
    own = {IPv4Network(address) for address in _addresses(said).values()}
    return Zone.FIREWALL if name == ITSELF or network in own else _zone(name, network, part)


def _addresses(said: Statements) -> dict[str, IPv4Address]:
    """Return logical interface -> the firewall's address on it."""
    rows = said["interfaces <port> unit 0 family inet address <address>"]
    return {f"{port}.0": IPv4Interface(address).ip for port, address in rows}


def _owner(said: Statements, zones: dict[str, str], destination: object) -> str:
    for unit, address in _addresses(said).items():
        if IPv4Network(address) == destination:
            for zone, bound in zones.items():
                if bound == unit:
                    return zone
    raise said.unclear("security policies", f"{destination} is no address of the firewall")


def _networks(said: Statements, names: list[str]) -> list[IPv4Network]:
    form = "security address-book global address <name> <network>"
    return [IPv4Network(said.one_of(form, name)) for name in names]


def _services(said: Statements, names: list[str]) -> Iterator[Service]:
    """Yield what applications stand for; GW427 for one that is wider than a port or an echo request."""
    for name in names:
        protocol = Protocol(said.one_of("applications application <name> protocol <protocol>", name))
        ports = said.of("applications application <name> destination-port <port>", name)
        echo = said.of("applications application <name> icmp-type echo-request", name)
        whole = {Protocol.TCP: (1, 0), Protocol.UDP: (1, 0), Protocol.ESP: (0, 0), Protocol.ICMP: (0, 1)}[protocol]
        if (len(ports), len(echo)) != whole:
            raise said.unclear(f"applications application {name}", f"{protocol.value} {ports} {echo}")
        yield protocol, int(ports[0]) if ports else None
