"""The plan: everything that follows from one site file, computed once.

Pure data, JSON both ways (``Plan.model_validate(json)`` gives back what ``model_dump(mode="json")``
wrote). No secret is in it: a secret is named by a ``SecretName`` and resolved in the device session.
All collections are tuples in a fixed order, so that the same site gives the same bytes.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from gatekit.model import Frozen, Text
from gatekit.plan.vm1.model import Vm1Plan

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type SecretName = str
"""Key in the vault's ``vault`` mapping, e.g. ``vpn_psk``."""


class Zone(StrEnum):
    """Where an address lies, seen from the firewall."""

    UNTRUST = "untrust"
    DMZ = "dmz"
    TRUST = "trust"
    DATA_CENTRE = "data_centre"  # reached only inside the tunnel
    FIREWALL = "firewall"  # the firewall itself


# ---------------------------------------------------------------- addresses
class NetworkRow(Frozen):
    """One network of the site: ``name`` is unique, e.g. ``dmz``, ``trust``, ``his``, ``data_centre``."""

    name: str
    zone: Zone
    network: IPv4Network
    purpose: Text
    assigned_by: Literal["us", "hospital", "provider"]


class AddressRow(Frozen):
    """One address of the appliance or of a peer it talks to, e.g. ``vm2`` or ``firewall.trust``."""

    name: str
    network: str
    address: Address
    prefix_length: int
    purpose: Text
    assigned_by: Literal["us", "hospital", "provider"]


# ---------------------------------------------------------------- flow matrix
class Protocol(StrEnum):
    TCP = "tcp"
    UDP = "udp"
    ESP = "esp"
    ICMP = "icmp"  # echo request only; errors that belong to a flow are always let through


class Endpoint(Frozen):
    """One end of a flow: a zone, a name for people and the networks it covers (never empty).

    IPv6 only between CPE and data centre, outside the tunnel; ``::/0`` is the CPE's semi-fixed address.
    """

    name: str  # vm1 vm2 vm3 esxi firewall his_clients pacs.<ae> portal data_centre_operations ...
    zone: Zone
    networks: tuple[Network, ...]

    @property
    def ipv4_networks(self) -> tuple[IPv4Network, ...]:
        """Return the networks of an end that the firewall can see: IPv4, all of them but a CPE's underlay."""
        return tuple(network for network in self.networks if isinstance(network, IPv4Network))


class Flow(Frozen):
    """One permitted flow. What is not in the matrix is refused everywhere.

    ``ports`` is empty for ICMP and ESP. ``listener`` names what answers at the destination
    (``squid``, ``sshd``, ``portal`` ...); ``ours`` says whether the listener is built by us.
    ``route`` names the points the packets pass, source and destination included, exactly one way.
    """

    id: str
    requirement: str
    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    ports: tuple[int, ...]
    purpose: Text
    listener: str
    route: tuple[str, ...]
    bandwidth_mbit_s: int | None = None  # most the source may send; enforced where it ends, on a VM of ours

    @property
    def crosses_firewall(self) -> bool:
        """Return whether the firewall forwards it: it stands on the way, and is no end of it."""
        return "firewall" in self.route[1:-1]


# ---------------------------------------------------------------- IPsec
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


# ---------------------------------------------------------------- devices
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


class SwitchRoutePlan(Frozen):
    """The one route on the hospital's L3 switch, and nothing else (NW-4)."""

    name: str
    product: str
    managed_by: Literal["us", "network_vendor"]
    address: IPv4Address
    route: Route
    connected: tuple[IPv4Network, ...]  # for the precheck: the next hop must lie in one


class PortGroup(Frozen):
    name: str
    vlan: int  # 0 = untagged


class VSwitchPlan(Frozen):
    """One standard vSwitch. The security policy is always: no promiscuous, no MAC change, no forged."""

    name: str
    uplinks: tuple[str, ...]  # vmnic names
    mtu: int
    port_groups: tuple[PortGroup, ...]


class EsxiServicePlan(Frozen):
    key: str  # ntpd, TSM, TSM-SSH ...
    running: bool
    policy: Literal["on", "off", "automatic"]


class AutostartRow(Frozen):
    vm: str
    order: int
    start_delay_s: int
    stop_delay_s: int


class EsxiHostPlan(Frozen):
    """The ESXi host as it has to be."""

    name: str  # host name without dots
    domain: str
    address: IPv4Address
    prefix_length: int
    default_gateway: IPv4Address
    user: str
    password: SecretName
    vswitches: tuple[VSwitchPlan, ...]
    dns_servers: tuple[IPv4Address, ...]
    ntp_servers: tuple[IPv4Address, ...]
    services: tuple[EsxiServicePlan, ...]
    autostart: tuple[AutostartRow, ...]
    datastore: str


class VmPlan(Frozen):
    """One virtual machine and the guest in it.

    ``ssh_host_key`` names the vault entry of the guest's private ed25519 host key (None: no SSH,
    as on Windows); its public half goes into known_hosts before the first contact.
    """

    name: str  # vm1 vm2 vm3
    host_name: str
    guest: Literal["debian13", "windows2022", "windows2025"]
    guest_id: str  # ESXi's name for the guest
    purpose: Text
    cpus: int
    memory_mb: int
    disk_gb: int
    port_group: str
    mac: str  # 00:50:56:00..3f, derived from site and VM
    address: IPv4Address
    prefix_length: int
    default_gateway: IPv4Address
    dns_servers: tuple[IPv4Address, ...]
    ntp_servers: tuple[IPv4Address, ...]
    syslog_server: IPv4Address
    domain: str
    operator: str  # account for SSH
    ssh_host_key: SecretName | None
    flows: tuple[Flow, ...]  # every flow with one end here: its packet filter is made from them


class ProxyPlan(Frozen):
    """Squid on VM2: who may ask, for what (HC-1, HC-2)."""

    address: IPv4Address
    host_name: str
    port: int
    clients: tuple[IPv4Network, ...]
    destinations: tuple[str, ...]  # exact host names; a leading dot takes in sub-domains
    connect_ports: tuple[int, ...]
    dns_servers: tuple[IPv4Address, ...]
    pac_port: int


class PackageSource(Frozen):
    """Where a Linux guest gets its packages: ``url`` may be http(s):// or file:// (a local mirror)."""

    url: str
    suite: str
    components: tuple[str, ...]
    signed_by: str  # path of the key in the guest


class PacsPeer(Frozen):
    """One PACS of the hospital (IN-2): what VM1 asks, and who stores to VM1."""

    name: str
    ae_title: str
    address: IPv4Address
    port: int


class LinkedSystem(Frozen):
    """One EMR, order, report or departmental system (IN-1)."""

    name: str
    kind: str
    protocol: str
    address: IPv4Address
    port: int
    direction: Literal["from_gateway", "to_gateway"]  # who opens the connection
    test_path: str  # what the connection test asks for (OP-7)
    account: str | None
    password: SecretName | None


class DataCentrePlan(Frozen):
    """What of the data centre the appliance talks to; the operator's facts, the same for every hospital."""

    networks: tuple[IPv4Network, ...]
    operations: IPv4Network  # where our support sits
    services: IPv4Address  # DNS, NTP, syslog, package mirror
    portal_name: str
    portal: IPv4Address  # inside the tunnel
    portal_public: IPv4Address  # on the Internet, TLS client certificate required (OP-9)


class Step(Frozen):
    """One step of the build, in order; ``interrupts`` says whether clinical traffic may stop."""

    id: str
    devices: tuple[str, ...]
    purpose: Text
    interrupts: bool


class Plan(Frozen):
    """One hospital, computed. ``gatekit.plan.document`` writes it with its sha256."""

    schema_version: int
    site: str
    hospital: Text
    pattern: Literal[1, 2, 3, 4]
    domain: str
    networks: tuple[NetworkRow, ...]
    addresses: tuple[AddressRow, ...]
    flows: tuple[Flow, ...]
    tunnel: TunnelPlan
    tunnel_device: Literal["firewall", "cpe"]
    firewall: FirewallPlan
    cpe: CpePlan | None  # patterns 1 to 3
    l3_switch: SwitchRoutePlan
    esxi: EsxiHostPlan
    vms: tuple[VmPlan, ...]
    proxy: ProxyPlan
    vm1: Vm1Plan
    package_source: PackageSource
    data_centre: DataCentrePlan
    pacs: tuple[PacsPeer, ...]
    linked_systems: tuple[LinkedSystem, ...]
    steps: tuple[Step, ...]
    secrets: tuple[SecretName, ...]

    def vm(self, name: str) -> VmPlan:
        """Return the VM of that name; KeyError when there is none."""
        for vm in self.vms:
            if vm.name == name:
                return vm
        raise KeyError(name)

    def address(self, name: str) -> Address:
        """Return the address of that name, e.g. ``firewall.trust``; KeyError when there is none."""
        for row in self.addresses:
            if row.name == name:
                return row.address
        raise KeyError(name)
