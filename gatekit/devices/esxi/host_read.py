"""Reads the host with one property-collector request of dotted paths (``host.config`` is megabytes)."""

from __future__ import annotations

from typing import Any, cast

from gatekit.devices.esxi.host_state import Dns, HostState, Ntp, PortGroupSetting, Security, Service, Vswitch
from gatekit.devices.esxi.session import Reading, Session
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError

__all__ = ["compute_resource", "datacenter", "host_system", "observe_host"]

PATHS = (
    "config.network.vswitch",
    "config.network.portgroup",
    "config.network.pnic",
    "config.network.vnic",
    "config.network.dnsConfig",
    "config.dateTimeInfo",
    "config.service.service",
)


def datacenter(session: Session) -> Ref:
    """Return the one datacenter of a standalone host."""
    return session.read("inventory", lambda: session.content.rootFolder.childEntity[0])


def compute_resource(session: Session) -> Ref:
    """Return the one compute resource of a standalone host."""
    return session.read("inventory", lambda: datacenter(session).hostFolder.childEntity[0])


def host_system(session: Session) -> Ref:
    """Return the one host of a standalone host."""
    return session.read("inventory", lambda: compute_resource(session).host[0])


def observe_host(session: Session) -> HostState:
    """Return the host's state.

    Raises:
        DeviceError: GW402, GW403, GW404 from the session; GW410 when the host reports no configuration.
    """
    found = session.properties("config", vim.HostSystem, [host_system(session)], PATHS)
    reading = found[0][1] if found else {}
    if "config.network.vswitch" not in reading:
        raise DeviceError(
            "GW410", f"{session.name}.config", "no network configuration", "Wait for hostd, then run again."
        )
    return parse(reading)


def parse(reading: Reading) -> HostState:
    """Return the state from the properties as the host gives them."""
    raw = cast("dict[str, Any]", reading)
    pnics = {nic.key: nic.device for nic in raw.get("config.network.pnic", ())}
    return HostState(
        vswitches=tuple(_vswitch(v, pnics) for v in raw["config.network.vswitch"]),
        port_groups=tuple(_port_group(p.spec) for p in raw.get("config.network.portgroup", ())),
        uplinks=tuple(sorted(pnics.values())),
        management=tuple(nic.portgroup for nic in raw.get("config.network.vnic", ()) if nic.portgroup),
        dns=_dns(raw.get("config.network.dnsConfig")),
        ntp=_ntp(raw.get("config.dateTimeInfo")),
        services=tuple(Service(s.key, bool(s.running), s.policy) for s in raw.get("config.service.service", ())),
    )


def _security(policy: Any) -> Security:
    security = getattr(policy, "security", None)
    if security is None:
        return Security(promiscuous=None, mac_changes=None, forged_transmits=None)
    return Security(security.allowPromiscuous, security.macChanges, security.forgedTransmits)


def _vswitch(v: Any, pnics: dict[str, str]) -> Vswitch:
    bridge = v.spec.bridge
    uplinks = list(getattr(bridge, "nicDevice", None) or ()) or [pnics[key] for key in v.pnic or () if key in pnics]
    return Vswitch(v.name, tuple(uplinks), int(v.mtu or 1500), _security(v.spec.policy))


def _port_group(spec: Any) -> PortGroupSetting:
    return PortGroupSetting(spec.name, spec.vswitchName, int(spec.vlanId), _security(spec.policy))


def _dns(config: Any) -> Dns:
    if config is None:
        return Dns(dhcp=False, host_name="", domain="", servers=(), search=())
    servers, search = tuple(config.address or ()), tuple(config.searchDomain or ())
    return Dns(bool(config.dhcp), config.hostName or "", config.domainName or "", servers, search)


def _ntp(config: Any) -> Ntp:
    servers = tuple(getattr(getattr(config, "ntpConfig", None), "server", None) or ())
    enabled = getattr(config, "enabled", None)  # None: a host before 7.0.3, where the service alone decides
    return Ntp(enabled is not False, servers)
