"""A patient's id as one PACS writes it, and how two spellings of it are compared (PS3.5 6.2, LO). Pure."""

from __future__ import annotations

import unicodedata

from gatekit.dicom.model import Patient
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PatientIdRule

AS_IT_COMES = PatientIdRule(digits=None, issuer="")


def patient_at(patient: Patient, rule: PatientIdRule, source: str) -> Patient:
    """Return the patient as the PACS ``source`` writes it: zero-padded, with the issuer of its ids.

    Raises:
        DicomError: GW517 for a number with more digits than the PACS has, GW520 for an id of another issuer.
    """
    issuer = patient.issuer.strip()
    if issuer and rule.issuer and issuer != rule.issuer:
        fix = "Ask the PACS of that issuer, or correct the issuer of this PACS's patient ids in the site file."
        raise DicomError("GW520", f"{source}.patient", "<another issuer>", fix)
    patient_id = canonical(patient.patient_id, rule)
    if rule.digits is not None and patient_id.isdecimal() and len(patient_id) > rule.digits:
        fix = f"Ids of this PACS have {rule.digits} digits: correct the id, or patient_id.digits in the site file."
        raise DicomError("GW517", f"{source}.patient", "<hidden>", fix)
    return Patient(patient_id, rule.issuer or issuer)


def canonical(patient_id: str, rule: PatientIdRule) -> str:
    """Return the one spelling of an id; padding of LO is never significant, leading zeros are not in a number.

    Full-width digits, as a Japanese keyboard gives them, are digits too. What is no number stays as it is.
    """
    trimmed = patient_id.strip()
    if rule.digits is None:
        return trimmed
    number = unicodedata.normalize("NFKC", trimmed)
    if not (number.isascii() and number.isdecimal()):
        return trimmed
    return number.lstrip("0").zfill(rule.digits)
