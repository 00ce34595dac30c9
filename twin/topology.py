r"""Which networks and hosts stand for a plan: the types, and the pictures of the two kinds of twin.

Pattern 4, the firewall ends the tunnel:

viewer --- internet_router --- dc_gateway --- data centre (dc_portal, dc_services)
                 |          \- dc_portal (public side)
              firewall --- DMZ (esxi, vm1, vm2; this machine is the staging controller)
                 |
             l3_switch --- hospital networks (pacs, linked systems, his_terminal)

Patterns 1 to 3, the CPE ends it; ``ngn`` is the FLET'S network, IPv6 alone:

              dc_gateway --- data centre        viewer --- internet_router --- dc_portal (public side)
                 |                                                 |
                ngn  - - (pattern 1: home gateway, IPv4) - - -  other services
                 |
                cpe --- firewall --- ... as above

Where the hospital has a firewall of its own (NW-5), ``hospital_firewall`` stands between firewall and l3_switch.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from gatekit.errors import TwinError
from gatekit.plan.flow import Zone
from gatekit.plan.model import PacsPeer
from twin.image_catalogue import Image
from twin.naming import interface_name

type IPNetwork = IPv4Network | IPv6Network
type IPAddress = IPv4Address | IPv6Address
type IPInterface = IPv4Interface | IPv6Interface

EVERYWHERE, EVERYWHERE6 = IPv4Network("0.0.0.0/0"), IPv6Network("::/0")
WAN, VIEWERS = "wan", "viewers"
LINE, FAR = "line", "far"
"""The FLET'S line between ONU and NGN, and the network on which the NGN reaches the data centre's VPN device."""
MACHINE_LEGS = frozenset({"dmz", "trust"})
"""Where the job logs in: the staging controller in the DMZ, and the L3 switch from its own side."""


class Kind(StrEnum):
    """What a host stands for."""

    INTERNET_ROUTER = "internet_router"
    FIREWALL = "firewall"
    HOSPITAL_FIREWALL = "hospital_firewall"
    DC_GATEWAY = "dc_gateway"
    DC_PORTAL = "dc_portal"
    DC_SERVICES = "dc_services"
    L3_SWITCH = "l3_switch"
    PACS = "pacs"
    SYSTEM = "system"
    HIS_TERMINAL = "his_terminal"
    VIEWER = "viewer"
    ESXI = "esxi"
    CPE = "cpe"
    CPE_SPARE = "cpe_spare"
    NGN = "ngn"
    OTHER_SERVICE = "other_service"


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
    """One interface of a host.

    ``learnt``: the host learns its address from the network; the one given here is taken away when it boots.
    """

    network: str
    address: IPInterface
    learnt: bool = False

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
    unplugged: tuple[Leg, ...] = ()  # legs without a network: the spare on the bench

    @property
    def address(self) -> IPAddress:
        """Return the address of the first leg, or of the first that would be one."""
        return (*self.legs, *self.unplugged)[0].address.ip

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
