"""The plan: everything that follows from one site file, computed once.

Pure data, JSON both ways (``Plan.model_validate(json)`` gives back what ``model_dump(mode="json")``
wrote). No secret is in it: a secret is named by a ``SecretName`` and resolved in the device session.
All collections are tuples in a fixed order, so that the same site gives the same bytes.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from gatekit.model import Frozen, Text
from gatekit.plan.appliance import EsxiHostPlan, VmPlan
from gatekit.plan.boundary import BoundaryPlan
from gatekit.plan.flow import Address, AddressRow, Flow, NetworkRow, SecretName
from gatekit.plan.network_device import CpePlan, FirewallPlan, SwitchRoutePlan, TunnelPlan
from gatekit.plan.premises import PremisesPlan
from gatekit.plan.ups import UpsPlan
from gatekit.plan.vm1.model import Vm1Plan
from gatekit.plan.windows import WindowsPlan


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


class SupportContact(Frozen):
    """Whom the hospital calls, and when (OP-11)."""

    name: Text
    phone: str
    email: str
    hours: Text


class DataCentrePlan(Frozen):
    """What of the data centre the appliance talks to; the operator's facts, the same for every hospital."""

    networks: tuple[IPv4Network, ...]
    operations: IPv4Network  # where our support sits
    services: IPv4Address  # DNS, NTP, syslog, package mirror
    portal_name: str
    portal: IPv4Address  # inside the tunnel
    portal_public: IPv4Address  # on the Internet, TLS client certificate required (OP-9)
    support: SupportContact


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
    boundary: BoundaryPlan | None  # NW-5; set up by the hospital's network vendor
    esxi: EsxiHostPlan
    vms: tuple[VmPlan, ...]
    proxy: ProxyPlan
    vm1: Vm1Plan
    windows: WindowsPlan
    ups: UpsPlan | None
    package_source: PackageSource
    data_centre: DataCentrePlan
    pacs: tuple[PacsPeer, ...]
    linked_systems: tuple[LinkedSystem, ...]
    premises: PremisesPlan
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
