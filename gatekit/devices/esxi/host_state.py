"""The host as observed, in our own frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from gatekit.devices.esxi.access_state import Access, AccountSetting, Grant, RoleSetting
from gatekit.devices.esxi.changes import Facts

__all__ = [
    "STRICT",
    "Datastore",
    "DefaultPolicy",
    "Dns",
    "Gateway",
    "HostState",
    "Licence",
    "Ntp",
    "OptionValue",
    "Options",
    "PortGroupSetting",
    "Ruleset",
    "Security",
    "ServerCertificate",
    "Service",
    "Setting",
    "Vmkernel",
    "Vswitch",
    "facts",
]


@dataclass(frozen=True, slots=True)
class Security:
    """Layer-2 policy; None in a port group means it inherits the vSwitch's."""

    promiscuous: bool | None
    mac_changes: bool | None
    forged_transmits: bool | None

    @property
    def allows(self) -> bool:
        """Return whether any of the three is allowed here in so many words."""
        return bool(self.promiscuous or self.mac_changes or self.forged_transmits)


STRICT = Security(promiscuous=False, mac_changes=False, forged_transmits=False)


@dataclass(frozen=True, slots=True)
class Vswitch:
    name: str
    uplinks: tuple[str, ...]
    mtu: int
    security: Security


@dataclass(frozen=True, slots=True)
class PortGroupSetting:
    name: str
    vswitch: str
    vlan: int
    security: Security


@dataclass(frozen=True, slots=True)
class Vmkernel:
    """One vmkernel interface; ``device`` is the host's name for it, empty for one to be made."""

    device: str
    port_group: str
    dhcp: bool
    address: str
    netmask: str
    mtu: int
    carries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gateway:
    """The way to everywhere else; empty when there is none."""

    address: str


@dataclass(frozen=True, slots=True)
class Dns:
    dhcp: bool
    host_name: str
    domain: str
    servers: tuple[str, ...]
    search: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ntp:
    enabled: bool
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    key: str
    running: bool
    policy: Literal["on", "off", "automatic"]


@dataclass(frozen=True, slots=True)
class DefaultPolicy:
    """What the host's firewall does with what no rule names."""

    incoming_blocked: bool
    outgoing_blocked: bool


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One rule of the host's firewall; ``networks`` (sorted) count only when not every address is allowed."""

    key: str
    enabled: bool
    every_address: bool
    networks: tuple[str, ...]
    configurable: bool = True  # False: the host keeps its addresses itself


type OptionValue = bool | int | str


@dataclass(frozen=True, slots=True)
class Options:
    """Advanced options by key."""

    values: Mapping[str, OptionValue]


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What the API shows to whoever connects."""

    by_site_ca: bool
    names: tuple[str, ...]
    days_left: int


@dataclass(frozen=True, slots=True)
class Datastore:
    """A datastore's name; ``before`` is the one it has now."""

    name: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """``hours_left`` only of an evaluation."""

    edition: str
    name: str
    hours_left: int | None = None


type Setting = (
    Vswitch
    | PortGroupSetting
    | Vmkernel
    | Gateway
    | Dns
    | Ntp
    | Service
    | DefaultPolicy
    | Ruleset
    | Options
    | ServerCertificate
    | Datastore
    | RoleSetting
    | AccountSetting
    | Grant
)


@dataclass(frozen=True, slots=True)
class HostState:
    """Everything of the host the plan and the hardening baseline speak of. No secret is in it."""

    vswitches: tuple[Vswitch, ...]
    port_groups: tuple[PortGroupSetting, ...]
    uplinks: tuple[str, ...]  # physical NICs that exist
    vmkernel: tuple[Vmkernel, ...]
    gateway: Gateway
    dns: Dns
    ntp: Ntp
    services: tuple[Service, ...]
    default_policy: DefaultPolicy
    rulesets: tuple[Ruleset, ...]
    options: Options  # those the baseline names and the host knows
    access: Access
    licence: Licence
    datastores: tuple[str, ...]
    lockdown: str
    acceptance_level: str
    our_address: str  # where the host sees our session come from
    certificate: ServerCertificate | None = None  # None: not looked at
    refused_logins: tuple[str, ...] = field(default=())  # planned accounts whose password the host refuses

    def vswitch(self, name: str) -> Vswitch | None:
        """Return the vSwitch of that name, None when there is none."""
        return next((v for v in self.vswitches if v.name == name), None)

    def port_group(self, name: str) -> PortGroupSetting | None:
        """Return the port group of that name, None when there is none."""
        return next((p for p in self.port_groups if p.name == name), None)

    def service(self, key: str) -> Service | None:
        """Return the service of that key, None when there is none."""
        return next((s for s in self.services if s.key == key), None)

    @property
    def management(self) -> frozenset[str]:
        """Return the port groups that carry a vmkernel interface."""
        return frozenset(vmk.port_group for vmk in self.vmkernel)


def facts(setting: Setting) -> Facts:
    """Return a setting as JSON-safe facts (tuples become lists, so that a diff reads naturally)."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(setting).items()
        if key not in {"name", "key", "configurable", "device", "new_password"}
    }
