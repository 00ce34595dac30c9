"""From a probe's answer to a verdict. Pure."""

from __future__ import annotations

import re
from typing import Any

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.portable.port_scan import port_ranges, ports_of
from gatekit.verify.model import Check, Kind, ScanRow, Verdict
from gatekit.verify.scanning import controls_seen, is_proof
from gatekit.verify.words import both, outcome_text

UNSEEN_CONTROL = Text(
    ja="無効：応答するはずの既知ポートが見えない（GW601）",
    en="void: ports known to answer were not seen (GW601)",
)
PROXY_WORD = re.compile(r"PROXY\s+([0-9A-Za-z.-]+):(\d+)")


def operation_verdict(plan: Plan, check: Check, answer: dict[str, Any]) -> Verdict:
    """Return what one answered operation is worth: outcome among the accepted ones, detail as wanted."""
    outcome, detail = str(answer["outcome"]), str(answer["detail"])
    if check.kind is Kind.PAC and outcome == "served":
        return pac_verdict(plan, answer)
    ok = outcome in check.accepts and (outcome != check.accepts[0] or check.detail in detail)
    return Verdict(ok=ok, observed=outcome_text(outcome, detail))


def pac_verdict(plan: Plan, answer: dict[str, Any]) -> Verdict:
    """HC-2: right content type, our proxy and no other, and every destination of the plan by name."""
    body = str(answer["body"])
    proxies = set(PROXY_WORD.findall(body))
    wanted = {(name, str(plan.proxy.port)) for name in (str(plan.proxy.address), plan.proxy.host_name)}
    missing = [name for name in plan.proxy.destinations if name.lstrip(".") not in body]
    typed = str(answer["content_type"]).split(";")[0] == "application/x-ns-proxy-autoconfig"
    ok = bool(proxies) and proxies <= wanted and not missing and typed and "FindProxyForURL" in body
    names = ", ".join(f"{name}:{port}" for name, port in sorted(proxies)) or "no proxy"
    seen = f"{answer['content_type']}; {names}" + (f"; missing {' '.join(missing)}" if missing else "")
    return Verdict(ok=ok, observed=both(seen))


def scan_verdict(check: Check, scan: dict[str, Any]) -> Verdict:
    """Return whether no forbidden port answered, in a scan that is a proof."""
    row = check.asks
    if not isinstance(row, ScanRow):
        raise TypeError(check.id)
    if not is_proof(scan["passes"]):
        seen = f" {controls_seen(scan['passes'])}"
        return Verdict(ok=False, observed=Text(ja=UNSEEN_CONTROL.ja + seen, en=UNSEEN_CONTROL.en + seen))
    found = scan["targets"][row.address]
    forbidden = frozenset(ports_of(row.ports))
    opened = forbidden.intersection(ports_of(found[f"{row.protocol}_accepted"]))
    let_through = (
        forbidden.intersection(ports_of(found[f"{row.protocol}_refused"])) if row.counts == "any" else frozenset()
    )
    if opened or let_through:
        parts = [
            (opened, "開いている", "open"),
            (let_through, "遮断されず拒否応答", "not filtered, refused by the host"),
        ]
        return Verdict(
            ok=False,
            observed=Text(
                ja="; ".join(f"{ja} {port_ranges(ports)}" for ports, ja, _ in parts if ports),
                en="; ".join(f"{en} {port_ranges(ports)}" for ports, _, en in parts if ports),
            ),
        )
    return Verdict(ok=True, observed=_silence(len(forbidden), found, scan))


def _silence(count: int, found: dict[str, Any], scan: dict[str, Any]) -> Text:
    controls = controls_seen(scan["passes"])
    if not found["way"]:
        return Text(
            ja=f"{count}ポート：その先にホストなし（対照 {controls}）",
            en=f"{count} ports: nobody at the next hop (controls {controls})",
        )
    return Text(ja=f"{count}ポートすべて応答なし（対照 {controls}）", en=f"{count} ports silent (controls {controls})")
