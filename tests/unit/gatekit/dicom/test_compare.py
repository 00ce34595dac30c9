"""The difference of two peers, and what finding it costs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekit.dicom.compare import compare
from gatekit.dicom.inquiry import find_difference
from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import (
    Ask,
    Difference,
    Entity,
    InstanceRow,
    Level,
    Patient,
    Published,
    Row,
    SeriesRow,
    Side,
    StudyRow,
)
from gatekit.errors import DicomError

TODAY = date(2026, 11, 23)
RECENT, OLD = TODAY - timedelta(days=10), TODAY - timedelta(days=400)
YEAR_OF_CT_AND_MR = Published(12, ("CT", "MR"))
PATIENT = Patient("4711")
STUDIES = Ask(Side.ARCHIVE, Level.STUDY)


def held(study: str, series: int = 1, instances: int = 1, modality: str = "CT", day: date | None = RECENT):
    return {
        Instance(study, f"{study}.{s}", f"{study}.{s}.{i}", modality, day)
        for s in range(1, series + 1)
        for i in range(1, instances + 1)
    }


def differ(pacs: MemoryPeer, archive: MemoryPeer, published: Published = YEAR_OF_CT_AND_MR, *, deep: bool = False):
    return find_difference(PATIENT, {Side.PACS: pacs, Side.ARCHIVE: archive}, published, TODAY, deep=deep)


def test_in_3_everything_published_is_asked_for_when_the_archive_has_nothing():
    old = held("3", day=OLD)
    pacs = MemoryPeer(held("2", series=3) | held("1") | old | held("4", modality="SR"))
    archive = MemoryPeer(set())
    assert differ(pacs, archive) == Difference(studies=(Entity("1"), Entity("2")))
    assert (len(pacs.asks), archive.asks) == (1, [STUDIES, Ask(Side.ARCHIVE, Level.STUDY, ("1", "2"))])


@pytest.mark.parametrize("relational", [False, True])
def test_in_4_unchanged_patient_of_100_studies_costs_one_find_to_each_side(relational):
    studies = {one for number in range(100) for one in held(f"1.{number}", series=3, instances=4)}
    pacs = MemoryPeer(studies, relational=relational)
    archive = MemoryPeer(set(studies), relational=relational)
    assert differ(pacs, archive) == Difference()
    assert (len(pacs.asks), len(archive.asks)) == (1, 1)


def test_in_4_without_counts_relational_peers_are_asked_in_few_finds():
    studies = {one for number in range(100) for one in held(f"1.{number}")}
    pacs = MemoryPeer(studies, relational=True, counts=False)
    archive = MemoryPeer(set(studies))
    assert differ(pacs, archive) == Difference()
    assert [ask.level for ask in pacs.asks] == [Level.STUDY, *[Level.SERIES] * 2, *[Level.IMAGE] * 2]
    assert len(archive.asks) == 1 + 100 + 100


@pytest.mark.parametrize(
    ("gone", "expected", "finds"),
    [
        pytest.param(held("1", 2, 3), Difference(studies=(Entity("1"),)), 1, id="study"),
        pytest.param(
            {one for one in held("1", 2, 3) if one.series == "1.2"},
            Difference(series=(Entity("1", "1.2"),)),
            2,
            id="series",
        ),
        pytest.param(
            {Instance("1", "1.2", "1.2.3", "CT", RECENT)},
            Difference(instances=(Entity("1", "1.2", "1.2.3"),)),
            3,
            id="instance",
        ),
        pytest.param(set(), Difference(), 1, id="nothing"),
    ],
)
def test_in_4_only_the_difference_is_requested(gone, expected, finds):
    everything = held("1", 2, 3) | held("2", 2, 3)
    pacs, archive = MemoryPeer(everything), MemoryPeer(everything - gone)
    assert differ(pacs, archive) == expected
    assert len(pacs.asks) == finds


def test_in_4_a_replaced_instance_is_found_by_the_deep_comparison_alone():
    new, old = (Instance("1", "1.1", uid, "CT", RECENT) for uid in ("1.1.8", "1.1.9"))
    pacs, archive = MemoryPeer(held("1") | {new}), MemoryPeer(held("1") | {old})
    assert differ(pacs, archive) == Difference()
    expected = Difference(instances=(new.entity,), only_in_archive=(old.entity,))
    assert differ(pacs, archive, deep=True) == expected


def test_in_4_what_only_the_archive_has_is_reported_and_not_asked_for():
    pacs, archive = MemoryPeer(held("1")), MemoryPeer(held("1", 2) | held("2"))
    assert differ(pacs, archive) == Difference(only_in_archive=(Entity("1", "1.2"), Entity("2")))


def test_in_4_of_a_study_published_in_part_only_the_published_series_are_moved():
    report = Instance("1", "1.9", "1.9.1", "SR", RECENT)
    pacs, archive = MemoryPeer(held("1", 2) | {report}), MemoryPeer(set())
    assert differ(pacs, archive) == Difference(series=(Entity("1", "1.1"), Entity("1", "1.2")))
    assert (len(pacs.asks), len(archive.asks)) == (2, 2)


def test_in_4_unknown_modalities_of_a_study_are_looked_up_in_its_series():
    pacs = MemoryPeer(held("1", 2) | held("2", modality="SR"), modalities_in_study=False)
    assert differ(pacs, MemoryPeer(set())) == Difference(studies=(Entity("1"),))


def test_in_4_a_study_without_date_is_reported_as_undecided():
    assert differ(MemoryPeer(held("1", day=None)), MemoryPeer(set())) == Difference(undecided=(Entity("1"),))


def answer(rows: dict[tuple[Side, Level], Sequence[Row]]) -> Difference:
    inquiry = compare(YEAR_OF_CT_AND_MR, TODAY)
    asks = next(inquiry)
    try:
        while True:
            asks = inquiry.send({ask: rows.get((ask.side, ask.level), ()) for ask in asks})
    except StopIteration as ended:
        return ended.value


def test_in_4_a_series_without_modality_is_reported_as_undecided():
    rows = {
        (Side.PACS, Level.STUDY): [StudyRow("1", RECENT)],
        (Side.PACS, Level.SERIES): [SeriesRow("1", "1.1", "CT"), SeriesRow("1", "1.2")],
    }
    assert answer(rows) == Difference(series=(Entity("1", "1.1"),), undecided=(Entity("1", "1.2"),))


def test_in_4_a_study_listed_twice_with_other_counts_is_looked_at_deeper():
    one = StudyRow("1", RECENT, ("CT",), 1, 1)
    rows: dict[tuple[Side, Level], Sequence[Row]] = {
        (Side.PACS, Level.STUDY): [one, replace(one, instance_count=2)],
        (Side.ARCHIVE, Level.STUDY): [one],
        (Side.PACS, Level.SERIES): [SeriesRow("1", "1.1", "CT", 2), SeriesRow("2", "2.1", "CT", 9)],
        (Side.ARCHIVE, Level.SERIES): [SeriesRow("1", "1.1", "CT", 1)],
        (Side.PACS, Level.IMAGE): [InstanceRow("1", "1.1", "7"), InstanceRow("1", "1.1", "8")],
        (Side.ARCHIVE, Level.IMAGE): [InstanceRow("1", "1.1", "8")],
    }
    assert answer(rows) == Difference(instances=(Entity("1", "1.1", "7"),))


@pytest.mark.parametrize(
    ("barren", "level", "value"),
    [
        pytest.param(Side.PACS, Level.SERIES, "1 study without content", id="pacs-series"),
        pytest.param(Side.ARCHIVE, Level.SERIES, "1 study without content", id="archive-series"),
        pytest.param(Side.ARCHIVE, Level.IMAGE, "1 series without content", id="archive-instances"),
    ],
)
def test_in_4_a_peer_that_lists_a_parent_and_nothing_in_it_is_not_believed(barren, level, value):
    rows: dict[tuple[Side, Level], Sequence[Row]] = {
        (side, asked): {
            Level.STUDY: [StudyRow("1", RECENT, ("CT",))],
            Level.SERIES: [SeriesRow("1", "1.1", "CT")],
            Level.IMAGE: [InstanceRow("1", "1.1", "7")],
        }[asked]
        for side in Side
        for asked in Level
        if (side, asked) != (barren, level)
    }
    with pytest.raises(DicomError) as caught:
        answer(rows)
    assert caught.value.facts[:3] == ("GW515", f"{barren}.find", value)


SMALL = st.integers(1, 3)
INSTANCES = st.builds(
    lambda study, series, instance: Instance(
        f"{study}",
        f"{study}.{series}",
        f"{study}.{series}.{instance}",
        ("CT", "MR", "SR")[(study + series) % 3],
        OLD if study == 4 else RECENT,
    ),
    st.integers(1, 4),
    SMALL,
    SMALL,
)
HOLDINGS = st.frozensets(INSTANCES, max_size=25)
TRAITS = st.fixed_dictionaries({"counts": st.booleans(), "relational": st.booleans()})
PUBLISHED = st.sampled_from([Published(12), Published(12, ("CT",)), Published(1200, ("CT", "MR"))])


def published_of(pacs: frozenset[Instance], rule: Published) -> frozenset[Instance]:
    return frozenset(
        one
        for one in pacs
        if one.study_date is not None
        and one.study_date >= rule.cutoff(TODAY)
        and (not rule.modalities or one.modality in rule.modalities)
    )


def check(pacs: MemoryPeer, archive: MemoryPeer, rule: Published, *, deep: bool) -> None:
    before = frozenset(archive.instances)
    wanted = published_of(frozenset(pacs.instances), rule) - before
    difference = differ(pacs, archive, rule, deep=deep)
    sent = [one for move in difference.moves() for one in pacs.selected(move)]
    assert len(sent) == len(set(sent))  # nothing twice
    assert set(sent) == wanted  # everything published, nothing that is there, nothing unpublished
    pacs.destination = archive
    for move in difference.moves():
        pacs.move(PATIENT, move, "ARCHIVE")
    again = differ(pacs, archive, rule, deep=deep)
    assert not list(again.moves())


@settings(max_examples=150, deadline=None)
@given(HOLDINGS, HOLDINGS, TRAITS, TRAITS, PUBLISHED)
def test_in_4_deep_comparison_of_any_two_patients_brings_all_and_nothing_twice(ours, theirs, one, other, rule):
    check(MemoryPeer(set(ours), **one), MemoryPeer(set(theirs), **other), rule, deep=True)


@settings(max_examples=150, deadline=None)
@given(HOLDINGS, st.data(), TRAITS, TRAITS, PUBLISHED, st.booleans())
def test_in_4_shallow_comparison_brings_all_when_the_archive_holds_a_part(ours, data, one, other, rule, known):
    part = data.draw(st.frozensets(st.sampled_from(sorted(ours)))) if ours else frozenset()
    pacs = MemoryPeer(set(ours), modalities_in_study=known, **one)
    check(pacs, MemoryPeer(set(part), **other), rule, deep=False)


@settings(max_examples=60, deadline=None)
@given(HOLDINGS, HOLDINGS, PUBLISHED, st.randoms(use_true_random=False))
def test_in_4_difference_does_not_depend_on_the_order_of_answers(ours, theirs, rule, dice: random.Random):
    class Shuffled(MemoryPeer):
        def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
            rows = list(super().find(patient, ask))
            dice.shuffle(rows)
            return tuple(rows)

    pacs, archive = set(ours), set(theirs)
    expected = differ(MemoryPeer(pacs, counts=False), MemoryPeer(archive), rule)
    assert differ(Shuffled(pacs, counts=False), Shuffled(archive), rule) == expected
