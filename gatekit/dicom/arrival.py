"""Whether what was moved is in the archive: the archive's own answer counts, not what the PACS says it sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import batched

from gatekit.dicom.model import UIDS_PER_LIST, Ask, Entity, Level, Move, Patient, Side
from gatekit.dicom.transport import Finder


def entities_of(move: Move) -> tuple[Entity, ...]:
    """Return what a C-MOVE asks for."""
    if move.level is Level.STUDY:
        return (Entity(move.study),)
    if move.level is Level.SERIES:
        return tuple(Entity(move.study, series) for series in move.series)
    return tuple(Entity(move.study, move.series[0], instance) for instance in move.instances)


def absent_from(archive: Finder, patient: Patient, moved: Iterable[Entity]) -> frozenset[Entity]:
    """Return what the archive does not list; one C-FIND for 64 studies, each study and each series.

    Raises:
        DicomError: as ``Finder.find``.
    """
    wanted = frozenset(moved)
    listed = {row.entity for ask in _asks(wanted) for row in archive.find(patient, ask)}
    return wanted - listed


def _asks(wanted: frozenset[Entity]) -> Iterator[Ask]:
    studies = sorted(entity.study for entity in wanted if entity.level is Level.STUDY)
    for chunk in batched(studies, UIDS_PER_LIST):
        yield Ask(Side.ARCHIVE, Level.STUDY, chunk)
    for study in sorted({entity.study for entity in wanted if entity.level is Level.SERIES}):
        yield Ask(Side.ARCHIVE, Level.SERIES, (study,))
    for study, series in sorted({(one.study, one.series) for one in wanted if one.level is Level.IMAGE}):
        yield Ask(Side.ARCHIVE, Level.IMAGE, (study,), (series,))
