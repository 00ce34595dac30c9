"""From a plan to its twin. Pure: a plan in, the same topology out."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from gatekit.errors import TwinError
from gatekit.plan.boundary import HospitalFirewallPlan
from gatekit.plan.flow import Zone
from gatekit.plan.model import LinkedSystem, PacsPeer, Plan
from twin.image_catalogue import Image
from twin.surroundings import Surroundings
from twin.topology import (
    EVERYWHERE,
    EVERYWHERE6,
    FAR,
    LINE,
    MACHINE_LEGS,
    VIEWERS,
    WAN,
    Host,
    IPAddress,
    IPNetwork,
    Kind,
    Leg,
    Listener,
    Network,
    StaticRoute,
    Topology,
)

PODMAN_PREFIX = 29
"""The longest IPv4 prefix of a cable: two hosts and podman's bridge do not fit into the transit net's /30."""


def topology(site: str, plan: Plan, surroundings: Surroundings | None = None) -> Topology:
    """Return the twin of a plan; ``site`` is the inventory's name, e.g. ``pattern4``.

    Raises:
        TwinError: GW706 for a product that no packet of the twin goes through.
    """
    used = [("firewall.product", plan.firewall.product, "linux")]
    used += [("vpn.cpe.product", plan.cpe.product, "linux")] if plan.cpe else []
    used += [("l3_switch.product", plan.l3_switch.product, "frr")] if plan.l3_switch.managed_by == "us" else []
    for path, product, real in used:
        if product != real:
            fix = f"Use {real} for the twin: the others are simulators of a dialogue, no packet goes through them."
            raise TwinError("GW706", path, product, fix)
    return _Builder(site, plan, surroundings or Surroundings()).topology()


class _Builder:
    """Holds the plan's addresses by name while the hosts are put together."""

    def __init__(self, site: str, plan: Plan, surroundings: Surroundings) -> None:
        self.site, self.plan, self.around = site, plan, surroundings
        self.subnets: dict[str, IPNetwork] = {_short(row.name): _cable(row.network) for row in plan.networks}
        self.subnets |= {WAN: surroundings.data_centre_wan, VIEWERS: surroundings.viewers}
        if plan.cpe is not None:
            self.subnets |= {LINE: surroundings.line, FAR: self._far_network()}
        self.hospital = tuple(_short(row.name) for row in plan.networks if row.of_hospital)
        self.data_centre = next(_short(row.name) for row in plan.networks if row.zone is Zone.DATA_CENTRE)
        self.wan_router = self._numbered(WAN, surroundings.router_number)
        self.gateway_inside = self._numbered(self.data_centre, surroundings.router_number)

    def topology(self) -> Topology:
        hosts = (
            self._internet_router(),
            *self._line(),
            self._firewall(),
            self._dc_gateway(),
            self._dc_portal(),
            self._dc_services(),
            *self._hospital_firewall(),
            self._l3_switch(),
            self._esxi(),
            *(self._pacs(row) for row in self.plan.pacs),
            *self._systems(),
            self._his_terminal(),
            self._viewer(),
        )
        taken = {leg.address.ip for host in hosts for leg in host.legs} | {row.address for row in self.plan.addresses}
        staging = self.plan.address("staging_controller")
        networks = tuple(
            Network(name, subnet, staging if staging in subnet else _free(subnet, taken), name in MACHINE_LEGS)
            for name, subnet in self.subnets.items()
        )
        return Topology(self.site, networks, hosts)

    # ------------------------------------------------------------ Internet and data centre
    def _internet_router(self) -> Host:
        legs = [self._leg(WAN, self.wan_router), self._leg(VIEWERS, self._router_of(VIEWERS))]
        if self.plan.cpe is None:
            legs.insert(0, self._leg("untrust", self.plan.firewall.default_gateway))
        return Host("internet_router", Kind.INTERNET_ROUTER, Image.TERMINAL, Zone.UNTRUST, tuple(legs), forwards=True)

    def _dc_gateway(self) -> Host:
        peer = self.plan.tunnel.remote.underlay
        if peer is None:
            raise TwinError("GW706", "plan.tunnel.remote.underlay", None, "The data centre's end needs an address.")
        over_ipv4 = isinstance(peer, IPv4Address)
        out = (
            StaticRoute(EVERYWHERE, self.wan_router)
            if over_ipv4
            else StaticRoute(EVERYWHERE6, self._numbered(FAR, self.around.router_number))
        )
        routes = (out, *(StaticRoute(network, None) for network in self.plan.tunnel.local.networks))
        legs = (self._leg(WAN if over_ipv4 else FAR, peer), self._leg(self.data_centre, self.gateway_inside))
        return Host(
            "dc_gateway", Kind.DC_GATEWAY, Image.FIREWALL, Zone.UNTRUST, legs, routes, forwards=True, boots=True
        )

    def _dc_portal(self) -> Host:
        centre = self.plan.data_centre
        legs = (self._leg(self.data_centre, centre.portal), self._leg(WAN, centre.portal_public))
        routes = (StaticRoute(EVERYWHERE, self.wan_router), *self._to_hospital())
        return Host("dc_portal", Kind.DC_PORTAL, Image.PORTAL, Zone.DATA_CENTRE, legs, routes, boots=True)

    def _dc_services(self) -> Host:
        legs = (self._leg(self.data_centre, self.plan.data_centre.services),)
        routes = tuple(self._to_hospital())
        return Host("dc_services", Kind.DC_SERVICES, Image.SERVICES, Zone.DATA_CENTRE, legs, routes, boots=True)

    def _to_hospital(self) -> Iterator[StaticRoute]:
        for network in self.plan.tunnel.local.networks:
            yield StaticRoute(network, self.gateway_inside)

    def _viewer(self) -> Host:
        legs = (self._leg(VIEWERS, self._numbered(VIEWERS, self.around.viewer_number)),)
        routes = (StaticRoute(EVERYWHERE, self._router_of(VIEWERS)),)
        return Host("viewer", Kind.VIEWER, Image.TERMINAL, Zone.UNTRUST, legs, routes)

    # ------------------------------------------------------------ FLET'S line (patterns 1 to 3)
    def _line(self) -> Iterator[Host]:
        """Yield the NGN, the CPE as staging leaves it, and what else pattern 1's line carries."""
        if self.plan.cpe is None:
            return
        gateway = self._numbered(LINE, self.around.router_number)
        legs = [self._leg(LINE, gateway), self._leg(FAR, self._numbered(FAR, self.around.router_number))]
        if self.plan.cpe.wan.ipv4:
            legs.append(self._leg(WAN, self._numbered(WAN, self.around.home_gateway_number)))
        yield Host("ngn", Kind.NGN, Image.LINE, Zone.UNTRUST, tuple(legs), forwards=True, boots=True)
        placeholder = self._numbered(LINE, self.around.placeholder_number)
        inside = (
            Leg("untrust", IPv4Interface((self.plan.cpe.lan.address, self.plan.cpe.lan.prefix_length))),
            self._leg(LINE, placeholder, learnt=True),
        )
        routes = tuple(StaticRoute(row.network, row.via) for row in self.plan.cpe.routes)
        yield Host("cpe", Kind.CPE, Image.FIREWALL, Zone.UNTRUST, inside, routes, forwards=True, boots=True)
        if any(unit.role == "spare" for unit in self.plan.cpe.units):
            yield Host(
                "cpe_spare", Kind.CPE_SPARE, Image.FIREWALL, Zone.UNTRUST, (), forwards=True, boots=True,
                unplugged=inside,
            )  # fmt: skip
        yield from self._other_services()

    def _other_services(self) -> Iterator[Host]:
        """Yield one host for each service: the first address of its network, on the Internet."""
        for flow in self.plan.flows:
            if flow.listener == "other_service":
                address = flow.destination.ipv4_networks[0].network_address + 1
                yield Host(
                    flow.id.replace(".", "_"), Kind.OTHER_SERVICE, Image.TERMINAL, Zone.UNTRUST,
                    (self._leg(WAN, address),), listeners=(Listener("http", address, flow.ports[0]),),
                )  # fmt: skip

    def _far_network(self) -> IPv6Network:
        peer = self.plan.tunnel.remote.underlay
        if not isinstance(peer, IPv6Address):
            raise TwinError("GW706", "plan.tunnel.remote.underlay", str(peer), "FLET'S is IPv6: give its address.")
        return IPv6Network((int(peer), self.around.line.prefixlen), strict=False)

    # ------------------------------------------------------------ appliance
    def _firewall(self) -> Host:
        legs = tuple(
            Leg(str(row.zone), IPv4Interface((row.address, row.prefix_length))) for row in self.plan.firewall.interfaces
        )
        return Host("firewall", Kind.FIREWALL, Image.FIREWALL, Zone.FIREWALL, legs, forwards=True, boots=True)

    def _esxi(self) -> Host:
        routes = (StaticRoute(EVERYWHERE, self.plan.esxi.default_gateway),)
        return Host("esxi", Kind.ESXI, Image.TERMINAL, Zone.DMZ, (self._leg("dmz", self.plan.esxi.address),), routes)

    # ------------------------------------------------------------ hospital
    def _hospital_firewall(self) -> Iterator[Host]:
        """Yield the hospital's own firewall as its vendor sets it up by our request (NW-5)."""
        boundary = self.plan.boundary
        if isinstance(boundary, HospitalFirewallPlan):
            legs = (self._leg("trust", boundary.trust_address), self._leg("boundary", boundary.inside_address))
            routes = tuple(StaticRoute(row.network, row.via) for row in boundary.routes)
            yield Host(
                boundary.name, Kind.HOSPITAL_FIREWALL, Image.TERMINAL, Zone.TRUST, legs, routes, forwards=True
            )  # fmt: skip

    def _l3_switch(self) -> Host:
        link = "boundary" if isinstance(self.plan.boundary, HospitalFirewallPlan) else "trust"
        legs = (
            self._leg(link, self.plan.l3_switch.address),
            *(self._leg(name, self._router_of(name)) for name in self.hospital),
        )
        route = self.plan.l3_switch.route
        vendors = (StaticRoute(route.network, route.via),) if self.plan.l3_switch.managed_by == "network_vendor" else ()
        return Host("l3_switch", Kind.L3_SWITCH, Image.SWITCH, Zone.TRUST, legs, vendors, forwards=True, boots=True)

    def _pacs(self, row: PacsPeer) -> Host:
        network = self._network_of(row.address)
        return Host(
            f"pacs_{row.name}", Kind.PACS, Image.PACS, Zone.TRUST, (self._leg(network, row.address),),
            self._by_switch(network), boots=True, pacs=row,
        )  # fmt: skip

    def _systems(self) -> tuple[Host, ...]:
        """Return one host per address; it has a listener for each link that the Gateway opens."""
        by_address: dict[IPv4Address, list[LinkedSystem]] = {}
        for row in self.plan.linked_systems:
            by_address.setdefault(row.address, []).append(row)
        return tuple(self._system(address, rows) for address, rows in by_address.items())

    def _system(self, address: IPv4Address, rows: list[LinkedSystem]) -> Host:
        network = self._network_of(address)
        opened = tuple(Listener(row.protocol, address, row.port) for row in rows if row.direction == "from_gateway")
        return Host(
            f"system_{rows[0].name}", Kind.SYSTEM, Image.TERMINAL, Zone.TRUST, (self._leg(network, address),),
            self._by_switch(network), listeners=opened,
        )  # fmt: skip

    def _his_terminal(self) -> Host:
        clients = self.plan.proxy.clients[0]
        network = self._network_of(clients.network_address)
        address = clients.network_address + self.around.terminal_number
        return Host(
            "his_terminal", Kind.HIS_TERMINAL, Image.TERMINAL, Zone.TRUST, (self._leg(network, address),),
            self._by_switch(network),
        )  # fmt: skip

    # ------------------------------------------------------------ addresses
    def _by_switch(self, network: str) -> tuple[StaticRoute, ...]:
        return (StaticRoute(EVERYWHERE, self._router_of(network)),)

    def _router_of(self, network: str) -> IPv4Address:
        return _ipv4(self._numbered(network, self.around.router_number))

    def _numbered(self, network: str, number: int) -> IPAddress:
        return self.subnets[network].network_address + number

    def _network_of(self, address: IPv4Address) -> str:
        return next(name for name in self.hospital if address in self.subnets[name])

    def _leg(self, network: str, address: IPAddress, *, learnt: bool = False) -> Leg:
        subnet = self.subnets[network]
        if address not in subnet:
            raise TwinError("GW706", f"twin.{network}", str(address), f"It has to lie in {subnet}.")
        if isinstance(address, IPv6Address):
            return Leg(network, IPv6Interface((address, subnet.prefixlen)), learnt)
        return Leg(network, IPv4Interface((address, subnet.prefixlen)), learnt)


def _cable(network: IPv4Network) -> IPv4Network:
    """Return the network as podman is told it: wide enough for its bridge beside two hosts."""
    return network if network.prefixlen <= PODMAN_PREFIX else network.supernet(new_prefix=PODMAN_PREFIX)


def _ipv4(address: IPAddress) -> IPv4Address:
    if not isinstance(address, IPv4Address):
        raise TwinError("GW706", "twin.address", str(address), "Give an IPv4 network here.")
    return address


def _short(row_name: str) -> str:
    """Return the network's name in the twin: ``hospital.pacs`` is ``pacs``."""
    return row_name.removeprefix("hospital.").replace(".", "_")


def _free(subnet: IPNetwork, taken: set[IPAddress]) -> IPAddress:
    """Return the highest host address of a network that nobody has."""
    number = subnet.num_addresses - 2
    while subnet.network_address + number in taken:
        number -= 1
    return subnet.network_address + number
