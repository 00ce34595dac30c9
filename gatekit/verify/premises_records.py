"""The site facts and the border of support as records of the evidence (AP-7, AP-8).

Nobody can measure a rack from here: what a person saw and wrote into the site file is checked against what the
appliance needs, and printed beside it.
"""

from __future__ import annotations

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.plan.premises import RackPlan
from gatekit.verify.evidence import Record

_RACK = Text(ja="設置条件を満たす（現地で確認した値）", en="The place is fit for the appliance (as seen on site)")
_SUPPORT = Text(ja="各部の保守担当が一者に決まっている", en="Each part has exactly one maintainer")
_YES_NO = {True: ("あり", "yes"), False: ("なし", "no")}


def premises_records(plan: Plan) -> tuple[Record, ...]:
    """Return the record of AP-7 and that of AP-8."""
    rack, support = plan.premises.rack, plan.premises.support
    ours = sum(row.by == "us" for row in support)
    seen = Text(ja=f"{len(support)}件のうち当社 {ours} 件", en=f"{ours} of {len(support)} parts are ours")
    once = len({row.name for row in support}) == len(support)
    return (
        _record("premises.rack", "AP-7", _RACK, _needed(rack), _seen(rack), ok=_fit(rack)),
        _record("premises.support", "AP-8", _SUPPORT, _SUPPORT, seen, ok=once and 0 < ours < len(support)),
    )


def _fit(rack: RackPlan) -> bool:
    enough = rack.free_units >= rack.needed_units and rack.circuit_amperes >= rack.needed_amperes
    return enough and rack.earthed_outlets and rack.kvm_cable != "ps2"


def _needed(rack: RackPlan) -> Text:
    return Text(
        ja=f"空き {rack.needed_units}U 以上、{rack.needed_amperes}A 以上の回路、接地コンセント、USBのKVM",
        en=f"{rack.needed_units} free units, a circuit of {rack.needed_amperes} A, earthed outlets, USB KVM",
    )


def _seen(rack: RackPlan) -> Text:
    earthed, dedicated = _YES_NO[rack.earthed_outlets], _YES_NO[rack.circuit_dedicated]
    return Text(
        ja=f"空き {rack.free_units}U、{rack.circuit_amperes}A（単独：{dedicated[0]}）、接地：{earthed[0]}、"
        f"KVM：{rack.kvm_cable}",
        en=f"{rack.free_units} free units, {rack.circuit_amperes} A (circuit of its own: {dedicated[1]}), "
        f"earthed: {earthed[1]}, KVM: {rack.kvm_cable}",
    )


def _record(identity: str, requirement: str, title: Text, expected: Text, seen: Text, *, ok: bool) -> Record:
    return Record(
        id=identity,
        kind="premises",
        requirement=requirement,
        title=title,
        source="site",
        destination="site",
        protocol="",
        port="",
        expected=expected,
        observed=seen,
        ok=ok,
        duration_s=0.0,
        tier=1,
    )
