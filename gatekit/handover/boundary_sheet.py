"""The request to the hospital's network vendor for what stands between its network and ours (NW-5). Pure.

A VLAN of its own: number, ports, who stands in it. A firewall of the hospital's own: its two addresses, its routes and
the flows of the matrix that cross it, and no other; nobody of us logs in there.
"""

from __future__ import annotations

from datetime import date

from gatekit.handover.markup import Html, bullets, code, join, plain, section, table
from gatekit.handover.vendor_paper import vendor_paper
from gatekit.intent.hospital import Contact
from gatekit.plan.boundary import BoundaryPlan, HospitalFirewallPlan, VlanPlan
from gatekit.plan.flow import Endpoint, Flow
from gatekit.plan.model import Plan
from gatekit.plan.network_device import SwitchRoutePlan

REQUEST = "院内との境界の設定"
SIGNED = (("設定した日時", ""), ("会社名・お名前", ""), ("変更したもの", "□ 上の内容だけ　□ ほかにもある（別紙）"))


def boundary_sheet(plan: Plan, boundary: BoundaryPlan, vendor: Contact, needed_by: date) -> str:
    """Return the page for the network vendor; arguments as ``vendor_paper`` has them."""
    sections = _vlan_sections(plan, boundary) if isinstance(boundary, VlanPlan) else _firewall_sections(plan, boundary)
    return vendor_paper(plan, REQUEST, vendor, needed_by, sections, SIGNED)


# -------------------------------------------------------------------- a VLAN of its own
def _vlan_sections(plan: Plan, vlan: VlanPlan) -> tuple[Html, ...]:
    number, switch = plain(f"VLAN {vlan.vlan_id}"), plan.l3_switch
    rows = (
        (plain("専用のVLAN"), number),
        (plain("収容するネットワーク"), code(vlan.network)),
        (plain("当装置のファイアウォールをつなぐポート"), Html(f"{number} のアクセスポート（タグなし）")),
        (plain("このVLANの中の機器"), _residents(plan, switch)),
    )
    checks = (
        f"このポートのほかに {number} のアクセスポートがなく、院内の端末やサーバーがこのVLANにいない。",
        f"装置の設置後、L3スイッチから {code(switch.route.via)} のARPが解決する。",
    )
    return (
        section("what", plain("お願いしたいこと"), table((plain("項目"), plain("内容")), rows, "facts")),
        section("why", plain("理由"), Html("<p>院内のネットワークと当装置を、レイヤー2で分けるためです。</p>")),
        section("check", plain("確認の方法"), bullets(checks)),
        section("undo", plain("元に戻す方法"), Html(f"<p>ポートを設定前のVLANに戻し、{number} を削除します。</p>")),
    )


def _residents(plan: Plan, switch: SwitchRoutePlan) -> Html:
    ours = code(plan.address("firewall.trust"))
    return Html(f"当装置のファイアウォール {ours} と L3スイッチ {code(switch.address)} だけ")


# -------------------------------------------------------------------- a firewall of the hospital's own
def _firewall_sections(plan: Plan, firewall: HospitalFirewallPlan) -> tuple[Html, ...]:
    rows = (
        (plain("対象の機器"), plain(firewall.product)),
        (plain("当装置側のアドレス"), code(f"{firewall.trust_address}/{firewall.trust_network.prefixlen}")),
        (plain("院内側のアドレス"), code(f"{firewall.inside_address}/{firewall.inside_network.prefixlen}")),
        (plain("許可するもの"), plain("下の表の通信とその戻りだけ（ステートフル）。ほかは双方向とも拒否する。")),
        (plain("アドレス変換"), plain("しない。装置も院内システムも、相手の本来のアドレスを見る。")),
    )
    routes = [(code(route.network), code(route.via)) for route in firewall.routes]
    checks = (
        f"{code(plan.firewall.dmz)} 宛ての経路が {code(plan.address('firewall.trust'))} だけを向いている。",
        "拒否した通信がログに残る。装置の設置後、当方が表の通信をすべて試し、結果をお知らせします。",
    )
    return (
        section("what", plain("お願いしたいこと"), table((plain("項目"), plain("内容")), rows, "facts")),
        section("routes", plain("静的経路"), table((plain("宛先"), plain("ネクストホップ")), routes)),
        section("flows", plain("許可する通信"), _flow_table(firewall.flows)),
        section("check", plain("確認の方法"), bullets(checks)),
        section("undo", plain("元に戻す方法"), Html("<p>上の規則と経路を削除し、保存してください。</p>")),
    )


def _flow_table(flows: tuple[Flow, ...]) -> Html:
    head = map(plain, ("#", "送信元", "宛先", "プロトコル", "ポート", "目的"))
    rows = [
        (
            plain(number),
            _end(flow.source),
            _end(flow.destination),
            plain(flow.protocol.upper()),
            code(", ".join(map(str, flow.ports)) or "—"),
            plain(flow.purpose.ja),
        )
        for number, flow in enumerate(flows, 1)
    ]
    return table(head, rows, "flows")


def _end(end: Endpoint) -> Html:
    """Return the addresses of one end; a single host without its length."""
    return join((code(str(network).removesuffix("/32")) for network in end.ipv4_networks), "<br>")
