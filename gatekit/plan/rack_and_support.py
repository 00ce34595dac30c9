"""Plans the premises: what was seen on site against what the appliance needs, and the border of support."""

from __future__ import annotations

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.support import support
from gatekit.intent.load import Intent
from gatekit.intent.vpn import Pattern4
from gatekit.model import Text
from gatekit.plan.premises import PremisesPlan, RackPlan, SupportRow


def premises_plan(intent: Intent) -> PremisesPlan:
    """Return the site facts as recorded, and every part that this VPN pattern has with its one maintainer."""
    seen, need = intent.site.rack, appliance().rack
    there = () if isinstance(intent.site.vpn, Pattern4) else ("cpe",)
    return PremisesPlan(
        rack=RackPlan(needed_units=need.units, needed_amperes=need.circuit_amperes, **seen.model_dump()),
        support=tuple(
            SupportRow(name=row.id, part=Text(ja=row.ja, en=row.en), by=row.by)
            for row in support()
            if row.only_with is None or row.only_with in there
        ),
    )
