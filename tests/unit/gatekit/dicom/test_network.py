"""Real associations on loopback: round trips, difference, moves, and every way a peer can fail."""

from __future__ import annotations

import logging
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from pydicom import config as pydicom_config
from pydicom.dataset import Dataset
from pynetdicom import _config as pynetdicom_config

from gatekit.dicom.association import _REJECTIONS
from gatekit.dicom.inquiry import find_difference
from gatekit.dicom.model import Ask, Difference, Entity, Level, Move, MoveOutcome, Patient, Published, Side, StudyRow
from gatekit.dicom.network import DicomPeer, Timeouts
from gatekit.dicom.statuses import MoveIncompleteError, Service
from gatekit.errors import DicomError
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, ScriptedPeer, answer, real_instances

pytestmark = pytest.mark.peer

PATIENT = Patient(PATIENT_ID)
TODAY = date(2026, 11, 23)
ALL = Published(1200)
STUDIES = Ask(Side.PACS, Level.STUDY)
QUICK = Timeouts(connect_s=2, association_s=2, find_s=0.4, move_s=0.4)
INSTANCES = real_instances()


def gateway(peer: ScriptedPeer, timeouts: Timeouts | None = None) -> DicomPeer:
    return DicomPeer(peer.peer, "GATEWAY", timeouts)


def synchronise(pacs: ScriptedPeer, archive: ScriptedPeer, *, deep: bool = False) -> Difference:
    """Find the difference and move it, each peer on one association."""
    with gateway(pacs) as source, gateway(archive) as ours:
        difference = find_difference(PATIENT, {Side.PACS: source, Side.ARCHIVE: ours}, ALL, TODAY, deep=deep)
        for move in difference.moves():
            source.move(PATIENT, move, "ARCHIVE")
    assert (pacs.associations, archive.associations) == (1, 1)
    return difference


def levels(requests: list[Dataset]) -> list[str]:
    return [str(one.QueryRetrieveLevel) for one in requests]


def entity(dataset: Dataset) -> Entity:
    return Entity(dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID)


def without(study: Entity | None = None, series: Entity | None = None, instance: Entity | None = None):
    gone = [one for one in (study, series, instance) if one]

    def is_gone(found: Entity) -> bool:
        return found in gone or Entity(found.study, found.series) in gone or Entity(found.study) in gone

    return {uid: one for uid, one in INSTANCES.items() if not is_gone(entity(one))}


def test_in_3_an_empty_archive_gets_every_study_of_the_patient():
    with ScriptedPeer("ARCHIVE") as archive, ScriptedPeer("PACS", dict(INSTANCES)) as pacs:
        pacs.destinations["ARCHIVE"] = archive
        difference = synchronise(pacs, archive)
        assert len(difference.studies) == len({one.StudyInstanceUID for one in INSTANCES.values()}) == 4
        assert (levels(pacs.finds), levels(archive.finds)) == (["STUDY"], ["STUDY", "STUDY"])
        assert levels(pacs.moves) == ["STUDY"] * 4
        assert archive.stored.keys() == INSTANCES.keys()


def test_in_4_a_missing_study_series_and_instance_are_moved_and_nothing_else():
    found = sorted(entity(one) for one in INSTANCES.values())
    uids = sorted({one.study for one in found})
    study = Entity(uids[0])
    series = next(Entity(one.study, one.series) for one in found if one.study == uids[1])
    largest = Counter((one.study, one.series) for one in found if one.study in uids[2:]).most_common(1)[0][0]
    instance = next(one for one in found if (one.study, one.series) == largest)
    kept = without(study, series, instance)
    with ScriptedPeer("ARCHIVE", dict(kept)) as archive, ScriptedPeer("PACS", dict(INSTANCES)) as pacs:
        pacs.destinations["ARCHIVE"] = archive
        assert synchronise(pacs, archive) == Difference((study,), (series,), (instance,))
        assert levels(pacs.finds) == ["STUDY", "SERIES", "SERIES", "IMAGE"]
        assert levels(archive.finds) == ["STUDY", "STUDY", "SERIES", "SERIES", "IMAGE"]  # twice before it is missing
        assert levels(pacs.moves) == ["STUDY", "SERIES", "IMAGE"]
        assert pacs.moves[2].SOPInstanceUID == instance.instance
        assert archive.stored.keys() == INSTANCES.keys()  # a C-STORE of what is there would have failed with 0111


@pytest.mark.parametrize(
    ("counts", "relational", "deep", "finds"),
    [
        pytest.param(True, False, False, ["STUDY"], id="counts"),
        pytest.param(True, True, True, ["STUDY", "SERIES", "IMAGE"], id="deep-relational"),
        pytest.param(False, True, False, ["STUDY", "SERIES", "IMAGE"], id="no-counts-relational"),
        pytest.param(False, False, False, ["STUDY", *["SERIES"] * 4, *["IMAGE"] * 9], id="no-counts"),
    ],
)
def test_in_4_unchanged_patient_costs_few_round_trips(counts, relational, deep, finds):
    traits = {"counts": counts, "relational": relational}
    with ScriptedPeer("ARCHIVE", INSTANCES, **traits) as archive, ScriptedPeer("PACS", INSTANCES, **traits) as pacs:
        assert synchronise(pacs, archive, deep=deep) == Difference()
        assert (levels(pacs.finds), levels(archive.finds), pacs.moves) == (finds, finds, [])


def failure(act) -> tuple[str, str, object]:
    with pytest.raises(DicomError) as caught:
        act()
    return caught.value.facts[:3]


def test_in_2_a_wrong_called_ae_title_is_refused_with_the_reason():
    with ScriptedPeer("PACS", INSTANCES) as pacs:
        pacs.ae_title = "OTHER"
        with pytest.raises(DicomError) as caught:
            gateway(pacs).find(PATIENT, STUDIES)
        value = "called OTHER, calling GATEWAY: source 1, reason 7"
        assert caught.value.facts == ("GW502", "other.association", value, _REJECTIONS[1, 7])


def test_in_2_a_peer_that_is_down_is_named_with_its_address():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pacs = ScriptedPeer("PACS")
    pacs.port = port
    expected = ("GW501", "pacs.association", f"127.0.0.1 port {port}")
    assert failure(lambda: gateway(pacs, QUICK).find(PATIENT, STUDIES)) == expected


def test_in_2_a_peer_that_takes_the_connection_and_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        pacs = ScriptedPeer("PACS")
        pacs.port = silent.getsockname()[1]
        timeouts = Timeouts(association_s=0.3)
        expected = ("GW504", "pacs.association", "no answer in 0.3 s")
        assert failure(lambda: gateway(pacs, timeouts).find(PATIENT, STUDIES)) == expected


def test_in_2_a_peer_that_hangs_up_during_the_association_is_told_apart_from_silence():
    with socket.create_server(("127.0.0.1", 0)) as server:
        pacs = ScriptedPeer("PACS")
        pacs.port = server.getsockname()[1]

        def accept_and_close() -> None:
            server.accept()[0].close()

        hang_up = threading.Thread(target=accept_and_close)
        hang_up.start()
        expected = ("GW503", "pacs.association", "connection closed")
        assert failure(lambda: gateway(pacs, QUICK).find(PATIENT, STUDIES)) == expected
        hang_up.join()


def test_in_2_a_peer_without_c_move_is_refused_before_anything_is_sent():
    with ScriptedPeer("ARCHIVE", INSTANCES, services=(Service.FIND,)) as archive, gateway(archive) as peer:
        assert len(peer.find(PATIENT, STUDIES)) == 4
        expected = ("GW505", "archive.move", "no presentation context accepted")
        assert failure(lambda: peer.move(PATIENT, Move(Level.STUDY, "1"), "ARCHIVE")) == expected


def one_row() -> Dataset:
    return answer(StudyRow("1.2.3"))


def test_in_2_an_abort_in_the_middle_of_a_find_is_an_error_and_no_short_answer():
    def script(event) -> Iterator[tuple[int, Dataset | None]]:
        yield 0xFF00, one_row()
        event.assoc.abort()

    with ScriptedPeer("PACS", INSTANCES, find_script=script) as pacs, gateway(pacs) as peer:
        assert failure(lambda: peer.find(PATIENT, STUDIES)) == ("GW503", "pacs.find", "A-ABORT received")
        pacs.find_script = None
        assert len(peer.find(PATIENT, STUDIES)) == 4  # on a new association
        assert pacs.associations == 2


def test_in_2_a_find_on_an_association_the_peer_has_dropped_is_repeated_on_a_new_one():
    with ScriptedPeer("PACS", INSTANCES) as pacs, gateway(pacs) as peer:
        first = peer.find(PATIENT, STUDIES)

        def hang_up_once(event) -> Iterator[tuple[int, Dataset | None]]:
            pacs.find_script = None
            yield 0xFF00, one_row()
            event.assoc.abort()

        pacs.find_script = hang_up_once
        assert peer.find(PATIENT, STUDIES) == first
        assert (len(pacs.finds), pacs.associations) == (3, 2)
        pacs.drop_associations()
        assert peer.find(PATIENT, STUDIES) == first
        assert pacs.associations == 3


@pytest.mark.parametrize("service", Service)
def test_in_2_a_peer_that_stays_silent_is_given_up_after_the_limit(service):
    def script(event) -> Iterator[tuple[int, Dataset | None]]:
        pacs.hold.wait(5)
        yield 0x0000, None

    with ScriptedPeer("PACS", INSTANCES, find_script=script, move_script=script) as pacs:
        peer = gateway(pacs, QUICK)
        act = {
            Service.FIND: lambda: peer.find(PATIENT, STUDIES),
            Service.MOVE: lambda: peer.move(PATIENT, Move(Level.STUDY, "1"), "PACS"),
        }[service]
        assert failure(act) == ("GW504", f"pacs.{service.value}", "no answer in 0.4 s")
        pacs.hold.set()


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        pytest.param([(0xFF00, one_row()), (0x0000, None)], 1, id="pending-then-success"),
        pytest.param([(0xFF01, one_row()), (0xFF01, one_row()), (0x0000, None)], 2, id="optional-keys-not-supported"),
        pytest.param([(0x0000, None)], 0, id="nothing"),
        pytest.param([(0x0107, None)], 0, id="warning"),
        pytest.param([(0xFF00, one_row()), (0xA700, None)], "GW506", id="out-of-resources-in-the-middle"),
        pytest.param([(0xA900, None)], "GW507", id="identifier"),
        pytest.param([(0xC001, None)], "GW509", id="unable-to-process"),
        pytest.param([(0x0124, None)], "GW511", id="not-authorised"),
        pytest.param([(0xFE00, None)], "GW512", id="cancelled"),
    ],
)
def test_in_2_statuses_of_a_find_end_as_rows_or_as_an_error(responses, expected):
    with ScriptedPeer("PACS", INSTANCES, find_script=lambda _: iter(responses)) as pacs, gateway(pacs) as peer:
        if isinstance(expected, int):
            assert len(peer.find(PATIENT, STUDIES)) == expected
        else:
            assert failure(lambda: peer.find(PATIENT, STUDIES))[0] == expected


def test_in_2_an_unknown_destination_is_reported_with_what_to_enter_at_the_pacs():
    with ScriptedPeer("PACS", INSTANCES) as pacs, gateway(pacs) as peer:
        expected = ("GW508", "pacs.move", "0xA801 move destination unknown (PS3.4 C.4.2.1.5)")
        assert failure(lambda: peer.move(PATIENT, Move(Level.STUDY, "1"), "NOBODY")) == expected


def test_in_2_sub_operations_that_failed_are_counted_and_named():
    one, *_ = INSTANCES.values()
    move = Move(Level.STUDY, one.StudyInstanceUID)
    twice = {uid: other for uid, other in INSTANCES.items() if other.StudyInstanceUID == one.StudyInstanceUID}
    stored = {str(one.SOPInstanceUID): one}  # the archive refuses what it has
    with ScriptedPeer("ARCHIVE", dict(stored)) as archive, ScriptedPeer("PACS", INSTANCES) as pacs:
        pacs.destinations["ARCHIVE"] = archive
        with gateway(pacs) as peer, pytest.raises(MoveIncompleteError) as caught:
            peer.move(PATIENT, move, "ARCHIVE")
        expected = MoveOutcome(len(twice) - 1, 1, 0, (str(one.SOPInstanceUID),))
        assert (caught.value.code, caught.value.outcome) == ("GW510", expected)
        assert archive.stored.keys() == twice.keys()
        assert str(one.SOPInstanceUID) not in str(caught.value)


def test_in_2_an_abort_in_the_middle_of_a_move_is_not_repeated():
    def script(event) -> Iterator[tuple[int, Dataset | None]]:
        event.assoc.abort()
        yield 0xFF00, None

    with ScriptedPeer("PACS", INSTANCES, move_script=script) as pacs, gateway(pacs) as peer:
        peer.find(PATIENT, STUDIES)
        code, path, _ = failure(lambda: peer.move(PATIENT, Move(Level.STUDY, "1"), "PACS"))
        assert (code, path, len(pacs.moves)) == ("GW503", "pacs.move", 1)


def test_in_2_nagles_delay_is_off():
    with ScriptedPeer("PACS", INSTANCES) as pacs, gateway(pacs) as peer:
        peer.find(PATIENT, STUDIES)
        connection = peer._kept.established().dul.socket.socket
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.parametrize(
    ("switched_on", "leaks"), [pytest.param(False, False, id="as-we-set-it"), pytest.param(True, True, id="proof")]
)
def test_in_2_patients_stand_in_no_log_even_when_an_answer_is_malformed(monkeypatch, caplog, switched_on, leaks):
    caplog.set_level(logging.DEBUG)
    malformed = one_row()
    malformed.add_new("StudyDate", "DA", "")
    with ScriptedPeer("PACS", INSTANCES, find_script=lambda _: iter([(0xFF00, malformed), (0x0000, None)])) as pacs:
        peer = gateway(pacs)
        silenced = (pynetdicom_config.LOG_REQUEST_IDENTIFIERS, pynetdicom_config.LOG_RESPONSE_IDENTIFIERS)
        assert silenced == (False, False)
        assert pydicom_config.settings.reading_validation_mode == pydicom_config.IGNORE
        if switched_on:
            monkeypatch.setattr(pynetdicom_config, "LOG_REQUEST_IDENTIFIERS", True)
        peer.find(PATIENT, STUDIES)
        peer.close()
    assert "pynetdicom" in caplog.text
    assert (PATIENT_ID in caplog.text) is leaks


def test_in_2_an_association_about_to_reach_its_idle_limit_is_replaced_before_a_request_and_not_in_it():
    with ScriptedPeer("PACS", INSTANCES) as pacs, gateway(pacs, Timeouts(idle_s=0.5)) as peer:
        peer.find(PATIENT, STUDIES)
        threading.Event().wait(0.4)  # still open, 0.1 s before its end
        assert peer._kept.is_open
        peer.find(PATIENT, STUDIES)
        assert (pacs.associations, len(pacs.finds)) == (2, 2)
        peer.find(PATIENT, STUDIES)
        assert pacs.associations == 2
