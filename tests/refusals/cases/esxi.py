"""The ESXi host's licence, and deviations from its hardening baseline."""

from __future__ import annotations

from datetime import date

from tests.refusals.case import Case


def deviation(item: str) -> dict[str, object]:
    return {"item": item, "reason": "The maker's monitor asks it", "until": date(2027, 6, 30)}


CASES = (
    Case(
        "free edition",
        edit={"esxi.licence": "free"},
        expected=(
            (
                "GW148",
                "esxi.licence",
                "free",
                "Enter a vSphere licence: the free edition refuses every change through the API.",
            ),
        ),
    ),
    Case(
        "evaluation at a live site",
        edit={"hospital.stage": "live"},
        expected=(
            (
                "GW148",
                "esxi.licence",
                "evaluation",
                "Enter a vSphere licence before the site is live: after 60 days no machine could be started.",
            ),
        ),
    ),
    Case(
        "deviation from an item that does not exist",
        edit={"esxi.deviations": [deviation("cim_off"), deviation("xyzzy")]},
        expected=(
            ("GW112", "esxi.deviations[0].item", "cim_off", "Did you mean `cim-off`?"),
            ("GW112", "esxi.deviations[1].item", "xyzzy", "Use an id of docs/reference/hardening.md."),
        ),
    ),
    Case(
        "two deviations from one item",
        edit={"esxi.deviations": [deviation("cim-off"), deviation("cim-off")]},
        expected=(("GW111", "esxi.deviations[1].item", "cim-off", "Give one deviation an item."),),
    ),
    Case(
        "deviation without reason or end",
        edit={"esxi.deviations": [{"item": "cim-off"}]},
        expected=(
            (
                "GW103",
                "esxi.deviations[0].reason",
                "missing",
                "Give reason: Why; it stands in the evidence and the hand-over.",
            ),
            (
                "GW103",
                "esxi.deviations[0].until",
                "missing",
                "Give until: Last day; from the next one on the evidence is red.",
            ),
        ),
    ),
)
