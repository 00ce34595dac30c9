"""The hospital: its name, people, dates and rack (AP-7, OP-10, OP-11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatekit.intent.fields import Day, Email, Line, Phone, SiteId
from gatekit.model import Frozen

type ContactRole = Literal[
    "hospital_it", "regional_office", "his_vendor", "pacs_vendor", "department_vendor", "network_vendor"
]


class BothLanguages(Frozen):
    """The same for a Japanese and an English reader."""

    ja: Line = Field(description="In Japanese.")
    en: Line = Field(description="In English.")


class Hospital(Frozen):
    """The publishing hospital 公開施設."""

    id: SiteId = Field(description="Short name; host names and identities are made from it.")
    name: BothLanguages = Field(description="Name of the hospital.")
    stage: Literal["staging", "live"] = Field(description="live: clinical traffic flows; installs that wipe refuse.")


class Contact(Frozen):
    """One person we work with."""

    role: ContactRole = Field(description="What the contact answers for.")
    organisation: Line = Field(description="Company or department.")
    name: Line = Field(description="Name of the person.")
    phone: Phone = Field(description="Telephone number.")
    email: Email = Field(description="Mail address.")


class Schedule(Frozen):
    """OP-10: line and environment two months before S-in, then build, tests, S-in, rollout."""

    line_ready: Day = Field(description="Line and rack are ready.")
    build: Day = Field(description="The appliance is installed.")
    connection_tests: Day = Field(description="Tests with EMR, order, PACS and departmental systems begin.")
    viewing_tests: Day = Field(description="Tests of the first viewing facilities begin.")
    s_in: Day = Field(description="S-in: go-live.")
    rollout_facilities_per_day: int = Field(ge=1, le=2, description="Viewing facilities a day after S-in.")


class Rack(Frozen):
    """AP-7: what was seen on site."""

    free_units: int = Field(ge=0, le=48, description="Free rack units where the appliance goes.")
    circuit_amperes: int = Field(ge=1, le=60, description="Rating of the circuit.")
    circuit_dedicated: bool = Field(description="Whether the circuit is the appliance's own (recommended).")
    earthed_outlets: bool = Field(description="Earthed outlets near the rack.")
    kvm_cable: Literal["usb", "ps2", "none"] = Field(
        description="Cable of a shared KVM switch; the server has USB only."
    )
