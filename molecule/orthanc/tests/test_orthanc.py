"""AP-2, IN-1: the archive by real DICOM from the PACS's place, by HTTP on loopback, and what it refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import testinfra
from testinfra.backend.base import CommandResult
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

INVENTORY = os.environ["MOLECULE_INVENTORY_FILE"]
ARCHIVE, PORT, TITLE, PACS_TITLE = "10.166.244.10", 11112, "KITA_GW", "KITA_PACS"
LOOPBACK = "http://127.0.0.1:8042"
CT_STUDY = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322"
PATIENTS = ("1CT1", "4MR1", "J-0012345")
REFUSED_CALLING, REFUSED_CALLED = "Calling AE Title Not Recognized", "Called AE Title Not Recognized"


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


@pytest.fixture(scope="module")
def pacs() -> Host:
    return testinfra.get_host(f"ansible://pacs?ansible_inventory={INVENTORY}")


def dicom(host: Host, program: str, calling: str, called: str, *words: str, address: str = ARCHIVE) -> CommandResult:
    """Run a DCMTK client; its own status counts refused sub-operations only for some of them, so tests read words."""
    command = f"{program} -v -aet {calling} -aec {called} {' '.join(words[:-1])} {address} {PORT} {words[-1]}"
    return host.run(command.strip())


def said(result: CommandResult) -> str:
    return str(result.stdout) + str(result.stderr)


def ask(host: Host, path: str) -> Any:
    return json.loads(host.check_output(f"curl --silent --show-error --fail '{LOOPBACK}{path}'"))


@pytest.fixture(scope="module", autouse=True)
def stored(pacs: Host) -> None:
    result = dicom(pacs, "storescu", PACS_TITLE, TITLE, "+sd", "/srv/studies")
    assert said(result).count("Received Store Response (Success)") == 3


def test_ap_2_studies_from_the_pacs_are_in_the_archive(host: Host) -> None:
    found = ask(host, "/dicom-web/studies?includefield=NumberOfStudyRelatedInstances")
    assert {study["00100020"]["Value"][0] for study in found} >= set(PATIENTS)
    assert {study["00201208"]["Value"][0] for study in found} == {1}


def test_kanji_names_come_back_as_they_were_sent(host: Host) -> None:
    (study,) = ask(host, "/dicom-web/studies?PatientID=J-0012345")
    assert study["00100010"]["Value"][0]["Ideographic"] == "山田^太郎"
    assert study["00100010"]["Value"][0]["Phonetic"] == "やまだ^たろう"


def test_qido_finds_a_kanji_name_by_its_roman_letters(host: Host) -> None:
    """Orthanc's index of names is ASCII: kanji in a question find nothing (README), and are no error."""
    found = ask(host, "/dicom-web/studies?PatientName=yamada*")
    assert [study["00100020"]["Value"][0] for study in found] == ["J-0012345"]
    assert ask(host, "/dicom-web/studies?PatientName=*%E5%B1%B1%E7%94%B0*") == []


def test_in_3_vm1_itself_asks_with_counts(host: Host) -> None:
    keys = f"-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID={CT_STUDY} -k NumberOfStudyRelatedInstances"
    words = dicom(host, "findscu", TITLE, TITLE, keys, "", address="127.0.0.1")
    line = next(row for row in said(words).splitlines() if "(0020,1208)" in row and "[" in row)
    assert line.split("[")[1].split("]")[0].strip() == "1"


def test_wrong_called_title_is_refused(pacs: Host) -> None:
    assert REFUSED_CALLED in said(dicom(pacs, "storescu", PACS_TITLE, "OTHER", "/srv/studies/CT_small.dcm"))


def test_called_title_in_other_letters_is_refused(pacs: Host) -> None:
    assert REFUSED_CALLED in said(dicom(pacs, "echoscu", PACS_TITLE, TITLE.lower(), ""))


@pytest.mark.parametrize("program", ["echoscu", "storescu"])
def test_unknown_calling_title_is_refused(pacs: Host, program: str) -> None:
    words = "/srv/studies/CT_small.dcm" if program == "storescu" else ""
    assert REFUSED_CALLING in said(dicom(pacs, program, "STRANGER", TITLE, words))


def test_the_archives_own_title_from_another_address_is_refused(pacs: Host) -> None:
    assert REFUSED_CALLING in said(dicom(pacs, "echoscu", TITLE, TITLE, ""))


def test_node_may_echo(pacs: Host) -> None:
    assert "Received Echo Response (Success)" in said(dicom(pacs, "echoscu", PACS_TITLE, TITLE, ""))


def test_node_may_not_ask(pacs: Host) -> None:
    keys = "-S -k QueryRetrieveLevel=STUDY -k PatientID"
    words = said(dicom(pacs, "findscu", PACS_TITLE, TITLE, keys, ""))
    assert "Peer aborted Association" in words
    assert "1CT1" not in words


@pytest.mark.parametrize("program", ["movescu", "getscu"])
def test_node_may_not_retrieve(pacs: Host, program: str) -> None:
    destination = f"-aem {PACS_TITLE}" if program == "movescu" else "-od /tmp"
    keys = f"-S {destination} -k QueryRetrieveLevel=STUDY -k StudyInstanceUID={CT_STUDY}"
    words = said(dicom(pacs, program, PACS_TITLE, TITLE, keys, ""))
    assert "Peer aborted Association" in words or "Peer Aborted Association" in words
    assert "Success" not in words
    assert pacs.run("find /tmp -name 'CT*' -type f").stdout == ""


def test_what_is_there_is_not_overwritten(host: Host, pacs: Host) -> None:
    before = ask(host, "/statistics")
    dicom(pacs, "storescu", PACS_TITLE, TITLE, "+sd", "/srv/studies")
    assert ask(host, "/statistics") == before


def test_http_answers_loopback_only(host: Host, pacs: Host) -> None:
    status = "curl --silent --output /dev/null --write-out %{http_code} "
    assert host.check_output(status + f"{LOOPBACK}/system") == "200"
    assert pacs.check_output(status + f"http://{ARCHIVE}:8042/system") == "401"


def test_web_viewer_answers(host: Host) -> None:
    assert "<html" in host.check_output(f"curl --silent --fail {LOOPBACK}/web-viewer/app/viewer.html").lower()


@pytest.mark.parametrize("path", ["/app/explorer.html", "/webdav/", "/wado?requestType=WADO"])
def test_what_is_switched_off_is_not_there(host: Host, path: str) -> None:
    status = host.check_output(f"curl --silent --output /dev/null --write-out %{{http_code}} '{LOOPBACK}{path}'")
    assert status == "404"


def test_exactly_our_plugins_are_loaded(host: Host) -> None:
    assert set(ask(host, "/plugins")) == {"dicom-web", "explorer.js", "gdcm", "postgresql-index", "web-viewer"}


def test_files_lie_on_the_volume_and_only_the_archive_reads_them(root: Host) -> None:
    folder = root.file("/srv/archive")
    assert (folder.user, folder.group, folder.mode) == ("orthanc", "orthanc", 0o750)
    assert int(root.check_output("find /srv/archive -type f | wc -l")) >= 3


def test_password_is_readable_by_the_archive_only(root: Host) -> None:
    configuration = root.file("/etc/orthanc/gatekit.json")
    assert (configuration.user, configuration.group, configuration.mode) == ("root", "orthanc", 0o640)


def test_log_names_no_patient(root: Host) -> None:
    journal = root.check_output("journalctl --unit orthanc.service --output cat --no-pager")
    assert "Orthanc has started" in journal
    assert [word for word in (*PATIENTS, "Yamada", "山田", "CompressedSamples", CT_STUDY) if word in journal] == []


def test_unit_is_confined_and_restarts_for_ever(root: Host) -> None:
    shown = root.check_output(
        "systemctl show orthanc.service --property"
        " NoNewPrivileges,ProtectSystem,MemoryDenyWriteExecute,Restart,StartLimitIntervalUSec,User,Environment"
    )
    assert sorted(shown.splitlines()) == [
        "Environment=TCP_NODELAY=1 LC_ALL=C.UTF-8",
        "MemoryDenyWriteExecute=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "Restart=always",
        "StartLimitIntervalUSec=0",
        "User=orthanc",
    ]


def test_retention_is_off_where_the_site_keeps_everything(root: Host) -> None:
    assert root.run("systemctl is-enabled orthanc-retention.timer").stdout.strip() == "disabled"
    assert root.run("systemctl is-active orthanc-retention.timer").stdout.strip() == "inactive"
