"""The sheet as CSV for a spreadsheet: UTF-8 with a byte order mark, lines as RFC 4180 wants them. Pure."""

from __future__ import annotations

import csv
import io

from gatekit.connection.model import Results, SystemResult
from gatekit.connection.times import hospital_time
from gatekit.connection.words import PROTOCOLS, STATES, STEPS
from gatekit.plan.model import Plan

HEAD = (
    "病院 / hospital",
    "拠点 / site",
    "システム / system",
    "プロトコル / protocol",
    "ゲートウェイ / our address",
    "相手 / their address",
    "ポート / port",
    "順 / no",
    "手順",
    "step",
    "判定",
    "result",
    "内容",
    "observed",
    "対処",
    "to do",
    "コード / code",
    "時間(ms) / ms",
    "日時(日本時間) / time (JST)",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet_csv(plan: Plan, results: Results, result: SystemResult) -> bytes:
    """Return the file; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(HEAD)
    system = result.system
    place = (f"{plan.hospital.ja} / {plan.hospital.en}", results.site, system.key, PROTOCOLS[system.protocol])
    for number, step in enumerate(result.steps, 1):
        name, verdict = STEPS[step.name], step.judgement
        state, fix = STATES[verdict.state], verdict.fix
        ends = (results.our_address, system.address, system.port)
        seen = (name.ja, name.en, state.ja, state.en, verdict.observed.ja, verdict.observed.en)
        todo = (fix.ja if fix else "", fix.en if fix else "", verdict.code or "")
        row = (*place, *ends, number, *seen, *todo, step.duration_ms, hospital_time(step.at))
        rows.writerow([_harmless(str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
