"""The IPsec tunnel of an SRX (VPN-4): route-based on st0.0, vendor reference 1.1.

Traffic selectors as the plan says: the box negotiates one SA for each pair of a local and a remote network
(``traffic-selector``, which installs its own route while that SA is up).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from gatekit.errors import RenderError
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import CryptoSuite, FirewallPlan, TunnelPlan
from gatekit.render.junos.zones import TUNNEL_UNIT, unit

NAME = "DC"  # of gateway, policies and vpn
GROUPS = (14, 15, 19, 20)


def tunnel_lines(plan: FirewallPlan, tunnel: TunnelPlan) -> Iterator[str]:
    """Yield interface, IKE, ESP and MSS.

    Raises:
        RenderError: GW302 for an offer or an underlay that this form cannot express.
    """
    _refuse(tunnel)
    yield f"set interfaces st0 unit 0 family inet mtu {tunnel.tunnel_mtu}"
    yield from _ike(plan, tunnel)
    yield from _ipsec(tunnel)
    yield f"set security flow tcp-mss ipsec-vpn mss {tunnel.mss}"


def _refuse(tunnel: TunnelPlan) -> None:
    suite = tunnel.suite
    if suite.dh_group not in GROUPS:
        fix = f"Use one of the groups {', '.join(map(str, GROUPS))}."
        raise RenderError("GW302", "tunnel.suite.dh_group", suite.dh_group, fix)
    if (suite.encryption == "aes256-gcm16") is not (suite.integrity == "none"):
        fix = "AES-GCM carries its own integrity, AES-CBC needs one."
        raise RenderError("GW302", "tunnel.suite.integrity", suite.integrity, fix)
    if suite.integrity not in {"none", suite.prf}:
        fix = "Junos takes the PRF from the authentication algorithm: give both the same hash."
        raise RenderError("GW302", "tunnel.suite.prf", suite.prf, fix)
    if tunnel.underlay != "ipv4":
        fix = "The firewall's UNTRUST address is IPv4: let the peer be reached by IPv4."
        raise RenderError("GW302", "tunnel.underlay", tunnel.underlay, fix)


def _encryption(suite: CryptoSuite) -> str:
    return "aes-256-gcm" if suite.encryption == "aes256-gcm16" else "aes-256-cbc"


def _ike(plan: FirewallPlan, tunnel: TunnelPlan) -> Iterator[str]:
    suite = tunnel.suite
    offer = f"set security ike proposal IKE-{suite.level}"
    yield f"{offer} authentication-method pre-shared-keys"
    yield f"{offer} dh-group group{suite.dh_group}"
    yield f"{offer} authentication-algorithm {suite.prf.replace('sha', 'sha-')}"  # with GCM it is the PRF alone
    yield f"{offer} encryption-algorithm {_encryption(suite)}"
    yield f"{offer} lifetime-seconds {tunnel.ike_rekey_s}"
    yield f"set security ike policy {NAME} proposals IKE-{suite.level}"
    yield f'set security ike policy {NAME} pre-shared-key ascii-text "<secret {tunnel.psk}>"'
    gateway = f"set security ike gateway {NAME}"
    yield f"{gateway} ike-policy {NAME}"
    yield f"{gateway} address {tunnel.remote.underlay}"
    yield f"{gateway} dead-peer-detection always-send"
    yield f"{gateway} dead-peer-detection interval {tunnel.dpd_delay_s}"
    yield f"{gateway} dead-peer-detection threshold 3"
    yield f"{gateway} local-identity hostname {tunnel.local.identity}"
    yield f"{gateway} remote-identity hostname {tunnel.remote.identity}"
    untrust = next(row for row in plan.interfaces if row.zone is Zone.UNTRUST)
    yield f"{gateway} external-interface {unit(untrust)}"
    yield f"{gateway} version v2-only"


def _ipsec(tunnel: TunnelPlan) -> Iterator[str]:
    suite = tunnel.suite
    offer = f"set security ipsec proposal ESP-{suite.level}"
    yield f"{offer} protocol esp"
    if suite.integrity != "none":
        yield f"{offer} authentication-algorithm hmac-sha-256-128"
    yield f"{offer} encryption-algorithm {_encryption(suite)}"
    yield f"{offer} lifetime-seconds {tunnel.child_rekey_s}"
    yield f"set security ipsec policy {NAME} perfect-forward-secrecy keys group{suite.dh_group}"
    yield f"set security ipsec policy {NAME} proposals ESP-{suite.level}"
    vpn = f"set security ipsec vpn {NAME}"
    yield f"{vpn} bind-interface {TUNNEL_UNIT}"
    yield f"{vpn} ike gateway {NAME}"
    yield f"{vpn} ike ipsec-policy {NAME}"
    for number, (local, remote) in enumerate(product(tunnel.local.networks, tunnel.remote.networks), start=1):
        yield f"{vpn} traffic-selector net-{number} local-ip {local}"
        yield f"{vpn} traffic-selector net-{number} remote-ip {remote}"
    yield f"{vpn} establish-tunnels {'immediately' if tunnel.initiator else 'responder-only'}"
