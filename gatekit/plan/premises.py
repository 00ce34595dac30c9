"""Where the appliance stands, and who maintains which part of it (AP-7, AP-8)."""

from __future__ import annotations

from typing import Literal

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.support import Maintainer, support
from gatekit.intent.load import Intent
from gatekit.intent.vpn import Pattern4
from gatekit.model import Frozen, Text


class RackPlan(Frozen):
    """What was seen on site beside what the appliance needs; units of the rack, amperes of the circuit."""

    free_units: int
    needed_units: int
    circuit_amperes: int
    needed_amperes: int
    circuit_dedicated: bool
    earthed_outlets: bool
    kvm_cable: Literal["usb", "ps2", "none"]


class SupportRow(Frozen):
    """One part of the site and who maintains it."""

    name: str
    part: Text
    by: Maintainer


class PremisesPlan(Frozen):
    """The place and the border of support."""

    rack: RackPlan
    support: tuple[SupportRow, ...]


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
