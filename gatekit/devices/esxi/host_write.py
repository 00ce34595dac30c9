"""Writes one setting to the host. The decision was made before; here is only its spelling."""

from __future__ import annotations

from typing import Any, assert_never

from gatekit.devices.esxi.host_read import host_system
from gatekit.devices.esxi.host_state import Dns, Ntp, PortGroupSetting, Security, Service, Setting, Vswitch
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import Ref, vim

__all__ = ["write_setting"]

DEFAULT_PORTS = 128


def write_setting(session: Session, subject: str, setting: Setting) -> None:
    """Send one setting to the host.

    Raises:
        DeviceError: the meaning of the host's fault; GW402 when the connection broke.
    """
    manager = session.read("inventory", lambda: host_system(session).configManager)
    match setting:
        case Vswitch():
            _write_vswitch(session, subject, manager.networkSystem, setting)
        case PortGroupSetting():
            _write_port_group(session, subject, manager.networkSystem, setting)
        case Dns():
            config = vim.host.DnsConfig(
                dhcp=setting.dhcp,
                hostName=setting.host_name,
                domainName=setting.domain,
                address=list(setting.servers),
                searchDomain=list(setting.search),
            )
            session.write(subject, lambda: manager.networkSystem.UpdateDnsConfig(config))
        case Ntp():
            _write_ntp(session, subject, manager, setting)
        case Service():
            _write_service(session, subject, manager.serviceSystem, setting)
        case _:
            assert_never(setting)


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
