"""The appliance as we build it at every hospital, read once from appliance.yml."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Network, IPv6Address
from typing import Literal

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen


class VmSize(Frozen):
    cpus: int
    memory_mb: int
    disk_gb: int
    start_delay_s: int
    stop_delay_s: int


class EsxiAdministrator(Frozen):
    user: str
    password: str  # name in the vault


class EsxiAccount(Frozen):
    role: str
    password: str  # name in the vault
    description: str


class EsxiFacts(Frozen):
    memory_mb: int
    datastore: str
    datastore_reserve: float
    vswitch: str
    mtu: int
    port_groups: dict[str, str]
    administrator: EsxiAdministrator
    automation: str
    certificate_renewal_days: int
    banner: str
    rulesets_to_services: tuple[str, ...]
    accounts: dict[str, EsxiAccount]
    roles: dict[str, tuple[str, ...]]


class Underlay(Frozen):
    link_mtu: int
    tunnel_mtu: int


class TunnelFacts(Frozen):
    name: str
    dpd_delay_s: int
    ike_rekey_s: int
    child_rekey_s: int
    ipv4: Underlay
    ipv6: Underlay


class CpeFacts(Frozen):
    interface_id: IPv6Address


class SuiteFacts(Frozen):
    encryption: Literal["aes256-gcm16", "aes256-cbc"]
    integrity: Literal["none", "sha256"]
    prf: Literal["sha384", "sha256"]
    dh_group: int | None


class DmzPool(Frozen):
    """First and last /16 from which DMZs are assigned."""

    first: IPv4Network
    last: IPv4Network

    def holds(self, network: IPv4Network) -> bool:
        """Return whether ``network`` lies in the pool."""
        return self.first.network_address <= network.network_address <= self.last.broadcast_address


class RackFacts(Frozen):
    units: int
    circuit_amperes: int


class UpsFacts(Frozen):
    server: str
    machines: tuple[str, ...]
    host_account: str  # one of esxi.accounts
    order_s: int
    host_stop_s: int
    margin_s: int


class ApplianceFacts(Frozen):
    """See appliance.yml for the meaning and unit of each."""

    host_numbers: dict[str, int]
    vms: dict[str, VmSize]
    autostart: tuple[str, ...]
    guest_ids: dict[str, str]
    esxi: EsxiFacts
    ports: dict[str, int]
    tunnel: TunnelFacts
    cpe: CpeFacts
    suites: dict[Literal["HIGH", "BASE"], SuiteFacts]
    dmz_pool: DmzPool
    transit_third_octet: int
    ups: UpsFacts
    time_zone: str
    rack: RackFacts
    built_listeners: tuple[str, ...]


@cache
def appliance() -> ApplianceFacts:
    """Return the facts of appliance.yml."""
    return ApplianceFacts.model_validate(facts_in("appliance.yml"))
