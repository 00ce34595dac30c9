"""IKEv2 and IPsec of the CPE in IOS-XE's words (vendor reference 6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.errors import RenderError
from gatekit.plan.network_device import CryptoSuite, TunnelPlan
from gatekit.render.cisco_ios.spelling import address, block

NAME = "GW-DC"  # every object of the tunnel bears it
DPD_RETRY_S = 3
GROUPS = frozenset({14, 15, 16, 19, 20, 21, 24})
IKE = {"aes256-gcm16": "aes-gcm-256", "aes256-cbc": "aes-cbc-256"}
ESP = {"aes256-gcm16": "esp-gcm 256", "aes256-cbc": "esp-aes 256 esp-sha256-hmac"}


def crypto_config(tunnel: TunnelPlan) -> str:
    """Return every object that the tunnel interface's protection needs; the PSK stands as ``<secret NAME>``.

    One proposal is offered, so a peer that wants less gets no tunnel.

    Raises:
        RenderError: GW302 for a group IOS-XE does not have, or AES-GCM with an integrity of its own.
    """
    _refuse(tunnel.suite)
    if tunnel.remote.underlay is None:
        raise RenderError("GW302", "tunnel.remote.underlay", None, "Give the data centre's peer address.")
    return "".join(
        (
            block(f"crypto ikev2 proposal {NAME}", _proposal(tunnel.suite)),
            block(f"crypto ikev2 policy {NAME}", [f"proposal {NAME}"]),
            block(f"crypto ikev2 keyring {NAME}", _peer(tunnel)),
            block(f"crypto ikev2 profile {NAME}", _profile(tunnel)),
            block(f"crypto ipsec transform-set {NAME} {ESP[tunnel.suite.encryption]}", ["mode tunnel"]),
            block(f"crypto ipsec profile {NAME}", _protection(tunnel)),
        )
    )


def _refuse(suite: CryptoSuite) -> None:
    if suite.dh_group not in GROUPS:
        fix = f"Use one of {', '.join(map(str, sorted(GROUPS)))} (catalogue/products/cisco_iosxe.yml)."
        raise RenderError("GW302", "tunnel.suite.dh_group", suite.dh_group, fix)
    if (suite.encryption == "aes256-gcm16") is not (suite.integrity == "none"):
        fix = "AES-GCM carries its own integrity, AES-CBC needs one."
        raise RenderError("GW302", "tunnel.suite.integrity", suite.integrity, fix)


def _proposal(suite: CryptoSuite) -> Iterator[str]:
    """Yield the one offer; AES-GCM wants a PRF and no integrity, AES-CBC takes its PRF from the integrity."""
    yield f"encryption {IKE[suite.encryption]}"
    yield f"prf {suite.prf}" if suite.integrity == "none" else f"integrity {suite.integrity}"
    yield f"group {suite.dh_group}"


def _peer(tunnel: TunnelPlan) -> Iterator[str]:
    assert tunnel.remote.underlay is not None
    yield "peer DC"
    yield f" address {address(tunnel.remote.underlay)}/{tunnel.remote.underlay.max_prefixlen}"
    yield f" pre-shared-key local <secret {tunnel.psk}>"
    yield f" pre-shared-key remote <secret {tunnel.psk}>"


def _profile(tunnel: TunnelPlan) -> Iterator[str]:
    yield f"match identity remote fqdn {tunnel.remote.identity}"
    yield f"identity local fqdn {tunnel.local.identity}"
    yield "authentication remote pre-share"
    yield "authentication local pre-share"
    yield f"keyring local {NAME}"
    yield f"lifetime {tunnel.ike_rekey_s}"
    yield f"dpd {tunnel.dpd_delay_s} {DPD_RETRY_S} periodic"


def _protection(tunnel: TunnelPlan) -> Iterator[str]:
    yield f"set security-association lifetime seconds {tunnel.child_rekey_s}"
    yield f"set transform-set {NAME}"
    yield f"set pfs group{tunnel.suite.dh_group}"
    yield f"set ikev2-profile {NAME}"
