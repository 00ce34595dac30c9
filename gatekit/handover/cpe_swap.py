"""The instruction by which a hospital changes a broken CPE itself: one A4 page in Japanese (VPN-1, VPN-3). Pure.

Nothing on it is secret: ports, serial numbers, whom to call. What is not in the plan is an argument: the line's end,
as the site file has it.
"""

from __future__ import annotations

from gatekit.catalogue import products
from gatekit.errors import RenderError
from gatekit.handover.cpe_drawing import Wiring, cable_drawing
from gatekit.handover.markup import Html, code, join, plain, section, table
from gatekit.handover.page import page_html
from gatekit.handover.support_contact import support_contact
from gatekit.intent.vpn import CpeUnit, FletsLine
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePlan, CpeUnitPlan

KIND = "地域医療連携ゲートウェイ　VPN装置（CPE）交換手順書"
WAIT_MIN = 10  # start-up, line and tunnel; after that somebody has to be called
MAIN, SPARE, SENT = "本器", "予備機", "届いた装置"
LINE_ENDS = {True: "ホームゲートウェイ", False: "ONU"}


def swap_instruction(plan: Plan, line: FletsLine, *, sent: CpeUnit | None = None) -> str:
    """Return the page for the hospital.

    ``sent``: the unit of an advance replacement (pattern 3); without it the page has a blank for its serial
    number, for the folder that stays at the hospital.

    Raises:
        RenderError: GW302 in patterns 2 and 4, where nobody at the hospital changes a CPE.
    """
    if plan.cpe is None or plan.cpe.replaced_by == "us_on_site":
        fix = "Only patterns 1 and 3 let the hospital change the CPE; otherwise call the support centre."
        raise RenderError("GW302", "vpn.pattern", plan.pattern, fix)
    spare_on_site = plan.cpe.replaced_by == "customer_with_spare"
    new = plan.cpe.units[1] if spare_on_site else sent
    parts = (
        _header(plan, plan.cpe),
        section(
            "before",
            plain("はじめに電話する"),
            support_contact(plan, english=False),
            _when(spare_on_site=spare_on_site),
        ),
        section("units", plain("装置の見分け方"), _units(plan.cpe, new, spare_on_site=spare_on_site)),
        section("cables", plain("配線図（交換後）"), cable_drawing(_wiring(plan, plan.cpe, line, new))),
        section("steps", plain("手順"), _steps(plan, plan.cpe, line, spare_on_site=spare_on_site)),
        section("afterwards", plain("交換のあと"), _afterwards(spare_on_site=spare_on_site)),
        _footer(plan),
    )
    title = f"{plan.hospital.ja} · CPE交換手順書 · gatekit"
    return page_html(title, parts, sheets=[("gatekit.handover", "paper.css")], english=False)


def _header(plan: Plan, cpe: CpePlan) -> Html:
    facts = (("拠点", plan.site), ("機種", products()[cpe.product].title), ("作業する人", "病院のご担当者"))
    rows = join(Html(f"<dt>{plain(name)}</dt><dd>{plain(value)}</dd>") for name, value in facts)
    return Html(
        f'<header><div class="kind">{plain(KIND)}</div><h1>{plain(plan.hospital.ja)}</h1><dl>{rows}</dl></header>'
    )


def _when(*, spare_on_site: bool) -> Html:
    """Return when the work may begin; outside the hours a spare may go in without a call."""
    late = (
        "受付時間外で、ポータルが開かず本器の電源ランプが消えている場合は、先に交換し、次の受付時間に電話してください。"
        if spare_on_site
        else "代わりの装置をお送りします。届いたらもう一度電話し、受付時間内に交換してください。"
    )
    return Html(
        f"<p>サポートセンターがCPEの故障と判断してから交換します。{plain(late)}作業中はポータルと外部連携が止まります。</p>"
    )


def _units(cpe: CpePlan, new: CpeUnitPlan | CpeUnit | None, *, spare_on_site: bool) -> Html:
    old = cpe.units[0]
    rows = [
        (plain("外す装置"), plain(MAIN if spare_on_site else "使用中の装置"), code(old.serial), code(old.wan_mac)),
        (
            plain("つなぐ装置"),
            plain(SPARE if spare_on_site else SENT),
            code(new.serial) if new else Html('<span class="write"></span>'),
            code(new.wan_mac) if new else Html('<span class="write"></span>'),
        ),
    ]
    head = ("", "札の表示", "製造番号", f"{cpe.wan.port} のMACアドレス")
    return table(map(plain, head), rows, "units")


def _wiring(plan: Plan, cpe: CpePlan, line: FletsLine, new: CpeUnitPlan | CpeUnit | None) -> Wiring:
    spare_on_site = cpe.replaced_by == "customer_with_spare"
    return Wiring(
        line_end=LINE_ENDS[line.home_gateway],
        wan_port=cpe.wan.port,
        lan_port=cpe.lan.port,
        firewall_port=_firewall_port(plan),
        new_name=SPARE if spare_on_site else SENT,
        new_label=f"製造番号 {new.serial}" if new else "製造番号は上の表に記入",
        old_name=MAIN if spare_on_site else "使用していた装置",
        old_label=f"製造番号 {cpe.units[0].serial}",
    )


def _firewall_port(plan: Plan) -> str:
    return next(interface.port for interface in plan.firewall.interfaces if interface.zone is Zone.UNTRUST)


def _steps(plan: Plan, cpe: CpePlan, line: FletsLine, *, spare_on_site: bool) -> Html:
    old, new = (MAIN, SPARE) if spare_on_site else ("使用中の装置", SENT)
    end = LINE_ENDS[line.home_gateway]
    steps = (
        f"{new}の札の製造番号が上の表と同じことを確かめる。設定は済んでいる。画面の操作は一切しない。",
        f"{old}の電源を切り（電源スイッチ、なければ電源コードを抜く）、ケーブル①と②に番号の札を付けてから抜く。",
        f"①のケーブル：{end}のLANポートと、{new}の {cpe.wan.port} ポートをつなぐ。",
        f"②のケーブル：{new}の {cpe.lan.port} ポートと、ファイアウォールの {_firewall_port(plan)} ポートをつなぐ。",
        f"③ {new}の電源を入れる。{end}とファイアウォールの電源は切らない。",
        (
            f"電源のランプと、{cpe.wan.port} と {cpe.lan.port} のポートのランプがつく（点滅でもよい）のを待つ。"
            "つかないときは、そのケーブルを「カチッ」と音がするまで差し直す。"
        ),
        (
            f"電源を入れてから {WAIT_MIN} 分以内に、電子カルテ端末のブラウザで "
            f"https://{plan.data_centre.portal_name}/ が開けば復旧。"
            f"{WAIT_MIN} 分たっても開かなければ、配線はそのままで電話する。"
        ),
    )
    return Html('<ol class="steps">' + "".join(f"<li><div>{plain(step)}</div></li>" for step in steps) + "</ol>")


def _afterwards(*, spare_on_site: bool) -> Html:
    if spare_on_site:
        text = (
            "サポートセンターに、交換した日時と外した装置の製造番号を電話で伝える。外した本器は、札に「故障」と書いて保管し、"
            "予備機として再び使わない。引き取りの方法はサポートセンターが案内する。"
        )
    else:
        text = (
            "サポートセンターに、交換した日時と外した装置の製造番号を電話で伝える。外した装置は、届いた箱に入れて送り返す。"
            "送り先と送り方はサポートセンターが案内する。設定が残っているので、ほかの場所に置いたり捨てたりしない。"
        )
    when = Html(f"<p>交換した日時：{_blank()}　交換した人：{_blank()}</p>")
    return join((Html(f"<p>{plain(text)}</p>"), when))


def _blank() -> Html:
    return Html('<span class="write"></span>')


def _footer(plan: Plan) -> Html:
    return Html(
        f"<footer>この手順書は装置の計画から作られ、パスワードや鍵は含まない。 gatekit · {plain(plan.site)}</footer>"
    )
