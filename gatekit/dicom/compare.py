"""Which studies, series and instances the archive lacks (IN-3, IN-4). Pure: it asks, somebody else looks up.

Equal instance counts end the search, unless ``deep``; counts that differ or that a side leaves out lead one
level down. What is published only in part (modalities) is moved by series.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import batched
from typing import Any

from gatekit.dicom.model import (
    UIDS_PER_LIST,
    Ask,
    Difference,
    Entity,
    InstanceRow,
    Level,
    Published,
    Row,
    SeriesRow,
    Share,
    Side,
    StudyRow,
)
from gatekit.errors import DicomError

type Answers = Mapping[Ask, Collection[Row]]
type Inquiry = Generator[tuple[Ask, ...], Answers, Difference]
type Stage[Found] = Generator[tuple[Ask, ...], Answers, Found]
type Held[R: Row] = dict[Entity, R]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one level settled, and what must be looked at one level deeper."""

    missing: frozenset[Entity] = frozenset()
    deeper: frozenset[Entity] = frozenset()
    only_in_archive: frozenset[Entity] = frozenset()
    undecided: frozenset[Entity] = frozenset()


@dataclass(frozen=True, slots=True)
class _Rule:
    published: Published
    cutoff: date
    deep: bool
    relational: frozenset[Side]

    def settled(self, one: StudyRow | SeriesRow, other: StudyRow | SeriesRow) -> bool:
        """Return whether the counts of both sides say that nothing differs."""
        if self.deep or one.instance_count is None or one.instance_count != other.instance_count:
            return False
        if not isinstance(one, StudyRow) or not isinstance(other, StudyRow):
            return True
        return None in (one.series_count, other.series_count) or one.series_count == other.series_count


def compare(
    published: Published, today: date, *, deep: bool = False, relational: frozenset[Side] = frozenset()
) -> Inquiry:
    """Return a generator of batches of asks; send it the answers of each batch, it returns the Difference.

    Args:
        published: what may leave the PACS.
        today: the day the published period is counted from.
        deep: look at every instance, since equal counts prove nothing.
        relational: sides that negotiated relational queries; they are asked for many parents at once.
    Raises:
        DicomError: GW515 when a side lists a study or series and then nothing in it.
    """
    rule = _Rule(published, published.cutoff(today), deep, relational)
    studies, in_archive = yield from _compare_studies(rule)
    series = yield from _compare_series(rule, studies.deeper, in_archive)
    instances = yield from _compare_instances(rule, series.deeper)
    stages = (studies, series, instances)
    missing = sorted(entity for stage in stages for entity in stage.missing)
    return Difference(
        studies=tuple(entity for entity in missing if entity.level is Level.STUDY),
        series=tuple(entity for entity in missing if entity.level is Level.SERIES),
        instances=tuple(entity for entity in missing if entity.level is Level.IMAGE),
        only_in_archive=tuple(sorted(entity for stage in stages for entity in stage.only_in_archive)),
        undecided=tuple(sorted(entity for stage in stages for entity in stage.undecided)),
    )


def _compare_studies(rule: _Rule) -> Stage[tuple[_Found, frozenset[Entity]]]:
    answers = yield tuple(Ask(side, Level.STUDY) for side in Side)
    pacs, archive = (_held(answers, side, StudyRow) for side in Side)
    extra = frozenset(archive.keys() - pacs.keys())
    dated = {study: row for study, row in pacs.items() if _is_published(rule, row)}
    undecided = frozenset(study for study, row in dated.items() if row.study_date is None)
    archive |= yield from _filed_elsewhere(frozenset(dated) - undecided - archive.keys())
    missing, deeper = set(), set()
    for study in dated.keys() - undecided:
        if study not in archive and rule.published.share(dated[study].modalities) is Share.ALL:
            missing.add(study)
        elif study not in archive or not rule.settled(dated[study], archive[study]):
            deeper.add(study)
    return _Found(frozenset(missing), frozenset(deeper), extra, undecided), frozenset(archive)


def _is_published(rule: _Rule, row: StudyRow) -> bool:
    """Return whether something of the study may be published; without a date it may."""
    share = rule.published.share(row.modalities)
    return share is not Share.NONE and (row.study_date is None or row.study_date >= rule.cutoff)


def _filed_elsewhere(absent: frozenset[Entity]) -> Stage[Held[StudyRow]]:
    """Ask the archive for studies by their UIDs alone before they are called missing.

    The files of a PACS may spell the patient's id or issuer unlike its answers do, and the archive holds the files.
    """
    chunks = batched(sorted(entity.study for entity in absent), UIDS_PER_LIST)
    asks = tuple(Ask(Side.ARCHIVE, Level.STUDY, chunk) for chunk in chunks)
    if not asks:
        return {}
    answers = yield asks
    held = _held(answers, Side.ARCHIVE, StudyRow)
    return {study: row for study, row in held.items() if study in absent}


def _compare_series(rule: _Rule, studies: frozenset[Entity], in_archive: frozenset[Entity]) -> Stage[_Found]:
    asks = _asks(rule, Side.PACS, studies) + _asks(rule, Side.ARCHIVE, studies & in_archive)
    if not asks:
        return _Found()
    answers = yield asks
    pacs, archive = (_held(answers, side, SeriesRow, studies) for side in Side)
    _refuse_barren(Side.PACS, studies, pacs)
    _refuse_barren(Side.ARCHIVE, studies & in_archive, archive)
    shares = {series: _series_share(rule, row) for series, row in pacs.items()}
    wanted = {series for series, share in shares.items() if share is Share.ALL}
    absent, common = wanted - archive.keys(), wanted & archive.keys()
    whole = {study for study in studies - in_archive if all(shares[s] is Share.ALL for s in _children(study, pacs))}
    by_series = {series for series in absent if Entity(series.study) not in whole}
    return _Found(
        missing=frozenset(whole | by_series),
        deeper=frozenset(series for series in common if not rule.settled(pacs[series], archive[series])),
        only_in_archive=frozenset(archive.keys() - pacs.keys()),
        undecided=frozenset(series for series, share in shares.items() if share is Share.PARTLY) - archive.keys(),
    )


def _compare_instances(rule: _Rule, series: frozenset[Entity]) -> Stage[_Found]:
    asks = _asks(rule, Side.PACS, series) + _asks(rule, Side.ARCHIVE, series)
    if not asks:
        return _Found()
    answers = yield asks
    pacs, archive = (_held(answers, side, InstanceRow, series) for side in Side)
    _refuse_barren(Side.PACS, series, pacs)
    _refuse_barren(Side.ARCHIVE, series, archive)
    return _Found(
        missing=frozenset(pacs.keys() - archive.keys()), only_in_archive=frozenset(archive.keys() - pacs.keys())
    )


def _asks(rule: _Rule, side: Side, parents: frozenset[Entity]) -> tuple[Ask, ...]:
    """Return the fewest asks for everything one level below the parents, which stand on one level."""
    chunks = batched(sorted(parents), UIDS_PER_LIST if side in rule.relational else 1)
    return tuple(_ask(side, chunk) for chunk in chunks)


def _ask(side: Side, parents: tuple[Entity, ...]) -> Ask:
    studies = tuple(sorted({parent.study for parent in parents}))
    if parents[0].level is Level.STUDY:
        return Ask(side, Level.SERIES, studies)
    return Ask(side, Level.IMAGE, studies, tuple(sorted({parent.series for parent in parents})))


def _held[R: (StudyRow, SeriesRow, InstanceRow)](
    answers: Answers, side: Side, kind: type[R], parents: frozenset[Entity] | None = None
) -> Held[R]:
    """Return what a side holds, each once; what lies outside the parents was not asked for and is left out."""
    held: Held[R] = {}
    for row in (row for ask, rows in answers.items() if ask.side is side for row in rows):
        if isinstance(row, kind) and (parents is None or _parent(row.entity) in parents):
            held[row.entity] = _merged(held[row.entity], row) if row.entity in held else row
    return held


def _parent(entity: Entity) -> Entity:
    return Entity(entity.study, entity.series) if entity.instance else Entity(entity.study)


def _merged[R: (StudyRow, SeriesRow, InstanceRow)](one: R, other: R) -> R:
    """Return what two answers about the same thing agree on; a UID is the same in both."""
    agreed: dict[str, Any] = {
        part.name: getattr(one, part.name) if getattr(one, part.name) == getattr(other, part.name) else None
        for part in fields(one)
    }
    return replace(one, **agreed)


def _series_share(rule: _Rule, row: SeriesRow) -> Share:
    return rule.published.share((row.modality,) if row.modality else None)


def _children(study: Entity, series: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(entity for entity in series if entity.study == study.study)


def _refuse_barren(side: Side, parents: frozenset[Entity], held: Iterable[Entity]) -> None:
    """Refuse an answer that makes a listed parent look empty: acting on it would move what is there."""
    barren = parents - {_parent(entity) for entity in held}
    if barren:
        level = next(iter(barren)).level.lower()
        fix = "Ask again: it may just have been removed. If it stays, query this peer without relational queries."
        raise DicomError("GW515", f"{side}.find", f"{len(barren)} {level} without content", fix)
