"""Links to one PACS and the archive over real sockets: what is moved, how many at once, and what never arrives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from ipaddress import IPv4Address

import pytest
from pydicom.dataset import Dataset

from gatekit.dicom.association import Timeouts
from gatekit.dicom.model import Difference, Entity, Level, Move, MoveOutcome, Patient
from gatekit.dicom.statuses import MoveIncompleteError
from gatekit.dicom.synchronise import Links, NotArrivedError, Synchronised
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PatientIdRule
from tests.unit.gatekit.dicom.example import example_plan, example_source
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, ScriptedPeer, real_instances

pytestmark = pytest.mark.peer

PATIENT, TODAY = Patient(PATIENT_ID), date(2026, 11, 23)
INSTANCES = real_instances()
STUDIES = {str(one.StudyInstanceUID) for one in INSTANCES.values()}
SERIES = {(str(one.StudyInstanceUID), str(one.SeriesInstanceUID)) for one in INSTANCES.values()}
SHORT = Timeouts(connect_s=2, association_s=2, find_s=2, move_s=5, idle_s=5)


@contextmanager
def linked(pacs: ScriptedPeer, archive: ScriptedPeer, **changes: object) -> Iterator[Links]:
    """Start both and yield the links between them; ``changes`` are the PACS's, except the plan's ``published``."""
    months = changes.pop("published_months", 1200)
    with ExitStack() as running:
        for peer in (pacs, archive):
            running.enter_context(peer)
        pacs.destinations[archive.ae_title] = archive
        source = example_source(
            name="main", ae_title=pacs.ae_title, address=IPv4Address("127.0.0.1"), port=pacs.port, **changes
        )
        plan = example_plan(
            ae_title="GATEWAY",
            archive_ae_title=archive.ae_title,
            archive_port=archive.port,
            published_months=months,
            sources=(source,),
        )
        links = Links(source, plan, SHORT)
        running.callback(links.close)
        yield links


def nothing(*_: object) -> None:
    """Take no note."""


def sync(links: Links, before: Callable[[Move], None] = nothing, after: Callable[..., None] = nothing) -> Synchronised:
    return links.synchronise(PATIENT, TODAY, deep=False, before_move=before, after_move=after)


def caught(act: Callable[[], object]) -> DicomError:
    with pytest.raises(DicomError) as error:
        act()
    return error.value


def levels(requests: list[Dataset]) -> list[str]:
    return [str(one.QueryRetrieveLevel) for one in requests]


def test_in_3_all_studies_come_each_between_its_two_callbacks_and_then_nothing_more():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    told: list[object] = []
    with linked(pacs, archive) as links:
        done = sync(links, told.append, lambda move, outcome: told.append((move, outcome.completed)))
        assert done.moved_instances == len(INSTANCES)
        assert archive.stored.keys() == INSTANCES.keys()
        assert [one[0] for one in told[1::2]] == told[0::2] == [Move(Level.STUDY, one) for one in sorted(STUDIES)]
        assert sync(links) == Synchronised(Difference(), 0, 2)
        assert (len(pacs.moves), pacs.associations, archive.associations) == (len(STUDIES), 1, 1)


def test_in_4_a_study_filed_under_another_id_in_the_archive_is_not_moved_again():
    archive, pacs = ScriptedPeer("ARCHIVE", dict(INSTANCES)), ScriptedPeer("PACS", dict(INSTANCES))

    def by_uid_alone(event) -> Iterator[tuple[int, Dataset | None]]:
        asked = event.identifier
        if asked.QueryRetrieveLevel == "STUDY" and not asked.get("StudyInstanceUID"):
            return
        archive.find_script = None
        yield from archive._find(event)
        archive.find_script = by_uid_alone

    archive.find_script = by_uid_alone
    with linked(pacs, archive) as links:
        assert sync(links) == Synchronised(Difference(), 0, 3)
        assert pacs.moves == []


def test_in_2_no_more_c_moves_at_once_than_the_site_file_allows_over_all_callers():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES), move_takes_s=0.15)
    with linked(pacs, archive, parallel_moves=2) as links, ThreadPoolExecutor(3) as callers:
        done = [callers.submit(sync, links) for _ in range(3)]
        errors = [one.exception() for one in done]
    # three callers move the same studies, and this archive refuses what it has: that is GW510 and nothing else
    assert {error.code for error in errors if isinstance(error, DicomError)} <= {"GW510"}
    assert pacs.most_moves == 2
    assert archive.stored.keys() == INSTANCES.keys()


@pytest.mark.parametrize("parallel_moves", [1, 3])
def test_in_2_as_many_c_moves_run_at_once_as_are_allowed(parallel_moves):
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES), move_takes_s=0.3)
    with linked(pacs, archive, parallel_moves=parallel_moves) as links:
        sync(links)
    assert pacs.most_moves == parallel_moves


@pytest.mark.parametrize("root", ["study_root", "patient_root"])
def test_in_2_either_information_model_brings_the_same(root):
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    kept = dict(list(INSTANCES.items())[::2])
    with linked(pacs, archive, information_model=root) as links:
        archive.stored.update(kept)
        sync(links)
        assert archive.stored.keys() == INSTANCES.keys()
        assert sync(links).exchanges == (3 if root == "patient_root" else 2)
        below = [*pacs.moves, *(one for one in pacs.finds if one.QueryRetrieveLevel in {"SERIES", "IMAGE"})]
        assert {one.get("PatientID") for one in below} == {PATIENT_ID if root == "patient_root" else None}


def test_in_2_two_issuers_of_one_id_are_not_told_apart_in_the_patient_root_and_refused():
    archive = ScriptedPeer("ARCHIVE")
    pacs = ScriptedPeer("PACS", dict(INSTANCES), issuers=("EAST", "WEST"))
    with linked(pacs, archive, information_model="patient_root") as links:
        assert caught(lambda: sync(links)).facts[:3] == ("GW516", "main.find", "<two issuers>")
        assert pacs.moves == []


def test_in_2_a_patient_of_another_issuer_has_nothing_in_a_patient_root_pacs():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES), issuers=("WEST",))
    rule = PatientIdRule(digits=None, issuer="EAST")
    with linked(pacs, archive, information_model="patient_root", patient_id=rule) as links:
        assert sync(links).difference == Difference()


@pytest.mark.parametrize("lists", ["first", "refused"])
@pytest.mark.parametrize("level", [Level.SERIES, Level.IMAGE])
def test_in_4_a_pacs_without_uid_lists_is_found_out_and_asked_one_by_one_from_then_on(lists, level):
    """PS3.4 C.4.2.1.4.1: what a list did not bring is moved one by one, nothing twice."""
    study, series = max(SERIES, key=lambda one: sum(str(i.SeriesInstanceUID) == one[1] for i in INSTANCES.values()))
    in_series = [uid for uid, one in INSTANCES.items() if str(one.SeriesInstanceUID) == series]
    kept = {uid: one for uid, one in INSTANCES.items() if uid not in in_series[1:]}
    if level is Level.SERIES:
        study = max(STUDIES, key=lambda one: len([1 for owner, _ in SERIES if owner == one]))
        first = min(uid for owner, uid in SERIES if owner == study)
        kept = {u: i for u, i in INSTANCES.items() if i.StudyInstanceUID != study or i.SeriesInstanceUID == first}
    archive, pacs = ScriptedPeer("ARCHIVE", dict(kept)), ScriptedPeer("PACS", dict(INSTANCES), lists=lists)
    missing = INSTANCES.keys() - kept.keys()
    asked: list[Move] = []
    with linked(pacs, archive) as links:
        done = sync(links, asked.append)
        assert done.moved_instances == len(missing)  # this archive refuses what it has: none came twice
        assert archive.stored.keys() == INSTANCES.keys()
        assert asked[0].level is level
        assert max(len(asked[0].series), len(asked[0].instances)) > 1
        assert {max(len(one.series), len(one.instances)) for one in asked[1:]} == {1}
        for uid in missing:
            del archive.stored[uid]
        asked.clear()
        sync(links, asked.append)
        assert {max(len(one.series), len(one.instances)) for one in asked} == {1}


def test_in_4_what_the_pacs_calls_sent_and_the_archive_has_not_is_reported_once_and_then_withheld():
    """The same SOP Instance UID in two series, for one: the archive keeps one of them."""
    lost = next(iter(INSTANCES))
    one = INSTANCES[lost]
    entity = Entity(one.StudyInstanceUID, one.SeriesInstanceUID, lost)
    siblings = [uid for uid, other in INSTANCES.items() if other.SeriesInstanceUID == one.SeriesInstanceUID]
    if len(siblings) == 1:
        entity = Entity(entity.study, entity.series)
    kept = {uid: other for uid, other in INSTANCES.items() if uid != lost}
    if not any(other.StudyInstanceUID == one.StudyInstanceUID for other in kept.values()):
        entity = Entity(entity.study)
    archive = ScriptedPeer("ARCHIVE", dict(kept), loses=frozenset({lost}))
    pacs = ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive) as links:
        error = caught(lambda: sync(links))
        assert isinstance(error, NotArrivedError)
        assert (error.code, error.entities, len(pacs.moves)) == ("GW518", (entity,), 1)
        for _ in range(3):
            assert sync(links).difference == Difference(withheld=(entity,))
        assert len(pacs.moves) == 1
        archive.stored[lost] = one
        assert sync(links).difference == Difference()


def test_in_2_failed_sub_operations_do_not_stop_the_other_moves_and_are_summed_up():
    """An archive that is full answers C-STORE with 0xA700 (PS3.4 B.2.3)."""
    archive, pacs = ScriptedPeer("ARCHIVE", store_status=0xA700), ScriptedPeer("PACS", dict(INSTANCES))
    outcomes: list[MoveOutcome] = []
    with linked(pacs, archive) as links:
        error = caught(lambda: sync(links, after=lambda _, outcome: outcomes.append(outcome)))
        assert isinstance(error, MoveIncompleteError)
        assert error.facts[:3] == ("GW510", "main.move", f"4 C-MOVEs: 0 sent, {len(INSTANCES)} failed")
        assert error.outcome == MoveOutcome(0, len(INSTANCES), 0, tuple(sorted(INSTANCES)))
        assert sum(one.failed for one in outcomes) == len(INSTANCES)
        assert not any(uid in str(error) for uid in INSTANCES)
        archive.store_status = None
        assert sync(links).moved_instances == len(INSTANCES)


def test_in_2_after_an_abort_in_mid_move_only_the_rest_is_moved():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    study = max(STUDIES, key=lambda one: len([1 for i in INSTANCES.values() if i.StudyInstanceUID == one]))
    of_study = {uid: one for uid, one in INSTANCES.items() if one.StudyInstanceUID == study}
    some = dict(list(of_study.items())[: len(of_study) // 2])

    def dies_half_way(event) -> Iterator[tuple[int, Dataset | None]]:
        archive.stored.update(some)
        event.assoc.abort()
        yield 0xFF00, None

    pacs.stored, pacs.move_script = dict(of_study), dies_half_way
    with linked(pacs, archive) as links:
        assert caught(lambda: sync(links)).facts[:2] == ("GW503", "main.move")
        pacs.move_script = None
        assert sync(links).moved_instances == len(of_study) - len(some)  # this archive refuses what it has
        assert archive.stored.keys() == of_study.keys()


def test_in_2_an_error_of_the_peer_or_a_callback_starts_no_further_move():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive) as links:
        destination = pacs.destinations.pop("ARCHIVE")
        assert caught(lambda: sync(links)).code == "GW508"
        assert len(pacs.moves) == 1
        pacs.destinations["ARCHIVE"] = destination

        def refuse(_: Move) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            sync(links, before=refuse)
        assert len(pacs.moves) == 1
        assert sync(links).moved_instances == len(INSTANCES)


def test_in_2_a_pacs_silent_for_longer_than_the_idle_limit_is_waited_for():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES), move_takes_s=1.0)
    with linked(pacs, archive) as links:
        quick = Links(links._source, links._plan, Timeouts(2, 2, 2, 60, idle_s=0.3))
        assert sync(quick).moved_instances == len(INSTANCES)
        quick.close()


def test_in_4_nothing_is_asked_or_moved_when_the_hospital_publishes_no_images():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive, published_months=None) as links:
        for act in (lambda: sync(links), lambda: links.difference(PATIENT, TODAY, deep=False)):
            assert caught(act).facts[:3] == ("GW519", "publication.categories", "no pacs_images")
    assert (pacs.associations, pacs.moves) == (0, [])


def test_in_2_a_request_for_another_issuer_than_the_pacs_s_asks_nobody():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive, patient_id=PatientIdRule(digits=None, issuer="EAST")) as links:
        west = Patient(PATIENT_ID, "WEST")
        assert caught(lambda: links.difference(west, TODAY, deep=False)).code == "GW520"
    assert pacs.associations == 0


def test_in_2_the_id_is_written_as_the_pacs_does_and_the_archive_is_asked_for_the_same():
    archive, pacs = ScriptedPeer("ARCHIVE", dict(INSTANCES)), ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive, patient_id=PatientIdRule(digits=10, issuer="")) as links:
        assert links.difference(Patient(f" 0{PATIENT_ID}"), TODAY, deep=False) == Difference()
    assert [peer.finds[0].PatientID for peer in (pacs, archive)] == [PATIENT_ID.zfill(10)] * 2


def test_in_2_two_pacs_with_two_issuers_of_one_id_bring_each_its_own_patient():
    """The archive answers without issuers and files both under one id; each PACS compares only its own studies."""
    archive = ScriptedPeer("ARCHIVE")
    mine, theirs = sorted(STUDIES)[:2], sorted(STUDIES)[2:]
    for issuer, studies in (("EAST", mine), ("WEST", theirs)):
        pacs = ScriptedPeer("PACS", {u: i for u, i in INSTANCES.items() if i.StudyInstanceUID in studies})
        with linked(pacs, archive, patient_id=PatientIdRule(digits=None, issuer=issuer)) as links:
            found = sync(links).difference
            assert [one.study for one in found.studies] == studies
            assert pacs.finds[0].IssuerOfPatientID == issuer
            assert sync(links).difference.studies == ()
    assert {str(one.get("IssuerOfPatientID") or "") for one in archive.finds if "PatientID" in one} == {""}
    assert archive.stored.keys() == INSTANCES.keys()


@pytest.mark.parametrize("side", ["pacs", "archive"])
def test_in_4_a_peer_that_agrees_to_relational_queries_and_cannot_do_them_is_asked_one_by_one(side):
    archive = ScriptedPeer("ARCHIVE", dict(INSTANCES), counts=False)
    pacs = ScriptedPeer("PACS", dict(INSTANCES), counts=False, relational=side == "pacs")
    liar = pacs if side == "pacs" else archive

    def first_only(event) -> Iterator[tuple[int, Dataset | None]]:
        liar.find_script = None
        if len(event.identifier.get("StudyInstanceUID") or ()) in range(2, 20):
            event.identifier.StudyInstanceUID = event.identifier.StudyInstanceUID[0]
        yield from liar._find(event)
        liar.find_script = first_only

    liar.find_script = first_only
    with linked(pacs, archive) as links:
        assert sync(links).difference == Difference()
        before = len(liar.finds)
        assert sync(links).difference == Difference()
        asked = [one for one in liar.finds[before:] if one.QueryRetrieveLevel == "SERIES"]
        assert len({one.StudyInstanceUID for one in asked}) == len(STUDIES)


def test_in_2_a_peer_that_comes_back_is_used_again_and_close_releases_all():
    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(INSTANCES))
    with linked(pacs, archive) as links:
        sync(links)
        pacs.drop_associations()
        archive.drop_associations()
        assert sync(links).difference == Difference()
        links.close()
        assert not pacs._server.active_associations or threading.Event().wait(0.5) is False
        assert [one for one in pacs._server.active_associations if one.is_established] == []


def test_in_2_a_strict_patient_root_pacs_is_asked_for_issuers_at_patient_level_alone():
    archive, pacs = ScriptedPeer("ARCHIVE", dict(INSTANCES)), ScriptedPeer("PACS", dict(INSTANCES))

    def strict(event) -> Iterator[tuple[int, Dataset | None]]:
        if event.identifier.QueryRetrieveLevel == "STUDY" and "IssuerOfPatientID" in event.identifier:
            yield 0xA900, None
            return
        pacs.find_script = None
        yield from pacs._find(event)
        pacs.find_script = strict

    pacs.find_script = strict
    with linked(pacs, archive, information_model="patient_root") as links:
        # refused, studies, patients and the archive; from then on without what was refused
        assert [sync(links).exchanges for _ in range(2)] == [4, 3]


def test_in_2_an_archive_that_answers_for_others_too_does_not_hide_or_add_anything():
    archive, pacs = ScriptedPeer("ARCHIVE", dict(INSTANCES)), ScriptedPeer("PACS", dict(INSTANCES))

    def somebody_else_as_well(event) -> Iterator[tuple[int, Dataset | None]]:
        archive.find_script = None
        yield from archive._find(event)
        archive.find_script = somebody_else_as_well
        other = Dataset()
        other.PatientID, other.StudyInstanceUID = "SOMEBODY", "1.2.3"
        yield 0xFF00, other

    archive.find_script = somebody_else_as_well
    with linked(pacs, archive) as links:
        assert sync(links).difference == Difference()
