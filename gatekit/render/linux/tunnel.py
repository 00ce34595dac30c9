"""The IPsec tunnel of a Linux end as strongSwan reads it (NW-6, VPN-4); either end of the plan.

Form: vendor reference 3.1, tried with strongSwan 6.0.1. Only the planned proposals are offered, so a
peer that wants less gets no tunnel.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatekit.errors import RenderError
from gatekit.plan.network_device import CryptoSuite, TunnelPlan
from gatekit.render.text import header, render

DH_NAMES = {14: "modp2048", 15: "modp3072", 16: "modp4096", 19: "ecp256", 20: "ecp384"}
ENCRYPTION_NAMES = {"aes256-gcm16": "aes256gcm16", "aes256-cbc": "aes256"}


def swanctl_conf(tunnel: TunnelPlan, *, if_id: int | None) -> str:
    """Return the connection and its secret for ``/etc/swanctl/conf.d``; the PSK stands as ``<secret NAME>``.

    Args:
        tunnel: this end's view; ``mirrored()`` renders the other end.
        if_id: of the xfrm interface, on either end its own; None where kernel-libipsec carries the
            packets: it takes no ``if_id`` and no trap, and always wants UDP around ESP.
    Raises:
        RenderError: GW302 for a DH group strongSwan is not asked to offer, or an AEAD suite with integrity.
    """
    lines = [
        "connections {",
        f"  {tunnel.name} {{",
        *(f"    {line}" for line in _ike_lines(tunnel, if_id)),
        *_end("local", tunnel.local.identity),
        *_end("remote", tunnel.remote.identity),
        "    children {",
        f"      {tunnel.name} {{",
        *(f"        {line}" for line in _child_lines(tunnel, if_id)),
        "      }",
        "    }",
        "  }",
        "}",
        "secrets {",
        f"  ike-{tunnel.name} {{",
        f"    id = fqdn:{tunnel.remote.identity}",  # the peer's alone: ours would open this key to any peer
        f'    secret = "<secret {tunnel.psk}>"',
        "  }",
        "}",
    ]
    return header("firewall.tunnel") + "\n".join(lines) + "\n"


def strongswan_conf(*, if_id: int | None) -> str:
    """Return the daemon's settings for ``/etc/strongswan.d``; ``if_id`` as in ``swanctl_conf``."""
    return render("linux", "strongswan.conf.j2", head=header("firewall.tunnel"), kernel_libipsec=if_id is None)


def ike_proposal(suite: CryptoSuite) -> str:
    """Return the IKE proposal, e.g. ``aes256gcm16-prfsha384-ecp384``."""
    return "-".join((*_cipher(suite), f"prf{suite.prf}", _group(suite)))


def esp_proposal(suite: CryptoSuite) -> str:
    """Return the ESP proposal with PFS by the same group, e.g. ``aes256gcm16-ecp384``."""
    return "-".join((*_cipher(suite), _group(suite)))


def _cipher(suite: CryptoSuite) -> tuple[str, ...]:
    aead = suite.encryption == "aes256-gcm16"
    if aead is not (suite.integrity == "none"):
        fix = "AES-GCM carries its own integrity, AES-CBC needs one."
        raise RenderError("GW302", "tunnel.suite.integrity", suite.integrity, fix)
    encryption = ENCRYPTION_NAMES[suite.encryption]
    return (encryption,) if aead else (encryption, suite.integrity)


def _group(suite: CryptoSuite) -> str:
    if suite.dh_group not in DH_NAMES:
        fix = f"Use one of {', '.join(map(str, DH_NAMES))} (gatekit/render/linux/tunnel.py)."
        raise RenderError("GW302", "tunnel.suite.dh_group", suite.dh_group, fix)
    return DH_NAMES[suite.dh_group]


def _if_id_lines(if_id: int | None) -> Iterable[str]:
    return () if if_id is None else (f"if_id_in = {if_id}", f"if_id_out = {if_id}")


def _ike_lines(tunnel: TunnelPlan, if_id: int | None) -> Iterable[str]:
    yield "version = 2"
    yield f"local_addrs = {tunnel.local.underlay or '%any'}"
    yield f"remote_addrs = {tunnel.remote.underlay or '%any'}"
    yield f"proposals = {ike_proposal(tunnel.suite)}"
    yield f"encap = {'yes' if if_id is None else 'no'}"
    yield "mobike = no"
    yield "unique = replace"  # a spare with our identity takes over, the old SA goes
    yield f"dpd_delay = {tunnel.dpd_delay_s}s"
    yield f"rekey_time = {tunnel.ike_rekey_s}s"
    yield "keyingtries = 0"
    yield from _if_id_lines(if_id)


def _end(side: str, identity: str) -> tuple[str, ...]:
    return f"    {side} {{", "      auth = psk", f"      id = fqdn:{identity}", "    }"


def _child_lines(tunnel: TunnelPlan, if_id: int | None) -> Iterable[str]:
    yield "mode = tunnel"
    yield f"local_ts = {','.join(map(str, tunnel.local.networks))}"
    yield f"remote_ts = {','.join(map(str, tunnel.remote.networks))}"
    yield f"esp_proposals = {esp_proposal(tunnel.suite)}"
    yield f"rekey_time = {tunnel.child_rekey_s}s"
    if tunnel.initiator:
        yield f"start_action = {'start' if if_id is None else 'trap|start'}"
        yield "close_action = start"
        yield "dpd_action = restart"
    else:
        yield "start_action = none"
        yield "close_action = none"
        yield "dpd_action = clear"
