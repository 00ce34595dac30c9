"""Writes one setting to the host. The decision was made before; here is only its spelling."""

from __future__ import annotations

from functools import partial
from ipaddress import IPv4Network
from typing import Any

from gatekit.devices.esxi.access_state import AccountSetting, Grant, RoleSetting
from gatekit.devices.esxi.access_write import write_access
from gatekit.devices.esxi.certificate import write_certificate
from gatekit.devices.esxi.host_secrets import NO_SECRETS, HostSecrets
from gatekit.devices.esxi.host_state import (
    Datastore,
    DefaultPolicy,
    Dns,
    Gateway,
    Ntp,
    Options,
    PortGroupSetting,
    Ruleset,
    Security,
    ServerCertificate,
    Service,
    Setting,
    Vmkernel,
    Vswitch,
)
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import Ref, vim

__all__ = ["write_setting"]

DEFAULT_PORTS = 128


def write_setting(session: Session, subject: str, setting: Setting, secrets: HostSecrets = NO_SECRETS) -> None:
    """Send one setting to the host.

    Raises:
        DeviceError: the meaning of the host's fault; GW402 when the connection broke.
    """
    manager = session.read("inventory", lambda: host_system(session).configManager)
    match setting:
        case RoleSetting() | AccountSetting() | Grant():
            write_access(session, subject, setting, secrets)
        case ServerCertificate():
            write_certificate(session, subject, manager.certificateManager, setting, secrets)
        case DefaultPolicy() | Ruleset():
            _write_firewall(session, subject, manager.firewallSystem, setting)
        case Options():
            _write_options(session, subject, manager.advancedOption, setting)
        case Ntp():
            _write_ntp(session, subject, manager, setting)
        case Service():
            _write_service(session, subject, manager.serviceSystem, setting)
        case Datastore():
            _rename_datastore(session, subject, setting)
        case Vmkernel():
            _write_vmkernel(session, subject, manager, setting)
        case _:
            _write_network(session, subject, manager.networkSystem, setting)


def _write_network(
    session: Session, subject: str, network: Ref, setting: Vswitch | PortGroupSetting | Gateway | Dns
) -> None:
    match setting:
        case Vswitch():
            _write_vswitch(session, subject, network, setting)
        case PortGroupSetting():
            _write_port_group(session, subject, network, setting)
        case Gateway():
            route = vim.host.IpRouteConfig(defaultGateway=setting.address)
            session.write(subject, lambda: network.UpdateIpRouteConfig(route))
        case Dns():
            config = vim.host.DnsConfig(
                dhcp=setting.dhcp,
                hostName=setting.host_name,
                domainName=setting.domain,
                address=list(setting.servers),
                searchDomain=list(setting.search),
            )
            session.write(subject, lambda: network.UpdateDnsConfig(config))


def _policy(security: Security) -> Ref:
    policy = vim.host.NetworkPolicy
    return policy(
        security=policy.SecurityPolicy(
            allowPromiscuous=security.promiscuous,
            macChanges=security.mac_changes,
            forgedTransmits=security.forged_transmits,
        )
    )


def _write_vswitch(session: Session, subject: str, network: Ref, wanted: Vswitch) -> None:
    """Add the vSwitch, or send its present spec back with our part changed: what is left out would be lost."""
    present = session.read(subject, lambda: [v for v in network.networkInfo.vswitch if v.name == wanted.name])
    switch = vim.host.VirtualSwitch
    spec = present[0].spec if present else switch.Specification(numPorts=DEFAULT_PORTS)
    spec.mtu = wanted.mtu
    spec.policy = spec.policy or vim.host.NetworkPolicy()
    spec.policy.security = _policy(wanted.security).security
    bridge = spec.bridge if isinstance(spec.bridge, switch.BondBridge) else switch.BondBridge()
    if tuple(bridge.nicDevice or ()) != wanted.uplinks:
        bridge.nicDevice = list(wanted.uplinks)
        if spec.policy.nicTeaming is not None:  # an order that names a removed NIC is refused
            order = vim.host.NetworkPolicy.NicOrderPolicy
            spec.policy.nicTeaming.nicOrder = order(activeNic=list(wanted.uplinks))
    spec.bridge = bridge if wanted.uplinks else None
    if present:
        session.write(subject, lambda: network.UpdateVirtualSwitch(wanted.name, spec))
    else:
        session.write(subject, lambda: network.AddVirtualSwitch(wanted.name, spec))


def _write_port_group(session: Session, subject: str, network: Ref, wanted: PortGroupSetting) -> None:
    present = session.read(subject, lambda: [p for p in network.networkInfo.portgroup if p.spec.name == wanted.name])
    policy: Any = present[0].spec.policy if present else vim.host.NetworkPolicy()
    policy.security = _policy(wanted.security).security
    spec = vim.host.PortGroup.Specification(
        name=wanted.name, vlanId=wanted.vlan, vswitchName=wanted.vswitch, policy=policy
    )
    if present:
        session.write(subject, lambda: network.UpdatePortGroup(wanted.name, spec))
    else:
        session.write(subject, lambda: network.AddPortGroup(spec))


def _write_ntp(session: Session, subject: str, manager: Ref, wanted: Ntp) -> None:
    """Set the servers; a running daemon is restarted, or it would go on asking the old ones."""
    ntp = vim.host.NtpConfig(server=list(wanted.servers))
    config = vim.host.DateTimeConfig(ntpConfig=ntp, protocol="ntp", enabled=wanted.enabled)
    session.write(subject, lambda: manager.dateTimeSystem.UpdateDateTimeConfig(config))
    services = session.read(subject, lambda: manager.serviceSystem.serviceInfo.service)
    if any(service.key == "ntpd" and service.running for service in services):
        session.write(subject, lambda: manager.serviceSystem.RestartService("ntpd"))


def _write_service(session: Session, subject: str, system: Ref, wanted: Service) -> None:
    """Set policy and state; only what differs is sent, since a host refuses to start what runs."""
    services = session.read(subject, lambda: system.serviceInfo.service)
    present = next(service for service in services if service.key == wanted.key)
    if present.policy != wanted.policy:
        session.write(subject, lambda: system.UpdateServicePolicy(wanted.key, wanted.policy))
    if bool(present.running) != wanted.running:
        switch = system.StartService if wanted.running else system.StopService
        session.write(subject, lambda: switch(wanted.key))


def _write_vmkernel(session: Session, subject: str, manager: Ref, wanted: Vmkernel) -> None:
    """Add the interface, or send its present spec back with our part changed; then what it carries."""
    network, device = manager.networkSystem, wanted.device
    nics = session.read(subject, lambda: network.networkInfo.vnic)
    present = next((nic.spec for nic in nics or () if nic.device == device), None)
    spec = present or vim.host.VirtualNic.Specification()
    spec.ip = vim.host.IpConfig(dhcp=wanted.dhcp, ipAddress=wanted.address, subnetMask=wanted.netmask)
    spec.mtu = wanted.mtu
    if present is None:
        device = session.write(subject, lambda: network.AddVirtualNic(wanted.port_group, spec))
    else:
        session.write(subject, lambda: network.UpdateVirtualNic(device, spec))
    _write_carried(session, subject, manager.virtualNicManager, device, frozenset(wanted.carries))


def _write_carried(session: Session, subject: str, carrier: Ref, device: str, wanted: frozenset[str]) -> None:
    info = session.read(subject, lambda: carrier.info)
    carried = {
        kind.nicType
        for kind in info.netConfig or ()
        if any(str(selected).endswith(f"-{device}") for selected in kind.selectedVnic or ())
    }
    for kind in sorted(wanted - carried):
        session.write(subject, partial(carrier.SelectVnicForNicType, kind, device))
    for kind in sorted(carried - wanted):
        session.write(subject, partial(carrier.DeselectVnicForNicType, kind, device))


def _write_firewall(session: Session, subject: str, firewall: Ref, wanted: Ruleset | DefaultPolicy) -> None:
    """Set one rule (its addresses in one call, before it is opened) or what holds where no rule does."""
    if isinstance(wanted, DefaultPolicy):
        policy = vim.host.FirewallInfo.DefaultPolicy(
            incomingBlocked=wanted.incoming_blocked, outgoingBlocked=wanted.outgoing_blocked
        )
        session.write(subject, lambda: firewall.UpdateDefaultPolicy(policy))
        return
    if wanted.configurable:
        spec = vim.host.Ruleset.RulesetSpec(allowedHosts=_addresses(wanted))
        session.write(subject, lambda: firewall.UpdateRuleset(wanted.key, spec))
    rules = session.read(subject, lambda: firewall.firewallInfo.ruleset)
    if any(rule.key == wanted.key and bool(rule.enabled) != wanted.enabled for rule in rules):
        switch = firewall.EnableRuleset if wanted.enabled else firewall.DisableRuleset
        session.write(subject, lambda: switch(wanted.key))


def _addresses(rule: Ruleset) -> Ref:
    """Return the rule's addresses as the host keeps them: a single one is an address, no network of one."""
    rulesets = vim.host.Ruleset
    networks = [IPv4Network(network) for network in rule.networks]
    return rulesets.IpList(
        allIp=rule.every_address,
        ipAddress=[str(net.network_address) for net in networks if net.prefixlen == 32],
        ipNetwork=[
            rulesets.IpNetwork(network=str(net.network_address), prefixLength=net.prefixlen)
            for net in networks
            if net.prefixlen < 32
        ],
    )


def _write_options(session: Session, subject: str, manager: Ref, wanted: Options) -> None:
    """Set the options in one call, each as the type the host keeps it in (an int for a long is refused)."""
    rows = session.read(subject, lambda: manager.QueryOptions(None))
    kinds: dict[str, type[Any]] = {row.key: type(row.value) for row in rows}
    values = [vim.option.OptionValue(key=key, value=kinds[key](value)) for key, value in wanted.values.items()]
    session.write(subject, lambda: manager.UpdateOptions(values))


def _rename_datastore(session: Session, subject: str, wanted: Datastore) -> None:
    host = host_system(session)
    found = session.read(subject, lambda: next(one for one in host.datastore if one.name == wanted.before))
    session.write(subject, lambda: found.RenameDatastore(wanted.name))
