"""The plan's firewall, CPE, tunnel and route on the hospital's L3 switch."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Literal

from gatekit.model import Frozen
from gatekit.plan.flow import Address, Flow, SecretName, Zone


class CryptoSuite(Frozen):
    """One offer, in our words; each product's renderer spells it (source: vendor reference 0.2)."""

    level: Literal["HIGH", "BASE"]
    encryption: Literal["aes256-gcm16", "aes256-cbc"]
    integrity: Literal["none", "sha256"]
    prf: Literal["sha384", "sha256"]
    dh_group: int  # IANA group number: 14, 15, 19, 20


class TunnelEnd(Frozen):
    """One end of the IPsec tunnel."""

    identity: str  # fqdn, sent as ID_FQDN
    underlay: Address | None  # None: semi-fixed, the peer knows us by identity only
    networks: tuple[IPv4Network, ...]


class TunnelPlan(Frozen):
    """The IPsec tunnel as one end sees it; ``mirrored()`` is the other end's view."""

    name: str  # connection name, e.g. dc-main
    local: TunnelEnd
    remote: TunnelEnd
    suite: CryptoSuite
    underlay: Literal["ipv4", "ipv6"]
    psk: SecretName
    initiator: bool
    dpd_delay_s: int
    ike_rekey_s: int
    child_rekey_s: int
    tunnel_mtu: int
    mss: int

    def mirrored(self) -> TunnelPlan:
        """Return the same tunnel as the other end has to be configured."""
        return self.model_copy(update={"local": self.remote, "remote": self.local, "initiator": False})


class Route(Frozen):
    """One static route; ``via`` lies on a connected network."""

    network: IPv4Network
    via: IPv4Address


class Interface(Frozen):
    """One interface of the firewall or the CPE, facing a zone.

    ``port`` is the device's own name for it; a Linux host brings its own names as host facts.
    """

    zone: Zone
    port: str
    address: IPv4Address
    prefix_length: int


class FirewallPlan(Frozen):
    """The firewall's part: three zones, the flows it decides on, routes, and the tunnel it ends."""

    name: str
    host_name: str
    product: str
    operator: str  # our account on it
    interfaces: tuple[Interface, ...]  # untrust, dmz, trust
    default_gateway: IPv4Address
    routes: tuple[Route, ...]
    flows: tuple[Flow, ...]  # forwarded, to itself and from itself
    protected: tuple[IPv4Network, ...]  # networks that are never reached in clear (data centre)
    dmz: IPv4Network
    tunnel: TunnelPlan | None  # None where a CPE ends it


class CpeWan(Frozen):
    """The CPE's side of the FLET'S line.

    ``interface_id`` is joined to whatever prefix the line gives, so that the address does not follow the
    MAC when the spare takes over. ``ipv4``: IPv4 by DHCP from the home gateway, sources translated; only
    where the line carries other services.
    """

    port: str
    prefix_by: Literal["ra", "dhcpv6_pd"]
    interface_id: IPv6Address
    ipv4: bool


class CpeUnitPlan(Frozen):
    """One labelled unit. ``host_name`` is all in which the configurations of two units differ."""

    role: Literal["main", "spare"]
    host_name: str
    serial: str
    wan_mac: str


class CpePlan(Frozen):
    """The CPE's part: it ends the tunnel between the FLET'S line and the firewall (VPN-1 .. VPN-3)."""

    name: str
    product: str
    operator: str
    units: tuple[CpeUnitPlan, ...]  # main first
    replaced_by: Literal["customer_with_spare", "us_on_site", "customer_with_sent_unit"]
    lan: Interface
    wan: CpeWan
    routes: tuple[Route, ...]  # to the DMZ, via the firewall
    flows: tuple[Flow, ...]  # through the CPE, to it and from it
    protected: tuple[IPv4Network, ...]  # networks that are never reached in clear (data centre)
    dmz: IPv4Network
    tunnel: TunnelPlan


@dataclass(frozen=True, slots=True)
class CpePart:
    """The CPE's part together with the unit that is configured: their host names differ, nothing else."""

    plan: CpePlan
    unit: CpeUnitPlan


class SwitchRoutePlan(Frozen):
    """The one route on the hospital's L3 switch, and nothing else (NW-4)."""

    name: str
    product: str
    managed_by: Literal["us", "network_vendor"]
    address: IPv4Address
    route: Route
    connected: tuple[IPv4Network, ...]  # for the precheck: the next hop must lie in one


type Part = FirewallPlan | CpePart | SwitchRoutePlan
"""What one network device has to be."""
