"""The result sheet of one system: A4, Japanese and English, for its vendor to confirm and sign (OP-7). Pure."""

from __future__ import annotations

from gatekit.connection.model import JudgedStep, Results, State, SystemResult
from gatekit.connection.times import hospital_time
from gatekit.connection.words import DIRECTIONS, KINDS, PROTOCOLS, STATES, STEPS, VENDOR_TESTS
from gatekit.handover.markup import Html, code, element, join, mark, plain, say, section, table, words
from gatekit.handover.page import page_html
from gatekit.handover.support_contact import support_contact
from gatekit.plan.model import Plan

KIND = ("地域医療連携ゲートウェイ　接続試験結果票", "REGIONAL MEDICAL GATEWAY · CONNECTION TEST SHEET")
MARKS: dict[State, bool | None] = {State.PASSED: True, State.FAILED: False, State.INCOMPLETE: None}


def sheet_html(plan: Plan, results: Results, result: SystemResult) -> str:
    """Return the whole page; the same plan and results give the same text. No script, nothing loaded."""
    title = f"{plan.hospital.ja} · {result.system.key} · gatekit"
    content = (_header(plan, results, result), _sections(plan, results, result), _footer(results))
    return page_html(title, content, sheets=[("gatekit.connection", "sheet.css")])


def _header(plan: Plan, results: Results, result: SystemResult) -> Html:
    rows = (
        (words("拠点", "Site"), plain(results.site)),
        (words("システム", "System"), plain(result.system.key)),
        (words("試験日時（日本時間）", "Tested at (Japan)"), plain(hospital_time(results.tested_at))),
        (words("判定", "Result"), say(STATES[result.state])),
    )
    facts = join(Html(f"<dt>{name}</dt><dd>{value}</dd>") for name, value in rows)
    return Html(
        f'<header><div class="kind">{words(*KIND)}</div><h1>{words(plan.hospital.ja, plan.hospital.en)}</h1>'
        f'<div class="under">{say(KINDS[result.system.kind])}　{plain(PROTOCOLS[result.system.protocol])}</div>'
        f"<dl>{facts}</dl></header>"
    )


def _sections(plan: Plan, results: Results, result: SystemResult) -> Html:
    parts = [
        section("ends", words("接続", "Connection"), _ends(results, result)),
        section("steps", words("結果", "Result"), _steps(result.steps)),
    ]
    if result.system.direction == "to_gateway":
        parts.append(section("vendor", words("相手側での試験", "Test by the vendor"), _vendor(results, result)))
    parts.append(section("confirmation", words("確認", "Confirmation"), _signatures(), support_contact(plan)))
    return join(parts)


def _ends(results: Results, result: SystemResult) -> Html:
    system = result.system
    outward = system.direction == "from_gateway"
    ours = f"{results.our_address}" if outward else f"{results.our_address}:{system.port}"
    theirs = f"{system.address}:{system.port}" if outward else f"{system.address}"
    rows = [
        (words("ゲートウェイ（VM1）", "Gateway (VM1)"), code(ours)),
        (words("相手システム", "The system"), code(theirs)),
        (words("接続の向き", "Who connects"), say(DIRECTIONS[system.direction])),
    ]
    if system.ae_titles is not None:
        rows.append(
            (words("AEタイトル（当方／相手）", "AE titles (ours / theirs)"), code(" / ".join(system.ae_titles)))
        )
    return table((words("項目", "Item"), words("内容", "Value")), rows, "ends")


def _steps(steps: tuple[JudgedStep, ...]) -> Html:
    head = (
        plain("#"),
        words("手順", "Step"),
        words("判定", "Result"),
        words("内容", "Observed"),
        plain("ms"),
        words("日本時間", "Japan time"),
    )
    rows = [
        (
            plain(number),
            say(STEPS[step.name]),
            join((mark(MARKS[step.judgement.state]), say(STATES[step.judgement.state])), " "),
            _observed(step),
            plain(step.duration_ms),
            plain(hospital_time(step.at)),
        )
        for number, step in enumerate(steps, 1)
    ]
    return table(head, rows, "steps")


def _observed(step: JudgedStep) -> Html:
    verdict = step.judgement
    parts = [say(verdict.observed)]
    if verdict.fix is not None:
        parts.append(
            element("div", join((say(verdict.fix), plain(f" [{verdict.code}]" if verdict.code else ""))), "todo")
        )
    return join(parts)


def _vendor(results: Results, result: SystemResult) -> Html:
    system = result.system
    return join(
        (
            say(VENDOR_TESTS[system.protocol], "p"),
            element("p", code(f"{results.our_address}:{system.port}")),
            words("試験日時と応答：", "Date, time and answer:", "p"),
            Html('<div class="line"></div>'),
        )
    )


def _signatures() -> Html:
    head = (plain(""), words("会社・部署", "Organisation"), words("氏名・印", "Name and seal"), words("日付", "Date"))
    rows = [
        (words("ゲートウェイ側", "For the Gateway"), plain(""), plain(""), plain("")),
        (words("システムベンダー", "For the vendor"), plain(""), plain(""), plain("")),
    ]
    remarks = join((words("所見：", "Remarks:", "p"), Html('<div class="line"></div><div class="line"></div>')))
    return join((table(head, rows, "signatures"), remarks))


def _footer(results: Results) -> Html:
    return Html(
        "<footer>"
        + words(
            "患者を特定する情報は含まない。件数はテスト患者のものである。",
            "Holds nothing that identifies a patient; counts are those of the test patient.",
        )
        + f"<br>gatekit · {words('計画', 'plan')} sha256 <code>{plain(results.plan_sha256)}</code></footer>"
    )
