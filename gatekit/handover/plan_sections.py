"""The pages that show the plan: networks, addresses, the flow matrix with its verdicts. Pure."""

from __future__ import annotations

from gatekit.handover.markup import Html, code, element, join, mark, plain, say, table, words
from gatekit.model import Text
from gatekit.plan.flow import Flow
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence, Record
from gatekit.verify.model import Kind

ASSIGNED = {
    "us": Text(ja="当社", en="us"),
    "hospital": Text(ja="病院", en="hospital"),
    "provider": Text(ja="事業者", en="provider"),
}


LEGEND = (
    (
        "✓ パケットで確認　✗ 不一致　— 未実施（理由は後述）。"
        "「経路のみ」はサービス未構築のためパケットの到達だけを確認。この表にない通信はすべて拒否する。"
    ),
    (
        "✓ proved by packets, ✗ failed, — not run (reasons below). Path only: the service is not built yet, "
        "the packets' arrival was proved. What is not in this table is refused."
    ),
)


def zone_chip(zone: str) -> Html:
    """Return a zone as a coloured word."""
    return Html(f'<span class="chip {zone}">{zone.replace("_", " ").upper()}</span>')


def network_table(plan: Plan) -> Html:
    """Return every network of the plan."""
    head = (
        words("ゾーン", "Zone"),
        words("ネットワーク", "Network"),
        words("用途", "Purpose"),
        words("割当", "Assigned by"),
    )
    return table(
        head,
        (
            (zone_chip(row.zone.value), code(row.network), say(row.purpose), say(ASSIGNED[row.assigned_by]))
            for row in plan.networks
        ),
    )


def address_table(plan: Plan) -> Html:
    """Return every address of the plan."""
    head = (words("名前", "Name"), words("アドレス", "Address"), words("用途", "Purpose"), words("割当", "Assigned by"))
    return table(
        head,
        (
            (
                plain(row.name),
                code(f"{row.address}/{row.prefix_length}"),
                say(row.purpose),
                say(ASSIGNED[row.assigned_by]),
            )
            for row in plan.addresses
        ),
    )


def flow_table(plan: Plan, evidence: Evidence) -> Html:
    """Return the flow matrix; the mark says whether the flow was proved by packets."""
    head = (
        Html(""),
        words("用途", "Purpose"),
        words("送信元", "Source"),
        words("宛先", "Destination"),
        words("通信", "Service"),
        words("要件", "Req."),
    )
    return join(
        (
            table(head, (_flow_row(flow, evidence) for flow in plan.flows)),
            element(
                "p",
                words(*LEGEND),
                "note",
            ),
        )
    )


def flow_verdict(flow: Flow, evidence: Evidence) -> bool | None:
    """Return whether every check of a flow held; None when none of them was run."""
    own = [row.ok for row in flow_records(flow, evidence)]
    return all(own) if own else None


def flow_records(flow: Flow, evidence: Evidence) -> tuple[Record, ...]:
    """Return the records about one flow."""
    identity = f"reach.{flow.id}"
    return tuple(row for row in evidence.records if row.id == identity or row.id.startswith(identity + "."))


def _flow_row(flow: Flow, evidence: Evidence) -> tuple[Html, ...]:
    service = flow.protocol.value.upper() + (" " + ",".join(map(str, flow.ports)) if flow.ports else "")
    purpose = say(flow.purpose)
    if any(row.kind == Kind.PATH.value for row in flow_records(flow, evidence)):
        purpose = join((purpose, Html(" "), element("span", words("経路のみ", "path only"), "chip two")))
    return (
        mark(flow_verdict(flow, evidence)),
        purpose,
        _end(flow.source.name),
        _end(flow.destination.name),
        code(service),
        element("span", plain(flow.requirement), "req"),
    )


def _end(name: str) -> Html:
    return plain(name.replace("_", " "))
