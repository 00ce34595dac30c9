"""The plan's ESXi host and its virtual machines."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from gatekit.catalogue.hardening_baseline import Bound
from gatekit.model import Frozen, Text
from gatekit.plan.flow import Flow, SecretName
from gatekit.plan.vm1.model import Artefact


class PortGroup(Frozen):
    name: str
    vlan: int  # 0 = untagged


class VSwitchPlan(Frozen):
    """One standard vSwitch. The security policy is always: no promiscuous, no MAC change, no forged."""

    name: str
    uplinks: tuple[str, ...]  # vmnic names
    mtu: int
    port_groups: tuple[PortGroup, ...]


class VmkernelPlan(Frozen):
    """One vmkernel interface, by its port group: the host names it vmkN itself."""

    port_group: str
    address: IPv4Address
    prefix_length: int
    mtu: int
    carries: tuple[str, ...]  # management, vmotion ...; what it does not name is taken off it


class EsxiServicePlan(Frozen):
    item: str  # of the hardening baseline
    key: str  # ntpd, TSM, TSM-SSH ...
    running: bool
    policy: Literal["on", "off", "automatic"]
    may_be_absent: bool


class EsxiOptionPlan(Frozen):
    """One advanced option and what its value must be; see ``catalogue.hardening_baseline``."""

    item: str  # of the hardening baseline
    key: str
    bound: Bound
    value: bool | int | str
    written: bool  # False: judged, never set


class EsxiRulesetPlan(Frozen):
    """One firewall rule of the host that is open, to these networks only."""

    key: str
    networks: tuple[IPv4Network, ...]


class EsxiRolePlan(Frozen):
    name: str
    privileges: tuple[str, ...]  # without System.Anonymous, System.View and System.Read, which every role has


class EsxiAccountPlan(Frozen):
    """A local account with one role on the whole host, without a shell."""

    name: str
    description: str
    role: str
    password: SecretName


class DeviationPlan(Frozen):
    """One item of the hardening baseline this site does not keep, why, and until when."""

    item: str
    reason: str
    until: date


class AutostartRow(Frozen):
    vm: str
    order: int
    start_delay_s: int
    stop_delay_s: int


class EsxiHostPlan(Frozen):
    """The ESXi host as it has to be.

    ``user`` is the automation account, one of ``accounts``: the job logs in with it. ``administrator`` makes it at
    the first contact, and is needed again only where accounts, roles or permissions differ.
    """

    name: str  # host name without dots
    domain: str
    address: IPv4Address
    prefix_length: int
    default_gateway: IPv4Address
    administrator: str
    administrator_password: SecretName
    user: str
    password: SecretName
    licence: Literal["vsphere_standard", "vvf", "evaluation"]
    vswitches: tuple[VSwitchPlan, ...]
    vmkernel: tuple[VmkernelPlan, ...]
    dns_servers: tuple[IPv4Address, ...]
    ntp_servers: tuple[IPv4Address, ...]
    services: tuple[EsxiServicePlan, ...]
    options: tuple[EsxiOptionPlan, ...]
    management: tuple[IPv4Network, ...]  # who may begin a flow to the host
    rulesets: tuple[EsxiRulesetPlan, ...]  # every other open rule admits ``management``
    roles: tuple[EsxiRolePlan, ...]
    accounts: tuple[EsxiAccountPlan, ...]
    certificate_renewal_days: int
    deviations: tuple[DeviationPlan, ...]
    autostart: tuple[AutostartRow, ...]
    datastore: str

    @property
    def deviates(self) -> frozenset[str]:
        """Return the items of the hardening baseline that are left alone here."""
        return frozenset(row.item for row in self.deviations)


class DataDiskPlan(Frozen):
    """A second disk of a VM, with one file system mounted at ``folder``; a full one leaves the system alone."""

    size_gb: int
    folder: str


class UsbDevicePlan(Frozen):
    """A USB device of the host that is passed through to a VM; four small hexadecimal digits each."""

    vendor_id: str
    product_id: str

    @property
    def ids(self) -> str:
        """Return ``vendor:product``, as lsusb prints it."""
        return f"{self.vendor_id}:{self.product_id}"


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
    data_disk: DataDiskPlan | None = None
    image: Artefact | None = None  # OVA beside the site file that a new disk is made from
    usb_device: UsbDevicePlan | None = None
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

    @property
    def data_disk_gb(self) -> int | None:
        """Return the size of the second disk, None when there is none."""
        return self.data_disk.size_gb if self.data_disk else None
