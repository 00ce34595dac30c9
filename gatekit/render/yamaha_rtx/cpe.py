"""The whole configuration of an RTX as CPE of patterns 1 to 3 (NW-6, VPN-1 .. VPN-3).

What an RTX leaves out of ``show config`` because it is the default is left out here too. Not written: the SSH
host key (``sshd host key generate`` would replace the pinned one) and the LAN ports' speed. Forms: vendor
reference 5.1, put right where the Yamaha command reference says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.devices import CPE_PASSWORD
from gatekit.plan.flow import Flow
from gatekit.plan.network_device import CpePart, CpePlan, TunnelPlan
from gatekit.render.yamaha_rtx.filters import FilterBook, binding
from gatekit.render.yamaha_rtx.policy import Lists, filter_lists

TUNNEL, GATEWAY, POLICY, NAT = 1, 1, 101, 1
TIME_SCHEDULE = 1  # schedule 9 is the undo timer's, never written here
DPD_TRIES = 3
REKEY_SHARE = (3, 4)  # an RTX renews an SA after 75 % of its life (command reference 15.48.1)
LIFE_S = range(300, 691_201)
PORT = re.compile(r"lan[1-9]")


def cpe_config(part: CpePart) -> str:
    """Return every line of one CPE, in the order in which it may be typed; secrets by name.

    Raises:
        RenderError: GW302 for what an RTX cannot do: a level or group above its own, IPv4 underlay, a port
            that is not called lan1 .. lan9, a flow that ends on it by another way than LAN, tunnel or line.
    """
    plan = part.plan
    _refuse(plan)
    book = FilterBook()
    lists = filter_lists(plan, book)
    blocks = (
        _console(part.unit.host_name),
        _accounts(plan),
        book.lines("ip filter"),
        book.lines("ip filter dynamic"),
        book.lines("ipv6 filter"),
        _lan(plan, lists),
        _wan(plan, lists),
        _management(plan),
        _tunnel(plan, lists),
        _routes(plan),
        _operation(plan),
    )
    return "".join(f"{line}\n" for block in blocks for line in block)


def _refuse(plan: CpePlan) -> None:
    suite = plan.tunnel.suite
    if (suite.encryption, suite.integrity, suite.prf, suite.dh_group) != ("aes256-cbc", "sha256", "sha256", 14):
        fix = "Write crypto: BASE in the site file: an RTX has AES-256-CBC, SHA-256 and group 14 at most."
        raise RenderError("GW302", "cpe.tunnel.suite", f"{suite.level}, group {suite.dh_group}", fix)
    if plan.tunnel.underlay != "ipv6":
        raise RenderError("GW302", "cpe.tunnel.underlay", plan.tunnel.underlay, "A CPE stands on a FLET'S IPv6 line.")
    for name, port in (("lan", plan.lan.port), ("wan", plan.wan.port)):
        if not PORT.fullmatch(port):
            raise RenderError("GW302", f"vpn.cpe.ports.{name}", port, "Name the interface as the RTX does: lan1, lan2.")


def _console(host_name: str) -> Iterator[str]:
    """The console as every session of ours needs it: written once, so that no session has to change it."""
    yield "console character en.ascii"  # a Japanese console says its errors in Japanese (5.6); ascii on Rev.14.00
    yield "console columns 200"
    yield "console lines infinity"
    yield f"console prompt {host_name}"


def _accounts(plan: CpePlan) -> Iterator[str]:
    yield f"administrator password <secret {CPE_PASSWORD}>"
    yield f"login user {plan.operator} <secret {CPE_PASSWORD}>"
    yield f"user attribute {plan.operator} connection=serial,ssh"  # whoever is on site may use the console


def _lan(plan: CpePlan, lists: Lists) -> Iterator[str]:
    port = plan.lan.port
    yield f"ip {port} address {plan.lan.address}/{plan.lan.prefix_length}"
    yield binding(f"ip {port} secure filter in", lists.lan_in)
    yield binding(f"ipv6 {port} secure filter in", lists.ipv6_nothing)


def _wan(plan: CpePlan, lists: Lists) -> Iterator[str]:
    port = plan.wan.port
    if plan.wan.ipv4:
        yield f"nat descriptor type {NAT} masquerade"
        yield f"nat descriptor address outer {NAT} primary"
        yield f"ip {port} address dhcp"
        yield f"ip {port} nat descriptor {NAT}"
    yield binding(f"ip {port} secure filter in", lists.wan_in)
    yield binding(f"ip {port} secure filter out", lists.wan_out, lists.wan_out_dynamic)
    yield f"ngn type {port} ntt"
    yield f"ipv6 {_underlay_port(plan)} address {_underlay(plan)}"
    yield f"ipv6 {port} dhcp service client" + (" ir=on" if plan.wan.prefix_by == "ra" else "")
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield f"ipv6 route default gateway dhcp {port}"
    yield binding(f"ipv6 {port} secure filter in", lists.ipv6_in)


def _underlay(plan: CpePlan) -> str:
    """Return our own address on the line: whatever prefix it gives, joined to the plan's interface id."""
    source = "ra-prefix" if plan.wan.prefix_by == "ra" else "dhcp-prefix"
    return f"{source}@{plan.wan.port}{plan.wan.interface_id}/64"


def _underlay_port(plan: CpePlan) -> str:
    """Return the port that bears it: a delegated prefix is not the line's own, so it lies on the LAN port."""
    return plan.wan.port if plan.wan.prefix_by == "ra" else plan.lan.port


def _management(plan: CpePlan) -> Iterator[str]:
    sources = [
        network
        for flow in plan.flows
        if flow.route[-1] == "cpe" and flow.listener == "sshd"
        for network in flow.source.ipv4_networks
    ]
    yield "sshd service on"
    yield "sshd host " + " ".join(_range(network) for network in sorted(set(sources)))
    yield "telnetd service off"
    yield "httpd service off"
    yield "dns service off"


def _range(network: IPv4Network) -> str:
    """Return a network as ``sshd host`` takes it: one address, or first and last."""
    if network.num_addresses == 1:
        return str(network.network_address)
    return f"{network.network_address}-{network.broadcast_address}"


def _tunnel(plan: CpePlan, lists: Lists) -> Iterator[str]:
    yield f"tunnel select {TUNNEL}"
    yield f" description tunnel {plan.tunnel.name}"
    yield f" ipsec tunnel {POLICY}"
    yield f"  ipsec sa policy {POLICY} {GATEWAY} esp aes256-cbc sha256-hmac"
    for words, value in _ike(plan, plan.tunnel):
        yield f"  ipsec ike {words} {GATEWAY} {value}"
    yield f" ip tunnel mtu {plan.tunnel.tunnel_mtu}"
    yield f" ip tunnel tcp mss limit {plan.tunnel.mss}"
    yield binding(" ip tunnel secure filter in", lists.tunnel_in)
    yield binding(" ip tunnel secure filter out", lists.tunnel_out, lists.tunnel_out_dynamic)
    yield f" tunnel enable {TUNNEL}"
    yield "tunnel select none"
    yield "ipsec auto refresh on"


def _ike(plan: CpePlan, tunnel: TunnelPlan) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after the gateway's number.

    One offer only holds when we begin (15.44: a responder takes the strongest it is offered), so we alone
    begin. Traffic selectors cannot be said: IKEv2 on an RTX offers everything (15.16, 15.19, 15.48.2), the
    data centre narrows it to the plan's networks, and the tunnel's filters hold the same networks.
    """
    yield "duration child-sa", _life("child_rekey_s", tunnel.child_rekey_s)
    yield "duration ike-sa", _life("ike_rekey_s", tunnel.ike_rekey_s)
    yield "encryption", "aes256-cbc"
    yield "group", "modp2048"
    yield "hash", "sha256"
    yield "keepalive log", "off"
    yield "keepalive use", f"on rfc4306 {tunnel.dpd_delay_s} {DPD_TRIES}"
    yield "local address", f"ipv6 prefix {_underlay(plan)} on {_underlay_port(plan)}"
    yield "local name", f"{tunnel.local.identity} fqdn"
    if tunnel.initiator:
        yield "negotiation receive", "off"
    yield "pfs", "on"
    yield "pre-shared-key", f"text <secret {tunnel.psk}>"
    yield "proposal-limitation", "on"
    yield "remote address", str(tunnel.remote.underlay)
    yield "remote name", f"{tunnel.remote.identity} fqdn"
    yield "version", "2"


def _life(name: str, rekey_s: int) -> str:
    part, whole = REKEY_SHARE
    life_s = -(-rekey_s * whole // part)
    if life_s not in LIFE_S:
        fix = f"An RTX keeps an SA from {LIFE_S[0]} to {LIFE_S[-1]} s and renews it after {part}/{whole} of that."
        raise RenderError("GW302", f"cpe.tunnel.{name}", rekey_s, fix)
    return str(life_s)


def _routes(plan: CpePlan) -> Iterator[str]:
    for route in plan.routes:
        yield f"ip route {route.network} gateway {route.via}"
    for network in plan.protected:
        # into the tunnel while it is up, else nowhere; weight 0: no balancing between the two (8.1.7)
        yield f"ip route {network} gateway tunnel {TUNNEL} hide gateway null weight 0"
    if plan.wan.ipv4:
        yield f"ip route default gateway dhcp {plan.wan.port}"


def _operation(plan: CpePlan) -> Iterator[str]:
    """Time and logs, sent from the LAN address: the tunnel has none of its own."""
    yield f"syslog host {' '.join(map(str, _asked(plan, 'syslog')))}"
    yield f"syslog local address {plan.lan.address}"
    yield "syslog notice on"
    yield f"ntp local address {plan.lan.address}"
    for number, server in enumerate(_asked(plan, "ntp"), TIME_SCHEDULE):
        yield f"schedule at {number} */* *:00 * ntpdate {server} syslog"


def _asked(plan: CpePlan, listener: str) -> list[IPv4Address]:
    flows: Iterator[Flow] = (flow for flow in plan.flows if flow.route[0] == "cpe" and flow.listener == listener)
    return sorted({network.network_address for flow in flows for network in flow.destination.ipv4_networks})
