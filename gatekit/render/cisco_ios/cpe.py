"""The CPE as one IOS-XE configuration (NW-6, VPN-1 .. VPN-3; form: vendor reference 6.1).

A tunnel interface with ``tunnel protection ipsec policy ipv4`` carries the plan's networks and no others: each
line of that list is a pair of SAs of its own (Cisco's guide to multi-SA tunnel interfaces, IOS-XE 16.12 on).
What no source confirms is listed in the catalogue's ``unverified``.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.errors import RenderError
from gatekit.plan.devices import CPE_PASSWORD
from gatekit.plan.network_device import CpePart, CpePlan, TunnelPlan
from gatekit.render.cisco_ios.access_lists import access_lists, lan_network, other_services, servers
from gatekit.render.cisco_ios.crypto import NAME, crypto_config
from gatekit.render.cisco_ios.spelling import address, block, plain
from gatekit.render.text import header

TUNNEL = "Tunnel10"
LOOPBACK = "Loopback10"  # holds our global address where the line delegates a prefix
PREFIX = "GW-PD"
DISCARD_DISTANCE = 250  # above the route into the tunnel, below none


def cpe_config(part: CpePart) -> str:
    """Return the whole configuration of one unit; secrets as ``<secret NAME>``.

    Raises:
        RenderError: GW302 for a tunnel over IPv4, a closed line with other services, or what ``crypto_config``
            and ``access_lists`` cannot say.
    """
    plan = part.plan
    _refuse(plan)
    return header("cpe", "!") + "".join(
        (
            plain([f"hostname {part.unit.host_name}"]),
            block(
                "archive", ["path bootflash:gw-archive", "maximum 5"]
            ),  # not the default, which the box would not show
            plain(
                [
                    "no ip domain lookup",  # a mistyped word must not ask the line for an address
                    "ipv6 unicast-routing",
                    f"username {plan.operator} privilege 15 algorithm-type scrypt secret <secret {CPE_PASSWORD}>",
                ]
            ),
            crypto_config(plan.tunnel),
            access_lists(plan),
            *_interfaces(plan),
            plain(_global_lines(plan)),
            *(block(f"line vty {lines}", _login_lines()) for lines in ("0 4", "5 15")),
        )
    )


def _refuse(plan: CpePlan) -> None:
    if plan.tunnel.underlay != "ipv6":
        raise RenderError("GW302", "tunnel.underlay", plan.tunnel.underlay, "A CPE's line is IPv6 (patterns 1 to 3).")
    if other_services(plan) and not plan.wan.ipv4:
        fix = "Other services leave by IPv4; name them only where the line has it (pattern 1)."
        raise RenderError("GW302", "cpe.wan.ipv4", plan.wan.ipv4, fix)
    if lan_network(plan) not in plan.tunnel.local.networks:
        fix = "The CPE speaks with its LAN address; put that network into the tunnel's own networks."
        raise RenderError("GW302", "tunnel.local.networks", str(lan_network(plan)), fix)


def _interfaces(plan: CpePlan) -> Iterator[str]:
    if plan.wan.prefix_by == "dhcpv6_pd":
        own = [f"ipv6 address {PREFIX} {address(plan.wan.interface_id)}/128", "ipv6 enable"]
        yield block(f"interface {LOOPBACK}", ["no ip address", *own])
    yield block(f"interface {TUNNEL}", _tunnel(plan, plan.tunnel))
    yield block(f"interface {plan.wan.port}", _wan(plan))
    yield block(f"interface {plan.lan.port}", _lan(plan))


def _tunnel(plan: CpePlan, tunnel: TunnelPlan) -> Iterator[str]:
    assert tunnel.remote.underlay is not None  # crypto_config has refused that
    yield "description data centre"
    yield f"ip unnumbered {plan.lan.port}"
    yield "ip access-group GW-TUNNEL-IN in"
    yield f"ip mtu {tunnel.tunnel_mtu}"
    yield f"ip tcp adjust-mss {tunnel.mss}"
    yield f"tunnel source {LOOPBACK if plan.wan.prefix_by == 'dhcpv6_pd' else plan.wan.port}"
    yield "tunnel mode ipsec ipv6 v4-overlay"
    yield f"tunnel destination {address(tunnel.remote.underlay)}"
    yield "tunnel protection ipsec policy ipv4 GW-TUNNEL"
    yield f"tunnel protection ipsec profile {NAME}"


def _wan(plan: CpePlan) -> Iterator[str]:
    """Yield the line's side: address by RA with a fixed interface identifier, or a delegated prefix."""
    yield "description line"
    yield "ip address dhcp" if plan.wan.ipv4 else "no ip address"
    yield "ip access-group GW-WAN4-IN in"
    yield "ip access-group GW-WAN4-OUT out"
    if plan.wan.ipv4:
        yield "ip nat outside"
    yield f"ipv6 address FE80::{int(plan.wan.interface_id):X} link-local"
    yield "ipv6 address autoconfig default"
    yield "ipv6 enable"
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield f"ipv6 dhcp client pd {PREFIX}"
    yield "ipv6 traffic-filter GW-WAN6-IN in"
    yield "no shutdown"


def _lan(plan: CpePlan) -> Iterator[str]:
    yield "description firewall"
    yield f"ip address {plan.lan.address} {lan_network(plan).netmask}"
    yield "ip access-group GW-LAN-IN in"
    yield "ip access-group GW-LAN-OUT out"
    if plan.wan.ipv4:
        yield "ip nat inside"
    yield "no shutdown"


def _global_lines(plan: CpePlan) -> Iterator[str]:
    yield "ip ssh version 2"
    yield "no ip http server"
    yield "no ip http secure-server"
    if plan.wan.ipv4:
        yield f"ip nat inside source list GW-NAT interface {plan.wan.port} overload"
    for route in plan.routes:
        yield f"ip route {route.network.network_address} {route.network.netmask} {route.via}"
    for network in plan.protected:
        prefix = f"ip route {network.network_address} {network.netmask}"
        yield f"{prefix} {TUNNEL}"
        yield f"{prefix} Null0 {DISCARD_DISTANCE}"
    yield from (f"logging host {server} transport tcp port {port}" for server, port in servers(plan, "syslog"))
    yield from (f"ntp server {server}" for server, _ in servers(plan, "ntp"))


def _login_lines() -> tuple[str, ...]:
    return "access-class GW-MGMT in", "ipv6 access-class GW-MGMT6 in", "login local", "transport input ssh"
