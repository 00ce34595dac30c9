"""How an IX's tunnel interface is negotiated: exactly one offer, or GW427."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address
from typing import Literal

from gatekit.devices.change.meaning import TunnelMeaning
from gatekit.devices.nec_ix.access_lists import unknown
from gatekit.devices.nec_ix.configuration import TUNNEL_FACTS, Configuration
from gatekit.plan.network_device import CryptoSuite

_ENCRYPTION: dict[str, Literal["aes256-cbc"]] = {"aes-cbc-256": "aes256-cbc"}
_HASH: dict[str, Literal["sha256"]] = {"sha2-256": "sha256"}
_GROUPS = {"2048-bit": 14, "3072-bit": 15}


def tunnel_name(found: Configuration) -> str | None:
    """Return the one tunnel interface; None when there is none, GW427 for two."""
    names = [name for name in found.interfaces if name.startswith("Tunnel")]
    if len(names) > 1:
        raise unknown(f"interface {names[1]}")
    return names[0] if names else None


def tunnel_of(
    found: Configuration, name: str, local: frozenset[IPv4Network], remote: frozenset[IPv4Network]
) -> TunnelMeaning:
    """Return how the tunnel is negotiated.

    Raises:
        DeviceError: GW427 when a line is missing, there twice, or offers more than one algorithm.
    """
    facts = {fact: found.one(name, fact) for fact in TUNNEL_FACTS}
    if facts["mode"] != "ipsec-ikev2" or facts["direction"] != "initiator":
        raise unknown(f"interface {name}: {facts['mode']} {facts['direction']}")
    peer, *_, remote_identity = facts["peer"].split()
    for identity in (facts["local_identity"], remote_identity):
        if list(found.facts.get("key", ())).count(identity) != 1:
            raise unknown(f"not one key for {identity}")
    return TunnelMeaning(
        local_identity=facts["local_identity"],
        remote_identity=remote_identity,
        peer=ip_address(peer),
        suite=_suite(facts),
        pfs_group=_group(facts["pfs"]),
        local_networks=local,
        remote_networks=remote,
        dpd_delay_s=int(facts["dpd"]),
        tunnel_mtu=int(facts["mtu"]),
        mss=int(facts["mss"]),
    )


def _suite(facts: dict[str, str]) -> CryptoSuite:
    """Return the offer of IKE and ESP, which has to be one and the same; this box reaches BASE only."""
    for ike, child in (("ike_encryption", "child_encryption"), ("ike_integrity", "child_integrity")):
        if facts[ike] != facts[child]:
            raise unknown(f"{facts[ike]} for IKE, {facts[child]} for ESP")
    try:
        return CryptoSuite(
            level="BASE",
            encryption=_ENCRYPTION[facts["ike_encryption"]],
            integrity=_HASH[facts["ike_integrity"]],
            prf=_HASH[facts["ike_prf"]],
            dh_group=_group(facts["ike_group"]),
        )
    except KeyError as err:
        raise unknown(f"proposal {err.args[0]}") from None


def _group(word: str) -> int:
    if word not in _GROUPS:
        raise unknown(f"group {word}")
    return _GROUPS[word]
