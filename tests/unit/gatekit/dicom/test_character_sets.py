"""Japanese ids on the wire, byte for byte, and answers in whatever set the PACS names (PS3.5 6.1, PS3.3 C.12.1.1.2)."""

from __future__ import annotations

from io import BytesIO

import pytest
from pydicom.charset import encode_string
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pynetdicom.dsutils import decode, encode

from gatekit.dicom.association import Peer
from gatekit.dicom.character_sets import terms
from gatekit.dicom.identifiers import find_identifier, rows_of
from gatekit.dicom.model import Ask, Level, Patient, Side, StudyRow
from gatekit.dicom.privacy import silence_identifiers
from gatekit.errors import DicomError

STUDIES = Ask(Side.PACS, Level.STUDY)


def peer(character_set: str) -> Peer:
    return Peer("pacs", "PACS", "127.0.0.1", 104, character_set=character_set)


@pytest.mark.parametrize(
    ("character_set", "patient_id", "declared", "raw"),
    [
        pytest.param("ISO 2022 IR 87", "4711", None, b"4711", id="ascii-declares-nothing"),
        pytest.param("ISO_IR 192", "患者4711", b"ISO_IR 192", "患者4711".encode(), id="utf-8"),
        pytest.param("ISO_IR 100", "Ä4711", b"ISO_IR 100", b"\xc44711", id="latin-1"),
        pytest.param(
            "ISO 2022 IR 87", "患者4711", b"\\ISO 2022 IR 87", b"\x1b$B45<T\x1b(B4711", id="kanji-back-to-ascii"
        ),
        pytest.param("ISO 2022 IR 87", "47患者", b"\\ISO 2022 IR 87", b"47\x1b$B45<T\x1b(B", id="kanji-at-the-end"),
        pytest.param(
            "ISO 2022 IR 13",
            "ﾔﾏﾀﾞ山47",
            b"ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde\x1b$B;3\x1b(J47",
            id="katakana-kanji-and-roman-of-jis-x-0201",
        ),
    ],
)
def test_in_2_an_id_goes_out_in_the_set_of_the_site_file_with_its_shift_states(
    character_set, patient_id, declared, raw
):
    identifier = find_identifier(Patient(patient_id), STUDIES, peer(character_set))
    sent = encode(identifier, is_implicit_vr=True, is_little_endian=True)
    assert raw in sent.replace(b"\x1b)I", b"")  # G1 of JIS X 0201 may be designated once more
    assert (declared is not None) == (b"\x08\x00\x05\x00" in sent)
    assert declared is None or declared in sent
    again = decode(BytesIO(sent), is_implicit_vr=True, is_little_endian=True)
    assert again.PatientID == patient_id


@pytest.mark.parametrize(
    ("character_set", "patient_id"), [("ISO_IR 100", "患者"), ("ISO 2022 IR 87", "ﾔﾏﾀﾞ"), ("ISO 2022 IR 13", "Ä")]
)
def test_in_2_an_id_the_set_has_no_code_for_is_refused_and_not_replaced(character_set, patient_id):
    with pytest.raises(DicomError) as caught:
        terms(character_set, patient_id, "pacs")
    assert caught.value.facts[:3] == ("GW517", "pacs.patient", "<hidden>")


def answered(declared: str | list[str] | None, codecs: list[str], patient_id: str) -> Dataset:
    """Return an answer as it comes from the network: bytes in the set it declares."""
    made = Dataset()
    if declared:
        made.SpecificCharacterSet = declared
    made.QueryRetrieveLevel, made.StudyInstanceUID = "STUDY", "1.2"
    made.add_new("PatientID", "LO", encode_string(patient_id, codecs))
    written = DicomBytesIO()
    written.is_little_endian, written.is_implicit_VR = True, True
    write_dataset(written, made)
    return decode(BytesIO(written.getvalue()), is_implicit_vr=True, is_little_endian=True)


@pytest.mark.parametrize(
    ("declared", "codecs"),
    [
        pytest.param("ISO_IR 192", ["utf8"], id="utf-8"),
        pytest.param(["", "ISO 2022 IR 87"], ["iso8859", "iso2022_jp"], id="kanji"),
        pytest.param(["ISO 2022 IR 13", "ISO 2022 IR 87"], ["shift_jis", "iso2022_jp"], id="katakana-and-kanji"),
    ],
)
@pytest.mark.parametrize("asked_in", ["ISO_IR 192", "ISO 2022 IR 87", "ISO 2022 IR 13"])
def test_in_2_an_answer_is_read_in_its_own_set_whatever_the_question_was_in(declared, codecs, asked_in):
    silence_identifiers()
    answer = answered(declared, codecs, "山田47")
    assert rows_of(Patient("山田47"), STUDIES, [answer], peer(asked_in)) == (StudyRow("1.2"),)
    other = answered(declared, codecs, "山本47")
    with pytest.raises(DicomError) as caught:
        rows_of(Patient("山田47"), STUDIES, [other], peer(asked_in))
    assert caught.value.code == "GW516"
    assert "山" not in str(caught.value)
