"""Where the appliance stands, and who maintains which part of it (AP-7, AP-8)."""

from __future__ import annotations

from typing import Literal

from gatekit.catalogue.support import Maintainer
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
