"""The request to the hospital's network vendor for the one route on the L3 switch (NW-4): A4, Japanese. Pure.

What, why, the exact lines for their product, how to check, how to undo, whom to ask. The lines are those that our own
module would send (gatekit/render/<platform>/route.py); where we have none for a product the page says the route in
words and leaves the lines to the vendor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from gatekit.catalogue import products
from gatekit.handover.markup import Html, bullets, code, plain, section, table
from gatekit.handover.vendor_paper import vendor_paper
from gatekit.intent.hospital import Contact
from gatekit.plan.flow import Flow, Zone
from gatekit.plan.model import Plan
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.squid.terminal_settings import pac_url

REQUEST = "L3スイッチ経路設定"
SIGNED = (
    ("設定した日時", ""),
    ("会社名・お名前", ""),
    ("設定前の同じ宛先の経路", "□ なし　□ あり（設定せずに連絡）"),
)


@dataclass(frozen=True, slots=True)
class Commands:
    """How one operating system shows a route and saves (vendor reference 7)."""

    show: str
    save: str


COMMANDS: dict[str, Commands] = {
    "cisco_ios": Commands("show ip route {net}", "write memory"),
    "alaxala_ax": Commands("show ip route {prefix}", "save"),
    "comware": Commands("display ip routing-table {net} {length}", "save"),
    "alliedware_plus": Commands("show ip route {net}", "write memory"),
    "junos": Commands("show route {prefix}", "commit"),
    "aos_cx": Commands("show ip route", "write memory"),
    "frr": Commands("show ip route {prefix}", "write memory"),
}


def request_sheet(plan: Plan, vendor: Contact, needed_by: date) -> str:
    """Return the page for the network vendor; arguments as ``vendor_paper`` has them."""
    switch = plan.l3_switch
    sections = (
        section("what", plain("お願いしたいこと"), _what(switch)),
        section("why", plain("理由"), _why(plan)),
        section("lines", plain("設定する内容"), _lines(switch)),
        section("check", plain("確認の方法"), _check(plan)),
        section("undo", plain("元に戻す方法"), _undo(switch)),
    )
    return vendor_paper(plan, REQUEST, vendor, needed_by, sections, SIGNED)


def _what(switch: SwitchRoutePlan) -> Html:
    rows = (
        (plain("対象の機器"), Html(f"{plain(products()[switch.product].title)}（{code(switch.address)}）")),
        (plain("宛先のネットワーク"), code(f"{switch.route.network}（マスク {switch.route.network.netmask}）")),
        (plain("ネクストホップ"), code(switch.route.via)),
        (plain("追加するもの"), plain("上の静的経路1本だけ。ほかの経路、VLAN、フィルタは変更しない。")),
    )
    return table((plain("項目"), plain("内容")), rows, "facts")


def _why(plan: Plan) -> Html:
    names = "、".join(dict.fromkeys(_hospital_networks(plan)))
    return Html(
        f"<p>{plain(plan.l3_switch.route.network)} は、ゲートウェイ装置（DMZ）のネットワークです。"
        f"院内の次のネットワークと装置が通信するため、戻りの経路が必要です：{plain(names)}。"
        "どの通信を許すかは装置側のファイアウォールが決めるため、L3スイッチでは経路だけをお願いします。</p>"
    )


def _hospital_networks(plan: Plan) -> Iterator[str]:
    """Yield the networks that a flow of the matrix begins or ends in, as the plan names them."""
    touched = [end for flow in plan.flows for end in (flow.source, flow.destination) if end.zone is Zone.TRUST]
    for row in plan.networks:
        inside = (network for end in touched for network in end.ipv4_networks)
        if row.of_hospital and any(network.subnet_of(row.network) for network in inside):
            yield f"{row.purpose.ja} {row.network}"


def _lines(switch: SwitchRoutePlan) -> Html:
    lines = _of_platform(switch, "route_lines")
    if not lines:
        return Html("<p>この機種の書式は当方に用意がありません。上の表の静的経路を、機器の書式で設定してください。</p>")
    save = COMMANDS[_platform(switch)].save
    return Html(
        f'<p>設定モードで次の行を入力します。</p><pre class="lines">{plain(lines)}</pre>'
        f"<p>動作を確かめてから {code(save)} で保存してください。"
        "同じ宛先の経路がすでにある場合は、設定せずにご連絡ください。</p>"
    )


def _check(plan: Plan) -> Html:
    switch = plan.l3_switch
    network = switch.route.network
    commands = COMMANDS.get(_platform(switch))
    items = []
    if commands is not None:
        show = commands.show.format(net=network.network_address, prefix=network, length=network.prefixlen)
        items.append(
            f"{code(show)} に、{code(network)} のネクストホップとして {code(switch.route.via)} だけが表示される。"
        )
    items.append(f"{code(network)} の中の、より細かい経路や別のネクストホップの経路がない。")
    terminals = _settings_flow(plan)
    if terminals is not None:
        items.append(
            f"装置の設置後、{plain(terminals.source.networks[0])} の端末のブラウザで "
            f"{code(pac_url(plan.proxy))} が開ける。"
        )
    return bullets(items)


def _settings_flow(plan: Plan) -> Flow | None:
    """Return the flow by which a terminal fetches its proxy settings: what a person may try from there."""
    return next((flow for flow in plan.flows if flow.id == "proxy.settings"), None)


def _undo(switch: SwitchRoutePlan) -> Html:
    lines = _of_platform(switch, "removal_lines") or _of_platform(switch, "inverse_lines")
    if not lines:
        return Html("<p>追加した静的経路を、機器の書式で削除し、保存してください。ほかに戻すものはありません。</p>")
    return Html(f'<pre class="lines">{plain(lines)}</pre><p>入力後に保存してください。ほかに戻すものはありません。</p>')


def _platform(switch: SwitchRoutePlan) -> str:
    return products()[switch.product].platform


def _of_platform(switch: SwitchRoutePlan, name: str) -> str:
    """Return what a platform's own renderer says; empty where it has none."""
    module = f"gatekit.render.{_platform(switch)}"
    if find_spec(module) is None or find_spec(f"{module}.route") is None:
        return ""
    spell: Callable[[SwitchRoutePlan], str | tuple[str, ...]] | None = getattr(
        import_module(f"{module}.route"), name, None
    )
    if spell is None:
        return ""
    said = spell(switch)
    return said.rstrip("\n") if isinstance(said, str) else "\n".join(said)
