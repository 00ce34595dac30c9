"""The label on a CPE that is sent to a hospital, in Japanese: whose it is, which unit, what is in it, its ports.

Printed, cut out and stuck on the unit. Nothing on it is secret. Pure.
"""

from __future__ import annotations

from gatekit.catalogue import products
from gatekit.handover.cpe_swap import LINE_ENDS
from gatekit.handover.markup import code, element, join, plain, table
from gatekit.handover.page import page_html
from gatekit.intent.vpn import FletsLine
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePlan

SHOWN_DIGITS = 12
"""Of a SHA-256: enough to tell two configurations apart by eye; SHA256SUMS has all of them."""
KIND = "地域医療連携ゲートウェイ　VPN装置（CPE）交換用"
RETURNED = "交換後、外した装置は返送箱へ。設定が残っているため、廃棄・転用しないこと。"


def unit_label(plan: Plan, part: CpePlan, line: FletsLine, *, plan_sha256: str, configuration_sha256: str) -> str:
    """Return the page with the label; ``part`` has the unit that is sent as its first."""
    unit = part.units[0]
    facts = (
        ("拠点", plain(f"{plan.hospital.ja}（{plan.site}）")),
        ("機種", plain(products()[part.product].title)),
        ("製造番号", code(unit.serial)),
        ("装置名", code(unit.host_name)),
        (f"{part.wan.port} のMACアドレス", code(unit.wan_mac)),
        ("計画の照合値", code(plan_sha256[:SHOWN_DIGITS])),
        ("設定の照合値", code(configuration_sha256[:SHOWN_DIGITS])),
    )
    wall = next(interface.port for interface in plan.firewall.interfaces if interface.zone is Zone.UNTRUST)
    ports = (
        ("①", code(part.wan.port), plain(f"{LINE_ENDS[line.home_gateway]}のLANポート")),
        ("②", code(part.lan.port), plain(f"ファイアウォールの {wall} ポート")),
    )
    label = join(
        (
            element("h1", plain(KIND)),
            table((), ((plain(name), value) for name, value in facts), "facts"),
            table(
                map(plain, ("ケーブル", "この装置のポート", "つなぐ相手")),
                ((plain(number), port, end) for number, port, end in ports),
                "ports",
            ),
            element("p", plain(RETURNED)),
        )
    )
    title = f"{plan.hospital.ja} · CPE {unit.serial} · gatekit"
    sheets = (("gatekit.handover", "paper.css"), ("gatekit.handover", "label.css"))
    return page_html(title, (element("section", label, "label"),), sheets=sheets, english=False)
