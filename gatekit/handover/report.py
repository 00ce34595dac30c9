"""report.html: one self-contained page about one site, made from plan and evidence alone. Pure."""

from __future__ import annotations

from gatekit.handover.evidence_sections import (
    grouped_evidence,
    not_proved,
    not_run,
    refusal_grid,
    summary,
    versions,
)
from gatekit.handover.markup import Html, join, plain, section, words
from gatekit.handover.page import page_html
from gatekit.handover.plan_sections import address_table, flow_table, network_table
from gatekit.handover.power_section import power_section
from gatekit.handover.premises_section import support_table
from gatekit.handover.support_contact import support_contact
from gatekit.handover.topology import topology_svg
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence

PATTERNS: dict[int, Text] = {
    1: Text(ja="パターン1　インターネットVPN・CPE2台", en="Pattern 1: Internet VPN, two CPEs"),
    2: Text(ja="パターン2　閉域VPN・CPE1台", en="Pattern 2: closed-network VPN, one CPE"),
    3: Text(ja="パターン3　閉域VPN・CPE1台（先出し）", en="Pattern 3: closed-network VPN, advance replacement"),
    4: Text(ja="パターン4　病院回線・FWがVPN終端", en="Pattern 4: hospital's line, firewall ends the VPN"),
}


KIND = ("地域医療連携ゲートウェイ　引渡し報告書", "REGIONAL MEDICAL GATEWAY · HANDOVER REPORT")


def report_html(plan: Plan, evidence: Evidence) -> str:
    """Return the whole page; the same plan and evidence give the same text."""
    title = f"{plan.hospital.ja} · {plan.site} · gatekit"
    return page_html(title, (_header(plan, evidence), _sections(plan, evidence), _footer(evidence)))


def _header(plan: Plan, evidence: Evidence) -> Html:
    where = (
        words("デジタルツインでの検証", "Verified on the digital twin")
        if evidence.twin
        else words("現地での検証", "Verified on site")
    )
    pattern = PATTERNS[plan.pattern]
    rows = (
        (words("拠点", "Site"), plain(plan.site)),
        (words("検証日時（UTC）", "Verified at (UTC)"), plain(evidence.started_at.replace("T", " ").rstrip("Z"))),
        (words("検証場所", "Where"), where),
        (words("装置", "Firewall"), plain(plan.firewall.product)),
    )
    facts = join(Html(f"<dt>{name}</dt><dd>{value}</dd>") for name, value in rows)
    return Html(
        f'<header><div class="kind">{words(*KIND)}</div>'
        f"<h1>{words(plan.hospital.ja, plan.hospital.en)}</h1>"
        f'<div class="under">{words(pattern.ja, pattern.en)}</div><dl>{facts}</dl>'
        f'<p class="hash">{words("計画", "Plan")} sha256 <code>{plain(evidence.plan_sha256)}</code></p></header>'
    )


def _sections(plan: Plan, evidence: Evidence) -> Html:
    return join(
        (
            section("summary", words("結果", "Result"), summary(evidence)),
            section("topology", words("構成図", "Topology"), topology_svg(plan)),
            section(
                "addresses",
                words("ネットワークとアドレス", "Networks and addresses"),
                network_table(plan),
                address_table(plan),
            ),
            section("flows", words("通信許可表", "Flow matrix"), flow_table(plan, evidence)),
            section(
                "refusals",
                words("許可外の通信が通らないことの証拠", "Evidence that nothing else passes"),
                refusal_grid(evidence),
            ),
            section("evidence", words("要件ごとの証拠", "Evidence for each requirement"), grouped_evidence(evidence)),
            section(
                "not-run",
                words("実施しなかった検査とその理由", "What was not run, and why"),
                not_run(evidence),
                not_proved(evidence),
            ),
            section("power", words("停電時の停止", "Shutdown on power failure"), power_section(plan)),
            section(
                "support",
                words("お問い合わせ先と保守範囲", "Whom to call, and the border of support"),
                support_contact(plan),
                support_table(plan),
            ),
            section("versions", words("版と検証水準", "Versions and tiers"), versions(evidence)),
        )
    )


def _footer(evidence: Evidence) -> Html:
    return Html(
        "<footer>"
        + words(
            "この報告書は計画と検証の記録だけから自動で作られた。記録の全文は evidence.json にある。",
            "Made from the plan and the verification's records alone. All records are in evidence.json.",
        )
        + f"<br>gatekit · schema {evidence.schema_version}</footer>"
    )
