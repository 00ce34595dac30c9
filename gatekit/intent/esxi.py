"""What a person decides about the ESXi host: its licence, and what of the hardening baseline it does not keep."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatekit.intent.fields import Day, Line
from gatekit.model import Frozen


class Deviation(Frozen):
    """One item of the hardening baseline that is left as it is, for a reason and for a time."""

    item: str = Field(description="Id of the item, as in docs/reference/hardening.md.")
    reason: Line = Field(description="Why; it stands in the evidence and the hand-over.")
    until: Day = Field(description="Last day; from the next one on the evidence is red.")


class Esxi(Frozen):
    """The ESXi host (AP-1); what follows from the baseline and the flow matrix is not here."""

    licence: Literal["vsphere_standard", "vvf", "evaluation", "free"] = Field(
        description="What the host is licensed with. free cannot be built: it refuses changes through the API; "
        "evaluation (60 days) only while staging."
    )
    deviations: tuple[Deviation, ...] = Field(default=(), description="Items of the hardening baseline not kept here.")
