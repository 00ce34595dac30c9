"""A peer that lives in memory: the fake beside ``network``, for tests and rehearsals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from gatekit.dicom.model import (
    Ask,
    Entity,
    InstanceRow,
    Level,
    Move,
    MoveOutcome,
    Patient,
    Row,
    SeriesRow,
    StudyRow,
)


@dataclass(frozen=True, slots=True, order=True)
class Instance:
    """One stored instance with what the levels above it say."""

    study: str
    series: str
    instance: str
    modality: str = "CT"
    study_date: date | None = None

    @property
    def entity(self) -> Entity:
        """Return its UIDs."""
        return Entity(self.study, self.series, self.instance)


@dataclass
class MemoryPeer:
    """Instances of one patient behind ``Finder`` and ``Mover``, with a record of what was asked."""

    instances: set[Instance]
    counts: bool = True
    relational: bool = False
    modalities_in_study: bool = True
    destination: MemoryPeer | None = None
    asks: list[Ask] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
        """Return the rows of the patient; the same for every patient, since only one lives here."""
        del patient
        self.asks.append(ask)
        return tuple(self.rows(ask))

    def rows(self, ask: Ask) -> Iterator[Row]:
        """Yield the answers to an ask."""
        held = sorted(
            one
            for one in self.instances
            if (not ask.studies or one.study in ask.studies) and (not ask.series or one.series in ask.series)
        )
        if ask.level is Level.IMAGE:
            yield from (InstanceRow(one.study, one.series, one.instance) for one in held)
        elif ask.level is Level.SERIES:
            for study, series in sorted({(one.study, one.series) for one in held}):
                yield self._series([one for one in held if (one.study, one.series) == (study, series)])
        else:
            for study in sorted({one.study for one in held}):
                yield self._study([one for one in held if one.study == study])

    def _study(self, held: list[Instance]) -> StudyRow:
        return StudyRow(
            held[0].study,
            held[0].study_date,
            tuple(sorted({one.modality for one in held})) if self.modalities_in_study else None,
            len({one.series for one in held}) if self.counts else None,
            len(held) if self.counts else None,
        )

    def _series(self, held: list[Instance]) -> SeriesRow:
        return SeriesRow(held[0].study, held[0].series, held[0].modality, len(held) if self.counts else None)

    def move(self, patient: Patient, move: Move, destination: str) -> MoveOutcome:
        """Put what is asked for into ``destination``, whose AE title does not matter here."""
        del patient, destination
        self.moves.append(move)
        sent = set(self.selected(move))
        if self.destination is not None:
            self.destination.instances |= sent
        return MoveOutcome(completed=len(sent))

    def selected(self, move: Move) -> Iterable[Instance]:
        """Return the instances a C-MOVE names."""
        return (
            one
            for one in self.instances
            if one.study == move.study
            and (not move.series or one.series in move.series)
            and (not move.instances or one.instance in move.instances)
        )
