"""IN-3 and IN-4 with real peers: everything once, then exactly what changed, counted at the PACS and at the archive."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
from pydicom.data import get_testdata_files

from gatekit.dicom.model import Difference, Entity, Level
from tests.stories.dicom.counting import Count
from tests.stories.dicom.lab import Lab
from tests.stories.dicom.studies import Slice, slices
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, real_instances

pytestmark = pytest.mark.story

ONE = tuple(slices("1001", 3, 2, 4))
TWO = tuple(slices("1002", 2, 3, 3))
MANY = tuple(slices("1100", 100, 1, 2))


def entity(one: Slice) -> Entity:
    return Entity(one.study_uid, one.series_uid, one.instance_uid)


@pytest.fixture(scope="module")
def filled(lab: Lab) -> Lab:
    """The lab whose PACS has three patients: two of ours, and pydicom's own test files."""
    lab.acquire((*ONE, *TWO), side=256)
    folder = lab.folder / "pydicom"
    folder.mkdir()
    for number, name in enumerate(get_testdata_files("dicomdirtests/98892*/*/*")):
        shutil.copy(name, folder / f"{number}.dcm")
    lab.acquire_files(folder)
    return lab


def test_in_3_an_empty_archive_gets_all_studies_of_three_patients_once(filled: Lab):
    links, count = filled.links(parallel_moves=2), Count(filled)
    real = real_instances()
    ours = {one.instance_uid for one in (*ONE, *TWO)}
    done = [count.sync(links, patient) for patient in ("1001", "1002", PATIENT_ID)]
    links.close()
    assert [len(one.difference.studies) for one in done] == [3, 2, len({one.StudyInstanceUID for one in real.values()})]
    assert filled.archive.instances() == ours | real.keys()
    studies = sum(len(one.difference.studies) for one in done)
    said = count.since()
    assert (said["moves"], said["stores"]) == (studies, len(ours) + len(real))
    assert sum(outcome.completed for _, outcome in count.outcomes) == len(ours) + len(real)
    assert filled.archive.rest("/statistics")["CountInstances"] == len(ours) + len(real)
    assert Counter(filled.archive.arrivals()).most_common(1)[0][1] == 1


def test_in_4_exactly_what_was_added_or_replaced_is_moved(filled: Lab):
    links, count = filled.links(parallel_moves=2), Count(filled)
    study = tuple(one for one in slices("1001", 4, 2, 2) if one.study == 4)
    series = tuple(Slice("1001", 1, 3, number) for number in (1, 2, 3))
    instance = Slice("1001", 2, 1, 5)
    old, new = Slice("1001", 3, 1, 2), Slice("1001", 3, 1, 2, version=2)
    arrived = len(filled.archive.arrivals())
    filled.acquire((*study, *series, instance, new))
    filled.pacs.forget([old.instance_uid])

    shallow = count.sync(links, "1001")
    counts_hide_it = filled.kind == "orthanc"  # one gone, one come: 4 images as before
    lacking = Difference(
        studies=(Entity(study[0].study_uid),),
        series=(Entity(series[0].study_uid, series[0].series_uid),),
        instances=(entity(instance),) if counts_hide_it else (entity(instance), entity(new)),
        only_in_archive=() if counts_hide_it else (entity(old),),
    )
    assert shallow.difference == lacking
    deep = count.sync(links, "1001", deep=True)
    late = (entity(new),) if counts_hide_it else ()
    assert deep.difference == Difference(instances=late, only_in_archive=(entity(old),))
    assert count.sync(links, "1001", deep=True).difference == Difference(only_in_archive=(entity(old),))
    links.close()

    brought = [one.instance_uid for one in (*study, *series, instance, new)]
    assert sorted(filled.archive.arrivals()[arrived:]) == sorted(brought)
    said = count.since()
    assert (said["moves"], said["stores"]) == (4, len(brought))
    assert Counter(move.level for move, _ in count.outcomes) == {Level.STUDY: 1, Level.SERIES: 1, Level.IMAGE: 2}
    assert shallow.moved_instances + deep.moved_instances == len(brought)


def test_in_4_an_unchanged_patient_of_100_studies_costs_few_exchanges(filled: Lab):
    filled.acquire(MANY, side=16)
    links = filled.links(parallel_moves=4)
    Count(filled).sync(links, "1100")
    count = Count(filled)
    done = count.sync(links, "1100")
    links.close()
    assert done.difference == Difference()
    assert (done.exchanges, count.since()["stores"]) == (count.since()["finds"], 0)
    if filled.kind == "orthanc":  # both sides return counts
        assert done.exchanges == 2
    else:  # study, series and image level at the PACS, lists of 64 at the archive
        assert done.exchanges == (1 + 100 + 100) + (1 + 2 + 2)


def test_in_4_lists_of_uids_are_followed_by_both(filled: Lab):
    """Measured: neither negotiates relational queries, both take lists of UIDs in a C-MOVE."""
    patient = tuple(slices("1200", 1, 4, 6))
    filled.acquire(patient, side=32)
    links = filled.links()
    Count(filled).sync(links, "1200")
    gone = [one.instance_uid for one in patient if one.series in {2, 3} or (one.series == 1 and one.number < 4)]
    filled.archive.forget(gone)
    count = Count(filled)
    done = count.sync(links, "1200")
    links.close()
    assert done.moved_instances == len(gone) == 15
    assert [(len(move.series), len(move.instances)) for move, _ in count.outcomes] == [(2, 0), (1, 3)]
    said = count.since()
    assert (said["moves"], said["stores"]) == (2, 15)
