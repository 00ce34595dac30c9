"""Whose images they are: Japanese ids, padded numbers and issuers, as real peers take them."""

from __future__ import annotations

import pytest

from gatekit.dicom.model import Entity, Patient
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PatientIdRule
from tests.stories.dicom.counting import TODAY, Count
from tests.stories.dicom.lab import Lab
from tests.stories.dicom.studies import Slice, dataset

pytestmark = pytest.mark.story

KANJI = ["", "ISO 2022 IR 87"]


@pytest.mark.parametrize("asked_in", ["ISO 2022 IR 87", "ISO_IR 192"])
@pytest.mark.parametrize("stored_in", [KANJI, "ISO_IR 192"], ids=["kanji", "utf-8"])
def test_in_2_an_id_in_kanji_is_found_whatever_it_is_stored_and_asked_in(lab: Lab, asked_in, stored_in):
    number = f"{len(asked_in)}{len(str(stored_in))}"
    one = Slice(f"JP{number}", 1, 1, 1)
    patient = f"患者{number}"
    lab.acquire_datasets(dataset(one, SpecificCharacterSet=stored_in, PatientID=patient))
    links = lab.links(character_set=asked_in)
    assert Count(lab).sync(links, patient).moved_instances == 1
    again = Count(lab).sync(links, patient)
    links.close()
    assert (again.moved_instances, again.difference.only_in_archive) == (0, ())
    assert one.instance_uid in lab.archive.instances()


def test_in_2_a_number_is_asked_for_with_the_zeros_of_the_pacs_and_found_again_in_the_archive(lab: Lab):
    one = Slice("P8", 1, 1, 1)
    lab.acquire_datasets(dataset(one, PatientID="00081234"))
    plain, padded = lab.links(), lab.links(patient_id=PatientIdRule(digits=8, issuer=""))
    assert Count(lab).sync(plain, "81234").moved_instances == 0
    assert [Count(lab).sync(padded, given).moved_instances for given in ("81234", "０００８１２３４")] == [1, 0]
    plain.close()
    padded.close()


@pytest.mark.parametrize("root", ["study_root", "patient_root"])
def test_in_2_an_id_shared_by_two_issuers_is_never_mixed(lab: Lab, root):
    """One PACS that knows both, and two PACS entries, each with the issuer of its own ids."""
    shared = {"study_root": "4711", "patient_root": "4712"}[root]
    east, west = Slice(shared, 1, 1, 1), Slice(shared, 2, 1, 1)
    lab.acquire_datasets(*(dataset(one, IssuerOfPatientID=name) for one, name in ((east, "EAST"), (west, "WEST"))))
    nameless = lab.links(information_model=root)
    with pytest.raises(DicomError) as caught:
        nameless.difference(Patient(shared), TODAY, deep=False)
    nameless.close()
    assert caught.value.facts[:3] == ("GW516", "main_pacs.find", "<two issuers>")
    for own, issuer in ((east, "EAST"), (west, "WEST")):
        links = lab.links(information_model=root, patient_id=PatientIdRule(digits=None, issuer=issuer))
        done = Count(lab).sync(links, shared)
        assert done.difference.studies == (Entity(own.study_uid),)
        assert done.difference.only_in_archive == ()
        assert Count(lab).sync(links, shared).moved_instances == 0
        links.close()


def test_in_2_the_patient_root_brings_the_same_as_the_study_root(lab: Lab):
    ones = [Slice("5001", 1, series, number) for series in (1, 2) for number in (1, 2, 3)]
    lab.acquire(ones)
    links = lab.links(information_model="patient_root")
    assert Count(lab).sync(links, "5001").moved_instances == len(ones)
    gone = [ones[0].instance_uid, *(one.instance_uid for one in ones[3:])]
    lab.archive.forget(gone)
    count = Count(lab)
    assert count.sync(links, "5001").moved_instances == len(gone)
    links.close()
    assert count.since()["stores"] == len(gone)
