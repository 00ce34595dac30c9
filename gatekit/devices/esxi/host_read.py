"""Reads the host: one request of dotted property paths (``host.config`` is megabytes), then what is no property."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from gatekit.catalogue.hardening_baseline import OptionCheck, esxi_baseline
from gatekit.devices.esxi.access_read import observe_access
from gatekit.devices.esxi.host_state import (
    DefaultPolicy,
    Dns,
    Gateway,
    HostState,
    Licence,
    Ntp,
    Options,
    PortGroupSetting,
    Ruleset,
    Security,
    ServerCertificate,
    Service,
    Vmkernel,
    Vswitch,
)
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.licence import EVALUATION
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError

__all__ = ["observe_host", "ruleset_of"]

PATHS = (
    "config.network.vswitch",
    "config.network.portgroup",
    "config.network.pnic",
    "config.network.vnic",
    "config.network.dnsConfig",
    "config.network.ipRouteConfig",
    "config.virtualNicManagerInfo",
    "config.dateTimeInfo",
    "config.service.service",
    "config.firewall",
    "datastore",
)


def observe_host(
    session: Session, certificate: ServerCertificate | None = None, refused_logins: Iterable[str] = ()
) -> HostState:
    """Return the host's state; what only shows from outside the session is given to it.

    Raises:
        DeviceError: GW402, GW403, GW404 from the session; GW410 when the host reports no configuration.
    """
    host = host_system(session)
    found = session.properties("config", vim.HostSystem, [host], (*PATHS, "configManager"))
    raw = cast("dict[str, Any]", found[0][1] if found else {})
    if "config.network.vswitch" not in raw:
        raise DeviceError(
            "GW410", f"{session.name}.config", "no network configuration", "Wait for hostd, then run again."
        )
    manager = raw["configManager"]
    firewall = raw["config.firewall"]
    pnics = {nic.key: nic.device for nic in raw.get("config.network.pnic", ())}
    return HostState(
        vswitches=tuple(_vswitch(v, pnics) for v in raw["config.network.vswitch"]),
        port_groups=tuple(_port_group(p.spec) for p in raw.get("config.network.portgroup", ())),
        uplinks=tuple(sorted(pnics.values())),
        vmkernel=_vmkernel(raw),
        gateway=Gateway(getattr(raw.get("config.network.ipRouteConfig"), "defaultGateway", None) or ""),
        dns=_dns(raw.get("config.network.dnsConfig")),
        ntp=_ntp(raw.get("config.dateTimeInfo")),
        services=tuple(Service(s.key, bool(s.running), s.policy) for s in raw.get("config.service.service", ())),
        default_policy=DefaultPolicy(
            bool(firewall.defaultPolicy.incomingBlocked), bool(firewall.defaultPolicy.outgoingBlocked)
        ),
        rulesets=tuple(sorted((ruleset_of(rule) for rule in firewall.ruleset or ()), key=lambda rule: rule.key)),
        options=_options(session, manager.advancedOption),
        access=observe_access(session),
        licence=_licence(session),
        datastores=_datastores(session, raw.get("datastore", ())),
        lockdown=str(session.read("lockdown", lambda: manager.hostAccessManager.lockdownMode)),
        acceptance_level=str(session.read("acceptance level", manager.imageConfigManager.HostImageConfigGetAcceptance)),
        our_address=session.read("session", lambda: session.content.sessionManager.currentSession.ipAddress) or "",
        certificate=certificate,
        refused_logins=tuple(sorted(refused_logins)),
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


def _vmkernel(raw: dict[str, Any]) -> tuple[Vmkernel, ...]:
    carried: dict[str, list[str]] = {}
    for kind in getattr(raw.get("config.virtualNicManagerInfo"), "netConfig", None) or ():
        for selected in kind.selectedVnic or ():  # a key such as management.key-vim.host.VirtualNic-vmk0
            carried.setdefault(str(selected).rpartition("-")[2], []).append(kind.nicType)
    nics = (nic for nic in raw.get("config.network.vnic", ()) if nic.portgroup)
    return tuple(_interface(nic, tuple(sorted(carried.get(nic.device, ())))) for nic in nics)


def _interface(nic: Any, carries: tuple[str, ...]) -> Vmkernel:
    ip = nic.spec.ip
    return Vmkernel(
        device=nic.device,
        port_group=nic.portgroup,
        dhcp=bool(ip.dhcp),
        address=ip.ipAddress or "",
        netmask=ip.subnetMask or "",
        mtu=int(nic.spec.mtu or 1500),
        carries=carries,
    )


def ruleset_of(rule: Any) -> Ruleset:
    """Return one rule of the host's firewall as ours."""
    allowed = rule.allowedHosts
    single = [f"{address}/32" for address in getattr(allowed, "ipAddress", None) or ()]
    wide = [f"{net.network}/{net.prefixLength}" for net in getattr(allowed, "ipNetwork", None) or ()]
    return Ruleset(
        key=rule.key,
        enabled=bool(rule.enabled),
        every_address=allowed is None or bool(allowed.allIp),
        networks=tuple(sorted(single + wide)),
        configurable=bool(rule.ipListUserConfigurable),
    )


def _options(session: Session, manager: Ref) -> Options:
    wanted = {item.check.key for item in esxi_baseline() if isinstance(item.check, OptionCheck)}
    rows = session.read("options", lambda: manager.QueryOptions(None))
    return Options({row.key: _plain(row.value) for row in rows if row.key in wanted})


def _plain(value: Any) -> bool | int | str:
    if isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else str(value)


def _licence(session: Session) -> Licence:
    manager = session.content.licenseManager
    rows = session.read("licence", lambda: manager.licenses) or ()
    if not rows:
        return Licence("", "none")
    first = rows[0]
    properties = {entry.key: entry.value for entry in first.properties or ()}
    if first.editionKey == EVALUATION and "expirationHours" not in properties:
        evaluation = session.read("licence", lambda: manager.evaluation.properties) or ()
        properties |= {entry.key: entry.value for entry in evaluation}
    hours = properties.get("expirationHours")
    return Licence(first.editionKey, first.name, None if hours is None else int(hours))


def _datastores(session: Session, refs: Iterable[Ref]) -> tuple[str, ...]:
    rows = session.properties("datastores", vim.Datastore, list(refs), ("name",))
    return tuple(sorted(str(reading["name"]) for _, reading in rows))
