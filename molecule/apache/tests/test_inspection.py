"""Body inspection: attacks are refused by their rule, what DICOMweb needs passes, each exclusion is narrow."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from front import INSTANCE_PATH, STUDY, asked_json, cursor, portal, rules_since
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

SQL, SCRIPT = "1' OR '1'='1' -- ", "<script>alert(document.cookie)</script>"
FILES, COMMAND = "../../../../etc/passwd", ";cat /etc/passwd"
LOG4J = "${jndi:ldap://10.0.0.1/a}"


@pytest.mark.parametrize("path", ["/dicom-web/studies?PatientID=", "/gateway/x?q=", "/study-list/x?q="])
@pytest.mark.parametrize(
    ("attack", "rule"),
    [(SQL, "942100"), (SCRIPT, "941100"), (FILES, "930100"), (COMMAND, "932160"), (LOG4J, "932130")],
)
def test_attack_in_a_query_is_refused_by_its_rule(root: Host, path: str, attack: str, rule: str) -> None:
    before = cursor(root)
    assert portal(path + quote(attack)).status == 403
    assert {rule, "949110"} <= rules_since(root, before)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps({"reason": SQL})),
        ("application/x-www-form-urlencoded", "q=" + quote(SCRIPT)),
        ("application/xml", "<a>" + SCRIPT.replace("<", "&lt;") + "</a>"),
    ],
)
def test_attack_in_a_body_is_refused(kind: str, body: str) -> None:
    assert portal("/gateway/x", "--header", f"Content-Type: {kind}", "--data", body).status == 403


@pytest.mark.parametrize("body", ['{"reason": ', '{"a": 1}}'])
def test_body_that_cannot_be_read_is_refused(body: str) -> None:
    """400 by our rule; ModSecurity 2.9 itself answers 500 to a JSON text that ends too early."""
    answer = portal("/gateway/x", "--header", "Content-Type: application/json", "--data", body)
    assert (answer.status, answer.body) in ((400, "bad request\n"), (500, "internal error\n"))


@pytest.mark.parametrize("header", ["User-Agent: sqlmap/1.7", f"Referer: http://x/?q={SCRIPT}"])
def test_attack_in_a_header_is_refused(header: str) -> None:
    assert portal("/dicom-web/studies", "--header", header).status == 403


@pytest.mark.parametrize(
    "query",
    [
        "00100020=J-0012345&includefield=00081030,00080060",
        "PatientName=*Yamada*&fuzzymatching=true",
        f"PatientName={quote('山田^太郎')}*",
        f"PatientName=*{quote('やまだ')}*",
        f"PatientName={quote('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう')}",
        "PatientName=O%27Brien*",
        "PatientName=Select%5ETaro",
        "StudyDate=20040101-20041231&ModalitiesInStudy=CT&limit=10&offset=0",
        "StudyDate=-20041231",
        "StudyTime=070000-080000",
        f"StudyInstanceUID={STUDY},1.2.3.4",
        f"StudyInstanceUID={STUDY}%5C1.2.3",
        "AccessionNumber=A-100/20041231",
        f"StudyDescription={quote('CT 胸部 (造影)')}",
        "StudyDescription=Brain%20MRI%20and%20MRA%3B%20with%20contrast",
        "00080050=*&includefield=all",
    ],
)
def test_questions_of_dicomweb_pass(query: str) -> None:
    answer = portal(f"/dicom-web/studies?{query}", "--header", "Accept: application/dicom+json")
    assert (answer.status, answer.header("content-type")) == (200, "application/dicom+json")


def test_kanji_name_passes_and_comes_back() -> None:
    (study,) = asked_json("/dicom-web/studies?PatientID=J-0012345")
    assert study["00100010"]["Value"][0]["Ideographic"] == "山田^太郎"


MULTIPART = 'Accept: multipart/related; type="image/jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50'


def test_exclusion_multipart_accept_of_dicomweb_reaches_the_archive(root: Host) -> None:
    """Orthanc refuses it itself with 400: it renders single images only. What counts is that we do not."""
    before = cursor(root)
    assert portal(f"{INSTANCE_PATH}/rendered", "--header", MULTIPART).status == 400
    assert rules_since(root, before) == set()


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/gateway/x", MULTIPART),
        ("/web-viewer/app/viewer.html", MULTIPART),
        ("/dicom-web/studies", f'Accept: multipart/related; type="{SCRIPT}"'),
        ("/dicom-web/studies", MULTIPART + '; "x'),
    ],
)
def test_exclusion_holds_for_this_header_of_dicomweb_only(root: Host, path: str, accept: str) -> None:
    before = cursor(root)
    assert portal(path, "--header", accept).status == 403
    assert "920600" in rules_since(root, before)


@pytest.mark.parametrize("attack", [SQL, SCRIPT])
def test_exclusion_lets_no_attack_through_beside_it(attack: str) -> None:
    assert portal(f"/dicom-web/studies?PatientID={quote(attack)}", "--header", MULTIPART).status == 403
