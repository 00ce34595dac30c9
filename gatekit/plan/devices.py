"""What each network device has to be: the firewall's part and the one route on the L3 switch."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from gatekit.catalogue import products
from gatekit.catalogue.appliance import appliance
from gatekit.errors import PlanError
from gatekit.intent.load import Intent
from gatekit.intent.network import BoundaryFirewall, FirewallPorts
from gatekit.intent.vpn import CpePair, CpePorts, CpeSingle, Pattern4
from gatekit.plan.addresses import dmz_address, untrust_address, untrust_gateway, untrust_network
from gatekit.plan.flow import Flow, SecretName, Zone
from gatekit.plan.network_device import (
    CpePlan,
    CpeUnitPlan,
    CpeWan,
    FirewallPlan,
    Interface,
    Route,
    SwitchRoutePlan,
    TunnelPlan,
)
from gatekit.plan.topology import other_services

FIREWALL_PASSWORD = "firewall_password"  # noqa: S105 - names of vault entries, not passwords
CPE_PASSWORD = "cpe_password"  # noqa: S105
SWITCH_PASSWORD = "l3_switch_password"  # noqa: S105
FINGERPRINT_KEY = "fingerprint_key"
"""Keys the fingerprints of secrets last applied to a device: what it shows of them cannot be compared."""
type ReplacedBy = Literal["customer_with_spare", "us_on_site", "customer_with_sent_unit"]
REPLACED_BY: Mapping[int, ReplacedBy] = {1: "customer_with_spare", 2: "us_on_site", 3: "customer_with_sent_unit"}
"""Who changes a broken CPE, by pattern (VPN-1 .. VPN-3)."""


def firewall_plan(intent: Intent, flows: tuple[Flow, ...], tunnel: TunnelPlan) -> FirewallPlan:
    """Return the firewall's part of the plan: zones, routes, and the flows it forwards, ends or begins."""
    site = intent.site
    via = site.boundary.address if isinstance(site.boundary, BoundaryFirewall) else site.l3_switch.address
    ports = _ports(site.firewall.product, site.firewall.ports)
    plan = FirewallPlan(
        name="firewall",
        host_name=f"fw-{site.hospital.id}",
        product=site.firewall.product,
        operator=intent.data_centre.operator_account,
        interfaces=(
            _interface(Zone.UNTRUST, ports["untrust"], untrust_address(intent), untrust_network(intent)),
            _interface(Zone.DMZ, ports["dmz"], dmz_address(intent, "firewall"), site.dmz.network),
            _interface(Zone.TRUST, ports["trust"], site.trust.firewall_address, site.trust.network),
        ),
        default_gateway=untrust_gateway(intent),
        routes=tuple(Route(network=network, via=via) for network in sorted(row.network for row in site.networks)),
        flows=tuple(flow for flow in flows if flow.crosses_firewall or "firewall" in (flow.route[0], flow.route[-1])),
        protected=tuple(sorted(intent.data_centre.networks)),
        dmz=site.dmz.network,
        tunnel=tunnel if isinstance(site.vpn, Pattern4) else None,
    )
    connected = tuple(IPv4Network((int(row.address), row.prefix_length), strict=False) for row in plan.interfaces)
    for hop in (plan.default_gateway, *(route.via for route in plan.routes)):
        _on_a_connected_network("firewall.routes", hop, connected)
    return plan


def cpe_plan(intent: Intent, flows: tuple[Flow, ...], tunnel: TunnelPlan) -> CpePlan | None:
    """Return the CPE's part of the plan (VPN-1 .. VPN-3); None in pattern 4, which has no CPE."""
    site, vpn = intent.site, intent.site.vpn
    if isinstance(vpn, Pattern4):
        return None
    ports = _ports(vpn.cpe.product, vpn.cpe.ports)
    behind_gateway = vpn.line.home_gateway or not vpn.line.hikari_denwa
    return CpePlan(
        name="cpe",
        product=vpn.cpe.product,
        operator=intent.data_centre.operator_account,
        units=_units(site.hospital.id, vpn.cpe),
        replaced_by=REPLACED_BY[vpn.pattern],
        lan=_interface(Zone.UNTRUST, ports["lan"], untrust_gateway(intent), untrust_network(intent)),
        wan=CpeWan(
            port=ports["wan"],
            prefix_by="ra" if behind_gateway else "dhcpv6_pd",
            interface_id=appliance().cpe.interface_id,
            ipv4=bool(other_services(vpn)),
        ),
        routes=(Route(network=site.dmz.network, via=untrust_address(intent)),),
        flows=tuple(flow for flow in flows if "cpe" in flow.route),
        protected=tuple(sorted(intent.data_centre.networks)),
        dmz=site.dmz.network,
        tunnel=tunnel,
    )


def device_secrets(intent: Intent) -> tuple[SecretName, ...]:
    """Return the vault entries that the network devices of this site need, the tunnel's key aside."""
    site = intent.site
    used = [(FIREWALL_PASSWORD, site.firewall.product)]
    if not isinstance(site.vpn, Pattern4):
        used.append((CPE_PASSWORD, site.vpn.cpe.product))
    if site.l3_switch.managed_by == "us":
        used.append((SWITCH_PASSWORD, site.l3_switch.product))
    named = tuple(name for name, product in used if not products()[product].changed_on_host)
    return (*named, FINGERPRINT_KEY) if named else ()


def _units(hospital: str, cpe: CpePair | CpeSingle) -> tuple[CpeUnitPlan, ...]:
    """Return the labelled units; the letter in the host name tells main from spare in the logs."""
    labelled = {"main": cpe.main, "spare": cpe.spare} if isinstance(cpe, CpePair) else {"main": cpe.unit}
    return tuple(
        CpeUnitPlan.model_validate({"role": role, "host_name": f"cpe-{hospital}-{letter}", **unit.model_dump()})
        for letter, (role, unit) in zip("ab", labelled.items(), strict=False)
    )


def _ports(product: str, given: FirewallPorts | CpePorts | None) -> Mapping[str, str]:
    """Return the names of a product's ports by what they lead to: the site file's, else the catalogue's."""
    return given.model_dump() if given else products()[product].ports


def switch_route_plan(intent: Intent) -> SwitchRoutePlan:
    """Return NW-4: the DMZ via the firewall's TRUST address, or the hospital's own firewall; and nothing else."""
    site = intent.site
    hop, link = site.trust.firewall_address, site.trust.network
    if isinstance(site.boundary, BoundaryFirewall):
        hop, link = site.boundary.inside_address, site.boundary.inside_network
    connected = (link, *sorted(row.network for row in site.networks))
    _on_a_connected_network("l3_switch.route", hop, connected)
    return SwitchRoutePlan(
        name="l3_switch",
        product=site.l3_switch.product,
        managed_by=site.l3_switch.managed_by,
        address=site.l3_switch.address,
        route=Route(network=site.dmz.network, via=hop),
        connected=connected,
    )


def _interface(zone: Zone, port: str, address: IPv4Address, network: IPv4Network) -> Interface:
    return Interface(zone=zone, port=port, address=address, prefix_length=network.prefixlen)


def _on_a_connected_network(path: str, hop: IPv4Address, connected: tuple[IPv4Network, ...]) -> None:
    if not any(hop in network for network in connected):
        raise PlanError("GW201", path, str(hop), "Give a next hop on a connected network.")
