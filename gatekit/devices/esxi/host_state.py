"""The host as observed, in our own frozen types."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from gatekit.devices.esxi.changes import Facts

__all__ = ["Dns", "HostState", "Ntp", "PortGroupSetting", "Security", "Service", "Setting", "Vswitch", "facts"]


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


type Setting = Vswitch | PortGroupSetting | Dns | Ntp | Service


@dataclass(frozen=True, slots=True)
class HostState:
    """Everything of the host the plan speaks of, read in one request."""

    vswitches: tuple[Vswitch, ...]
    port_groups: tuple[PortGroupSetting, ...]
    uplinks: tuple[str, ...]  # physical NICs that exist
    management: tuple[str, ...]  # port groups that carry a vmkernel NIC
    dns: Dns
    ntp: Ntp
    services: tuple[Service, ...]

    def vswitch(self, name: str) -> Vswitch | None:
        """Return the vSwitch of that name, None when there is none."""
        return next((v for v in self.vswitches if v.name == name), None)

    def port_group(self, name: str) -> PortGroupSetting | None:
        """Return the port group of that name, None when there is none."""
        return next((p for p in self.port_groups if p.name == name), None)

    def service(self, key: str) -> Service | None:
        """Return the service of that key, None when there is none."""
        return next((s for s in self.services if s.key == key), None)


def facts(setting: Setting) -> Facts:
    """Return a setting as JSON-safe facts (tuples become lists, so that a diff reads naturally)."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(setting).items()
        if key not in {"name", "key"}
    }
