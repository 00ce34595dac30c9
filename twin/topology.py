r"""Which networks and hosts stand for a plan. Pure: a plan in, the same topology out.

viewer --- internet_router --- dc_gateway --- data centre (dc_portal, dc_services)
                 |          \- dc_portal (public side)
              firewall --- DMZ (esxi, vm1, vm2; this machine is the staging controller)
                 |
             l3_switch --- hospital networks (pacs, linked systems, his_terminal)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from gatekit.errors import TwinError
from gatekit.plan.model import LinkedSystem, PacsPeer, Plan, Zone
from twin.image_catalogue import Image
from twin.naming import interface_name
from twin.surroundings import Surroundings

type IPNetwork = IPv4Network | IPv6Network
type IPAddress = IPv4Address | IPv6Address
type IPInterface = IPv4Interface | IPv6Interface

EVERYWHERE = IPv4Network("0.0.0.0/0")
WAN, VIEWERS = "wan", "viewers"
MACHINE_LEGS = frozenset({"dmz", "trust"})
"""Where the job logs in: the staging controller in the DMZ, and the L3 switch from its own side."""


class Kind(StrEnum):
    """What a host stands for."""

    INTERNET_ROUTER = "internet_router"
    FIREWALL = "firewall"
    DC_GATEWAY = "dc_gateway"
    DC_PORTAL = "dc_portal"
    DC_SERVICES = "dc_services"
    L3_SWITCH = "l3_switch"
    PACS = "pacs"
    SYSTEM = "system"
    HIS_TERMINAL = "his_terminal"
    VIEWER = "viewer"
    ESXI = "esxi"


@dataclass(frozen=True, slots=True)
class Network:
    """One cable: an internal bridge.

    ``bridge`` is this machine's address on it, kept only where ``machine_leg`` says that the job logs in
    there; elsewhere the machine has no address and no route, so that its own traffic never ends in the twin.
    """

    name: str
    subnet: IPNetwork
    bridge: IPAddress
    machine_leg: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One interface of a host."""

    network: str
    address: IPInterface

    @property
    def interface(self) -> str:
        """Return the interface's name in the host, e.g. ``dmz0``."""
        return interface_name(self.network)


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """One route a host is born with; ``via`` None drops (blackhole)."""

    network: IPNetwork
    via: IPAddress | None


@dataclass(frozen=True, slots=True)
class Listener:
    """One server of a linked system: ``protocol`` as the site file says it."""

    protocol: str
    address: IPv4Address
    port: int


@dataclass(frozen=True, slots=True)
class Host:
    """One host of the twin, as a container is made from it."""

    name: str
    kind: Kind
    image: Image
    zone: Zone
    legs: tuple[Leg, ...]
    routes: tuple[StaticRoute, ...] = ()
    forwards: bool = False
    boots: bool = False  # systemd as process 1
    listeners: tuple[Listener, ...] = ()
    pacs: PacsPeer | None = None

    @property
    def address(self) -> IPAddress:
        """Return the address of the first leg."""
        return self.legs[0].address.ip

    def leg(self, network: str) -> Leg:
        """Return the leg in a network; TwinError GW705 naming the legs there are."""
        for leg in self.legs:
            if leg.network == network:
                return leg
        there = ", ".join(leg.network for leg in self.legs)
        raise TwinError("GW705", f"twin.{self.name}", network, f"It is cabled to: {there}.")


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything the twin of one site consists of, VMs excepted: those the ESX simulator makes."""

    site: str
    networks: tuple[Network, ...]
    hosts: tuple[Host, ...]

    def network(self, name: str) -> Network:
        """Return the network of that name; TwinError GW705 naming those there are."""
        for network in self.networks:
            if network.name == name:
                return network
        there = ", ".join(network.name for network in self.networks)
        raise TwinError("GW705", "twin.network", name, f"There are: {there}.")

    def host(self, name: str) -> Host:
        """Return the host of that name; TwinError GW705 naming those there are."""
        for host in self.hosts:
            if host.name == name:
                return host
        there = ", ".join(host.name for host in self.hosts)
        raise TwinError("GW705", "twin.host", name, f"There are: {there}.")


def topology(site: str, plan: Plan, surroundings: Surroundings | None = None) -> Topology:
    """Return the twin of a plan; ``site`` is the inventory's name, e.g. ``pattern4``.

    Raises:
        TwinError: GW706 for a VPN pattern that has a CPE.
    """
    if plan.tunnel_device != "firewall":
        raise TwinError("GW706", "plan.pattern", plan.pattern, "Use a site of pattern 4.")
    return _Builder(site, plan, surroundings or Surroundings()).topology()


class _Builder:
    """Holds the plan's addresses by name while the hosts are put together."""

    def __init__(self, site: str, plan: Plan, surroundings: Surroundings) -> None:
        self.site, self.plan, self.around = site, plan, surroundings
        self.subnets: dict[str, IPv4Network] = {_short(row.name): row.network for row in plan.networks}
        self.subnets |= {WAN: surroundings.data_centre_wan, VIEWERS: surroundings.viewers}
        self.hospital = tuple(
            _short(row.name) for row in plan.networks if row.zone is Zone.TRUST and row.name != "trust"
        )
        self.data_centre = next(_short(row.name) for row in plan.networks if row.zone is Zone.DATA_CENTRE)
        self.wan_router = self._numbered(WAN, surroundings.router_number)
        self.gateway_inside = self._numbered(self.data_centre, surroundings.router_number)

    def topology(self) -> Topology:
        hosts = (
            self._internet_router(),
            self._firewall(),
            self._dc_gateway(),
            self._dc_portal(),
            self._dc_services(),
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
        gateway = self._leg("untrust", self.plan.firewall.default_gateway)
        legs = (gateway, self._leg(WAN, self.wan_router), self._leg(VIEWERS, self._router_of(VIEWERS)))
        return Host("internet_router", Kind.INTERNET_ROUTER, Image.TERMINAL, Zone.UNTRUST, legs, forwards=True)

    def _dc_gateway(self) -> Host:
        peer = self.plan.tunnel.remote.underlay
        if not isinstance(peer, IPv4Address):
            raise TwinError("GW706", "plan.tunnel.remote.underlay", peer, "Use a site of pattern 4.")
        routes = (StaticRoute(EVERYWHERE, self.wan_router), StaticRoute(self.plan.firewall.dmz, None))
        legs = (self._leg(WAN, peer), self._leg(self.data_centre, self.gateway_inside))
        return Host(
            "dc_gateway", Kind.DC_GATEWAY, Image.FIREWALL, Zone.UNTRUST, legs, routes, forwards=True, boots=True
        )

    def _dc_portal(self) -> Host:
        centre = self.plan.data_centre
        legs = (self._leg(self.data_centre, centre.portal), self._leg(WAN, centre.portal_public))
        routes = (
            StaticRoute(EVERYWHERE, self.wan_router),
            StaticRoute(self.plan.firewall.dmz, self.gateway_inside),
        )
        return Host("dc_portal", Kind.DC_PORTAL, Image.PORTAL, Zone.DATA_CENTRE, legs, routes, boots=True)

    def _dc_services(self) -> Host:
        legs = (self._leg(self.data_centre, self.plan.data_centre.services),)
        routes = (StaticRoute(self.plan.firewall.dmz, self.gateway_inside),)
        return Host("dc_services", Kind.DC_SERVICES, Image.SERVICES, Zone.DATA_CENTRE, legs, routes, boots=True)

    def _viewer(self) -> Host:
        legs = (self._leg(VIEWERS, self._numbered(VIEWERS, self.around.viewer_number)),)
        routes = (StaticRoute(EVERYWHERE, self._router_of(VIEWERS)),)
        return Host("viewer", Kind.VIEWER, Image.TERMINAL, Zone.UNTRUST, legs, routes)

    # ------------------------------------------------------------ appliance
    def _firewall(self) -> Host:
        legs = tuple(self._leg(str(row.zone), row.address) for row in self.plan.firewall.interfaces)
        return Host("firewall", Kind.FIREWALL, Image.FIREWALL, Zone.FIREWALL, legs, forwards=True, boots=True)

    def _esxi(self) -> Host:
        routes = (StaticRoute(EVERYWHERE, self.plan.esxi.default_gateway),)
        return Host("esxi", Kind.ESXI, Image.TERMINAL, Zone.DMZ, (self._leg("dmz", self.plan.esxi.address),), routes)

    # ------------------------------------------------------------ hospital
    def _l3_switch(self) -> Host:
        legs = (
            self._leg("trust", self.plan.l3_switch.address),
            *(self._leg(name, self._router_of(name)) for name in self.hospital),
        )
        return Host("l3_switch", Kind.L3_SWITCH, Image.SWITCH, Zone.TRUST, legs, forwards=True, boots=True)

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
        return self._numbered(network, self.around.router_number)

    def _numbered(self, network: str, number: int) -> IPv4Address:
        return self.subnets[network].network_address + number

    def _network_of(self, address: IPv4Address) -> str:
        return next(name for name in self.hospital if address in self.subnets[name])

    def _leg(self, network: str, address: IPAddress) -> Leg:
        prefix = self.subnets[network].prefixlen
        if not isinstance(address, IPv4Address) or address not in self.subnets[network]:
            raise TwinError("GW706", f"twin.{network}", str(address), f"It has to lie in {self.subnets[network]}.")
        return Leg(network, IPv4Interface((address, prefix)))


def _short(row_name: str) -> str:
    """Return the network's name in the twin: ``hospital.pacs`` is ``pacs``."""
    return row_name.removeprefix("hospital.").replace(".", "_")


def _free(subnet: IPv4Network, taken: set[IPAddress]) -> IPv4Address:
    """Return the highest host address of a network that nobody has."""
    number = subnet.num_addresses - 2
    while subnet.network_address + number in taken:
        number -= 1
    return subnet.network_address + number
