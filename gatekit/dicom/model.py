"""What two DICOM peers hold of a patient, what is asked for and what is missing. No clock, no network.

A count, date or modality is None where the peer leaves it out: they are optional or may be empty
(PS3.4 C.6.2.1), and what is unknown is looked at one level deeper, never guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from itertools import batched, groupby

from gatekit.errors import DicomError

UIDS_PER_LIST = 64
"""UIDs in one list: 4 KiB at most, far below the 64 KiB of a UI value in explicit VR (PS3.5 7.1.2)."""


class Side(StrEnum):
    """Whom a question goes to."""

    PACS = "pacs"
    ARCHIVE = "archive"


class Root(StrEnum):
    """Query/Retrieve information models (PS3.4 C.6.1, C.6.2)."""

    PATIENT = "patient_root"
    STUDY = "study_root"

    @property
    def words(self) -> str:
        """Return its name in a sentence."""
        return self.value.replace("_", " ")


class Level(StrEnum):
    """Query/Retrieve levels below the patient, as (0008,0052) spells them (PS3.4 C.6.1, C.6.2)."""

    STUDY = "STUDY"
    SERIES = "SERIES"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient of one issuer. Neither repr nor str shows who it is; logs take ``fingerprint``.

    Raises:
        DicomError: GW517 for an id that would match other patients too, or that LO cannot carry.
    """

    patient_id: str = field(repr=False)
    issuer: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name, value in (("patient_id", self.patient_id), ("issuer", self.issuer)):
            empty_refused = name == "patient_id" and not value.strip()
            if empty_refused or len(value) > 64 or re.search(r"[*?\\\x00-\x1f\x7f]", value):
                fix = "Give 1 to 64 characters without * ? \\ and control characters (PS3.5 6.2, PS3.4 C.2.2.2.4)."
                raise DicomError("GW517", f"patient.{name}", "<hidden>", fix) from None

    def fingerprint(self, site_key: bytes) -> str:
        """Return 16 hex digits that tell patients apart in logs and say nothing without the site's key."""
        message = b"\0".join(part.strip().encode() for part in (self.issuer, self.patient_id))
        return hmac.new(site_key, message, hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A study, a series or an instance by its UIDs; the lower ones are empty for the higher levels."""

    study: str
    series: str = ""
    instance: str = ""

    @property
    def level(self) -> Level:
        """Return the lowest level that is named."""
        if self.instance:
            return Level.IMAGE
        return Level.SERIES if self.series else Level.STUDY


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One answer at study level."""

    study: str
    study_date: date | None = None
    modalities: tuple[str, ...] | None = None
    series_count: int | None = None
    instance_count: int | None = None

    @property
    def entity(self) -> Entity:
        """Return what this row is about."""
        return Entity(self.study)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One answer at series level."""

    study: str
    series: str
    modality: str | None = None
    instance_count: int | None = None

    @property
    def entity(self) -> Entity:
        """Return what this row is about."""
        return Entity(self.study, self.series)


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One answer at image level."""

    study: str
    series: str
    instance: str

    @property
    def entity(self) -> Entity:
        """Return what this row is about."""
        return Entity(self.study, self.series, self.instance)


type Row = StudyRow | SeriesRow | InstanceRow


@dataclass(frozen=True, slots=True)
class Ask:
    """One C-FIND: everything at ``level`` below ``studies`` and ``series``.

    At study level all of the patient, or the ``studies`` of this list, whoever they are filed under.
    Below it more than one UID in a list stands only in asks to a peer with relational queries (PS3.4 C.4.1.3.2.1).
    """

    side: Side
    level: Level
    studies: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


class Share(Enum):
    """How much of a study is published."""

    NONE = "none"
    PARTLY = "partly, or not known at this level"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Published:
    """OP-1 for images: how many months back, and which modalities (empty: all)."""

    months: int
    modalities: tuple[str, ...] = ()

    def cutoff(self, today: date) -> date:
        """Return the first published day: ``months`` earlier, or that month's last day where it is shorter."""
        year, month0 = divmod(today.year * 12 + today.month - 1 - self.months, 12)
        return date(year, month0 + 1, min(today.day, monthrange(year, month0 + 1)[1]))

    def share(self, modalities: tuple[str, ...] | None) -> Share:
        """Return how much of a study with these modalities is published."""
        if not self.modalities:
            return Share.ALL
        if not modalities:
            return Share.PARTLY
        wanted = set(modalities) & set(self.modalities)
        if not wanted:
            return Share.NONE
        return Share.ALL if wanted == set(modalities) else Share.PARTLY


@dataclass(frozen=True, slots=True)
class Move:
    """One C-MOVE: a study, or series of one study, or instances of one series."""

    level: Level
    study: str
    series: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What the archive lacks (tuples sorted); what it has beyond the PACS is reported, never deleted."""

    studies: tuple[Entity, ...] = ()
    series: tuple[Entity, ...] = ()
    instances: tuple[Entity, ...] = ()
    only_in_archive: tuple[Entity, ...] = ()
    undecided: tuple[Entity, ...] = ()
    """Not moved: the PACS gives no study date or no modality, so nobody can say whether it is published."""
    withheld: tuple[Entity, ...] = ()
    """Not moved again for some days: moved before, reported with GW518, and the archive still has it not."""

    def moves(self, uids_per_move: int = UIDS_PER_LIST) -> Iterator[Move]:
        """Yield the C-MOVE requests in a fixed order, whole studies first.

        Args:
            uids_per_move: UIDs in one request, 1 for a PACS without UID lists (PS3.4 C.4.2.1.4.1).
        """
        for entity in self.studies:
            yield Move(Level.STUDY, entity.study)
        for study, entities in groupby(self.series, key=lambda entity: entity.study):
            for chunk in batched((entity.series for entity in entities), uids_per_move):
                yield Move(Level.SERIES, study, chunk)
        for parent, entities in groupby(self.instances, key=lambda entity: (entity.study, entity.series)):
            for chunk in batched((entity.instance for entity in entities), uids_per_move):
                yield Move(Level.IMAGE, parent[0], (parent[1],), chunk)


@dataclass(frozen=True, slots=True)
class MoveOutcome:
    """Sub-operations of one C-MOVE as its final response counts them (PS3.4 C.4.2.1.6 .. 9)."""

    completed: int = 0
    failed: int = 0
    warning: int = 0
    failed_instances: tuple[str, ...] = ()
