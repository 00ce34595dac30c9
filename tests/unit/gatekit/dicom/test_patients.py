"""One patient, as each PACS writes the id."""

from __future__ import annotations

import pytest

from gatekit.dicom.model import Patient
from gatekit.dicom.patients import canonical, patient_at
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PatientIdRule

AS_IS, EIGHT = PatientIdRule(digits=None, issuer=""), PatientIdRule(digits=8, issuer="")


@pytest.mark.parametrize(
    ("given", "rule", "written"),
    [
        pytest.param("4711", AS_IS, "4711", id="as-it-comes"),
        pytest.param("004711", AS_IS, "004711", id="zeros-mean-something-without-a-rule"),
        pytest.param(" 4711 ", AS_IS, "4711", id="padding-of-the-value"),
        pytest.param("4711", EIGHT, "00004711", id="padded"),
        pytest.param("000000004711", EIGHT, "00004711", id="stripped"),
        pytest.param("12345678", EIGHT, "12345678", id="long-enough"),
        pytest.param("0", EIGHT, "00000000", id="zero"),
        pytest.param("４７１１", EIGHT, "00004711", id="full-width-digits"),
        pytest.param("A4711", EIGHT, "A4711", id="no-number"),
    ],
)
def test_in_2_an_id_is_written_as_the_pacs_does(given, rule, written):
    assert canonical(given, rule) == written
    assert patient_at(Patient(given), rule, "main") == Patient(written)


@pytest.mark.parametrize(
    ("given", "of_pacs", "asked"),
    [("", "", ""), ("", "EAST", "EAST"), ("EAST", "", "EAST"), ("EAST ", "EAST", "EAST")],
)
def test_in_2_the_issuer_is_the_one_of_the_pacs_unless_it_names_none(given, of_pacs, asked):
    rule = PatientIdRule(digits=None, issuer=of_pacs)
    assert patient_at(Patient("4711", given), rule, "main") == Patient("4711", asked)


@pytest.mark.parametrize(
    ("patient", "rule", "code", "value"),
    [
        pytest.param(Patient("123456789"), EIGHT, "GW517", "<hidden>", id="more-digits-than-the-pacs-has"),
        pytest.param(
            Patient("4711", "WEST"), PatientIdRule(digits=None, issuer="EAST"), "GW520", "<another issuer>", id="issuer"
        ),
    ],
)
def test_in_2_an_id_the_pacs_cannot_have_is_refused_before_anybody_is_asked(patient, rule, code, value):
    with pytest.raises(DicomError) as caught:
        patient_at(patient, rule, "main")
    assert caught.value.facts[:3] == (code, "main.patient", value)
