"""The plan's ESXi host and its virtual machines."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Literal

from gatekit.model import Frozen, Text
from gatekit.plan.flow import Flow, SecretName


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
