"""Studies go in and out as hospitals do it (AP-2): C-ECHO, C-STORE, QIDO and C-MOVE by DCMTK's programs and curl.

With a distribution in DCM4CHEE_DIST all of this is asked of the real archive. Without one, Orthanc answers under the
archive's title and port: then these tests prove that they themselves work (and are red when a study is not stored,
not counted or not moved), and nothing of dcm4chee. Never run here with the real zip: nobody has it on this machine.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from testinfra.host import Host

type Said = Callable[[str], str]
RECEIVED = "/srv/received"
STORESCP = "storescp-of-the-test"
ORTHANC = "http://127.0.0.1:8042/dicom-web/"
ENOUGH = 3  # studies that are moved


@pytest.fixture(scope="module")
def archive(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = plan["archive"]
    return found


@pytest.fixture(scope="module")
def pacs(archive: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = archive["nodes"][0]
    return found


@pytest.fixture(scope="module")
def web(archive: dict[str, Any], scenario: dict[str, bool]) -> str:
    own = f"http://127.0.0.1:{archive['http_port']}{archive['dicomweb_path']}"
    return own if scenario["real_archive"] else ORTHANC


@pytest.fixture(scope="module")
def stored(said: Said, archive: dict[str, Any], pacs: dict[str, Any]) -> str:
    """Send everything as the PACS and return dcmsend's words; storescu would propose one transfer syntax for all."""
    titles = f"-aet {pacs['ae_title']} -aec {archive['ae_title']}"
    place = f"127.0.0.1 {archive['dicom_port']}"
    return said(f"env TCP_NODELAY=1 dcmsend -v {titles} {place} +sd /srv/studies 2>&1")


def dicom(host: Host, program: str, archive: dict[str, Any], called: str, words: str = "") -> str:
    """Run a client as VM1 itself; its status does not tell every refusal, so tests read its words."""
    titles = f"-aet {archive['ae_title']} -aec {called}"
    found = host.run(f"env TCP_NODELAY=1 {program} -v {titles} {words} 127.0.0.1 {archive['dicom_port']}")
    return str(found.stdout) + str(found.stderr)


def test_ap_2_c_echo_is_answered(vm1: Host, archive: dict[str, Any]) -> None:
    assert "Received Echo Response (Success)" in dicom(vm1, "echoscu", archive, archive["ae_title"])


def test_ap_2_another_called_title_is_refused(vm1: Host, archive: dict[str, Any]) -> None:
    words = dicom(vm1, "echoscu", archive, "SOMEBODY")
    assert "Called AE Title Not Recognized" in words
    assert "Success" not in words


def test_ap_2_every_instance_is_taken(stored: str, studies: dict[str, dict[str, bool]]) -> None:
    everything = sum(len(instances) for instances in studies.values())
    counted = {name: int(number) for name, number in re.findall(r"[-*] (.+?)\s*: (\d+)", stored)}
    assert counted["sent to the peer"] == everything, stored
    assert counted["with status SUCCESS"] == everything, stored


@pytest.mark.usefixtures("stored")
def test_ap_2_qido_names_every_study_with_its_number_of_instances(
    said: Said, web: str, studies: dict[str, dict[str, bool]]
) -> None:
    url = f"{web}studies?includefield=NumberOfStudyRelatedInstances&limit=1000"
    rows = json.loads(said(f"curl --silent --show-error --fail -H 'Accept: application/dicom+json' '{url}'"))
    found = {row["0020000D"]["Value"][0]: row["00201208"]["Value"][0] for row in rows}
    assert found == {study: len(instances) for study, instances in studies.items()}


@pytest.mark.usefixtures("stored")
def test_in_1_qido_counts_the_instances_of_one_study(said: Said, web: str, studies: dict[str, dict[str, bool]]) -> None:
    study = max(studies, key=lambda name: len(studies[name]))
    url = f"{web}studies/{study}/instances?limit=1000"
    rows = json.loads(said(f"curl --silent --show-error --fail -H 'Accept: application/dicom+json' '{url}'"))
    assert {row["00080018"]["Value"][0] for row in rows} == set(studies[study])


@pytest.fixture
def listener(said: Said, vm1: Host, pacs: dict[str, Any]):
    """Run the PACS's storescp, whose title and port the archive knows from the plan."""
    said(f"rm -rf {RECEIVED} && install -d {RECEIVED}")
    command = f"storescp -aet {pacs['ae_title']} +xa -od {RECEIVED} {pacs['port']}"
    said(f"systemd-run --quiet --collect --unit={STORESCP} --setenv=TCP_NODELAY=1 {command}")
    deadline_s = time.monotonic() + 10
    while not said(f"ss -Hltn 'sport = :{pacs['port']}'") and time.monotonic() < deadline_s:
        time.sleep(0.05)
    yield
    vm1.run(f"systemctl stop {STORESCP}")


@pytest.mark.usefixtures("stored", "listener")
def test_ap_2_c_move_brings_whole_studies_to_the_pacs(
    said: Said, vm1: Host, archive: dict[str, Any], pacs: dict[str, Any], studies: dict[str, dict[str, bool]]
) -> None:
    """Uncompressed ones: of several transfer syntaxes that one context offers, storescp takes no compressed one."""
    plain = [study for study, instances in studies.items() if not any(instances.values())]
    chosen = sorted(plain, key=lambda name: len(studies[name]))[-ENOUGH:]
    for study in chosen:
        keys = f"-S -aem {pacs['ae_title']} -k QueryRetrieveLevel=STUDY -k StudyInstanceUID={study}"
        assert "Received Final Move Response (Success)" in dicom(vm1, "movescu", archive, archive["ae_title"], keys)
    dumped = said(f"find {RECEIVED} -type f -exec dcmdump -q +P SOPInstanceUID {{}} +")
    arrived = re.findall(r"\(0008,0018\) UI \[([0-9.]+)\]", dumped)
    assert sorted(arrived) == sorted(uid for study in chosen for uid in studies[study])


@pytest.mark.usefixtures("stored", "listener")
def test_ap_2_c_move_to_somebody_the_plan_does_not_name_is_refused(
    said: Said, vm1: Host, archive: dict[str, Any], studies: dict[str, dict[str, bool]]
) -> None:
    keys = f"-S -aem SOMEBODY -k QueryRetrieveLevel=STUDY -k StudyInstanceUID={min(studies)}"
    words = dicom(vm1, "movescu", archive, archive["ae_title"], keys)
    assert "Received Final Move Response" in words
    assert "Received Final Move Response (Success)" not in words
    assert said(f"find {RECEIVED} -type f") == ""
