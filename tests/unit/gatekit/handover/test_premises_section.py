"""Who maintains what, as the hospital reads it."""

from __future__ import annotations

from gatekit.handover.premises_section import support_table
from gatekit.plan.model import Plan


def test_ap_8_every_part_stands_beside_its_maintainer(plan: Plan) -> None:
    page = str(support_table(plan))
    for row in plan.premises.support:
        assert row.part.ja in page
    assert page.count("機器メーカー") == sum(row.by == "hardware_vendor" for row in plan.premises.support)
