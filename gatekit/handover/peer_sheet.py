"""The sheet for the data centre's end of the tunnel, and that end's own configuration: both from the same plan.

No secret is on either: the pre-shared key is handed over by itself, under the name the vault knows it by.
"""

from __future__ import annotations

from gatekit.handover.markup import Html, code, join, plain, section, table, words
from gatekit.handover.page import page_html
from gatekit.plan.model import Plan
from gatekit.plan.network_device import TunnelEnd, TunnelPlan
from gatekit.render.linux.tunnel import esp_proposal, ike_proposal, swanctl_conf

KIND = ("データセンター側 VPN 設定値", "VPN PARAMETERS FOR THE DATA CENTRE")
DYNAMIC = ("可変（IDで認証する）", "dynamic: authenticate by identity")


def peer_sheet_html(plan: Plan) -> str:
    """Return the sheet: identities, addresses, selectors and proposals of both ends (NW-6)."""
    tunnel = plan.tunnel
    header = Html(
        f'<header><div class="kind">{words(*KIND)}</div><h1>{words(plan.hospital.ja, plan.hospital.en)}</h1></header>'
    )
    ends = section("ends", words("両端", "Both ends"), _ends(tunnel))
    offer = section("offer", words("暗号方式（これ以外は拒否）", "The one offer; any other is refused"), _offer(tunnel))
    return page_html(f"{plan.site} · {tunnel.name}", (header, join((ends, offer))))


def peer_swanctl(plan: Plan) -> str:
    """Return the swanctl connection for the data centre's own device; the key as ``<secret NAME>``."""
    return swanctl_conf(plan.tunnel.mirrored(), if_id=None)


def _ends(tunnel: TunnelPlan) -> Html:
    head = (words("", ""), words("病院側", "Hospital"), words("データセンター側", "Data centre"))
    far, near = tunnel.remote, tunnel.local
    rows = (
        (words("識別子（FQDN）", "Identity (FQDN)"), code(near.identity), code(far.identity)),
        (words("アドレス", "Address"), _underlay(near), _underlay(far)),
        (words("対象ネットワーク", "Networks"), _networks(near), _networks(far)),
        (words("役割", "Role"), words("開始側", "initiator"), words("応答側", "responder")),
    )
    return table(head, rows)


def _offer(tunnel: TunnelPlan) -> Html:
    suite = tunnel.suite
    head = (words("項目", "Item"), words("値", "Value"))
    rows = (
        (words("水準", "Level"), code(suite.level)),
        (plain("IKEv2"), code(ike_proposal(suite))),
        (words("ESP（PFSあり）", "ESP with PFS"), code(esp_proposal(suite))),
        (
            words("認証", "Authentication"),
            words(f"事前共有鍵（別送、名称 {tunnel.psk}）", f"pre-shared key, handed over by itself ({tunnel.psk})"),
        ),
        (plain("DPD"), plain(f"{tunnel.dpd_delay_s} s")),
        (words("鍵更新 IKE / ESP", "Rekey IKE / ESP"), plain(f"{tunnel.ike_rekey_s} s / {tunnel.child_rekey_s} s")),
        (plain("MTU / MSS"), plain(f"{tunnel.tunnel_mtu} / {tunnel.mss}")),
        (
            words("同じ識別子の新しいSA", "A new SA of the same identity"),
            words("古いSAを置き換える（CPE交換のため）", "replaces the old one: a spare CPE has taken over"),
        ),
    )
    return table(head, rows)


def _underlay(end: TunnelEnd) -> Html:
    return code(end.underlay) if end.underlay else words(*DYNAMIC)


def _networks(end: TunnelEnd) -> Html:
    return join((code(network) for network in end.networks), " ")
