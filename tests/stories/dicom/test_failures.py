"""Real peers that are down, refuse, die in the middle, are full or lose things: a code each, and nothing is lost."""

from __future__ import annotations

import threading
import time

import pytest

from gatekit.dicom.model import Difference, Entity, Move
from gatekit.dicom.statuses import MoveIncompleteError
from gatekit.dicom.synchronise import Links, NotArrivedError
from gatekit.errors import DicomError
from tests.stories.dicom.counting import Count
from tests.stories.dicom.lab import Lab
from tests.stories.dicom.studies import Slice, dataset, slices

pytestmark = pytest.mark.story

LOST = Slice("6100", 1, 1, 2)
FORGETS = """function ReceivedInstanceFilter(dicom, origin)
  return dicom.SOPInstanceUID ~= "%s"
end
"""


def failure(lab: Lab, links: Links, patient: str) -> DicomError:
    with pytest.raises(DicomError) as caught:
        Count(lab).sync(links, patient)
    return caught.value


@pytest.mark.parametrize("side", ["pacs", "archive"])
def test_in_2_a_peer_that_is_down_is_named_and_nothing_is_lost(lab: Lab, side):
    patient = f"60{len(side)}"
    lab.acquire(slices(patient, 1, 1, 2))
    peer, links = {"pacs": lab.pacs, "archive": lab.archive}[side], lab.links()
    peer.kill()
    error = failure(lab, links, patient)
    name = {"pacs": "main_pacs", "archive": "archive"}[side]
    assert error.facts[:3] == ("GW501", f"{name}.association", f"{peer.address} port 11112")
    peer.start_again()
    assert Count(lab).sync(links, patient).moved_instances == 2
    links.close()


def test_in_2_a_called_ae_title_the_pacs_does_not_have_is_refused(lab: Lab):
    links = lab.links(ae_title="NOBODY")
    assert failure(lab, links, "6001").facts[:2] == ("GW502", "main_pacs.association")


def test_in_2_an_archive_the_pacs_does_not_know_gets_nothing_and_the_fix_is_told(lab: Lab):
    lab.acquire(slices("6002", 1, 1, 1))
    links, count = lab.links(of_plan={"archive_ae_title": "ELSEWHERE"}), Count(lab)
    error = failure(lab, links, "6002")
    links.close()
    # PS3.4 C.4.2.1.5 has a status of its own for this, 0xA801; Orthanc answers whatever hinders it with 0xC000
    assert error.facts[:2] == ({"orthanc": "GW509", "dcmqrscp": "GW508"}[lab.kind], "main_pacs.move")
    assert "C-MOVE destination" in error.fix
    assert count.since()["stores"] == 0


def test_in_2_a_pacs_that_dies_in_mid_move_is_asked_for_the_rest_alone_when_it_is_back(lab: Lab):
    ones = tuple(slices("6003", 1, 2, 60))
    lab.acquire(ones, side=512)
    already = lab.archive.rest("/statistics")["CountInstances"]
    links = lab.links()

    def pull_the_plug() -> None:
        while lab.archive.rest("/statistics")["CountInstances"] < already + 5:
            time.sleep(0.005)
        lab.pacs.kill()

    killer = threading.Thread(target=pull_the_plug)

    def start_killer(_: Move) -> None:
        killer.start()

    with pytest.raises(DicomError) as caught:
        Count(lab).sync(links, "6003", before=start_killer)
    killer.join()
    assert caught.value.facts[:2] == ("GW503", "main_pacs.move")
    arrived = lab.archive.rest("/statistics")["CountInstances"] - already
    assert 5 <= arrived < len(ones)
    lab.pacs.start_again()
    count = Count(lab)
    assert count.sync(links, "6003").moved_instances == len(ones) - arrived
    links.close()
    assert count.since()["stores"] == len(ones) - arrived
    assert {one.instance_uid for one in ones} <= lab.archive.instances()


def test_in_2_a_full_archive_is_reported_and_gets_all_when_there_is_room(lab: Lab):
    ones = tuple(slices("6004", 2, 1, 3))
    lab.acquire(ones)
    patients = lab.archive.rest("/statistics")["CountPatients"]
    _restart_archive(lab, {"MaximumPatientCount": patients or 1, "MaximumStorageMode": "Reject"})
    links = lab.links()
    full = failure(lab, links, "6004")
    if lab.kind == "orthanc":  # it stops at the first C-STORE that fails and counts nothing
        assert full.facts[:2] == ("GW509", "main_pacs.move")
    else:
        assert isinstance(full, MoveIncompleteError)
        assert (full.code, full.outcome.completed, full.outcome.failed) == ("GW510", 0, len(ones))
    _restart_archive(lab, {})
    assert Count(lab).sync(links, "6004").moved_instances == len(ones)
    links.close()


def test_in_4_what_the_archive_takes_and_does_not_keep_is_reported_once_and_not_moved_endlessly(lab: Lab):
    lab.acquire(slices("6100", 1, 1, 4))
    (lab.folder / "forgets.lua").write_text(FORGETS % LOST.instance_uid)
    _restart_archive(lab, {"LuaScripts": ["/srv/lab/forgets.lua"]})
    links = lab.links()
    first = Count(lab).sync(links, "6100")  # the study arrives, so it is told by the next comparison
    assert first.difference.studies == (Entity(LOST.study_uid),)
    error = failure(lab, links, "6100")
    assert isinstance(error, NotArrivedError)
    lost = Entity(LOST.study_uid, LOST.series_uid, LOST.instance_uid)
    assert (error.code, error.value, error.entities) == ("GW518", "1 at image level", (lost,))
    count = Count(lab)
    for deep in (False, True, False):
        assert count.sync(links, "6100", deep=deep).difference == Difference(withheld=(lost,))
    assert count.since()["moves"] == 0
    _restart_archive(lab, {})
    links.close()
    links = lab.links()
    assert Count(lab).sync(links, "6100").moved_instances == 1
    links.close()


def test_in_4_one_sop_instance_uid_in_two_series_ends_in_the_same_state_on_every_run(lab: Lab):
    """Measured: Orthanc keeps both, dcmqrscp the newer one alone; either way the archive ends up with the same."""
    one, other, third = Slice("6200", 1, 1, 1), Slice("6200", 1, 2, 1), Slice("6200", 1, 2, 2)
    twin = dataset(other, SOPInstanceUID=one.instance_uid)
    twin.file_meta.MediaStorageSOPInstanceUID = twin.SOPInstanceUID
    lab.acquire_datasets(dataset(one), dataset(third))
    lab.acquire_datasets(twin)
    links, count = lab.links(), Count(lab)
    kept = {"orthanc": 3, "dcmqrscp": 2}[lab.kind]
    assert [count.sync(links, "6200", deep=deep).moved_instances for deep in (False, True, True)] == [kept, 0, 0]
    links.close()
    assert count.since()["stores"] == kept


def _restart_archive(lab: Lab, settings: dict[str, object]) -> None:
    lab.archive.settings = settings
    lab.archive.up(lab.image)
