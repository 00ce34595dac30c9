"""Each part of readiness alone: a good archive with one part broken is not ready, and the part is named."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from gatekit.portable import archive_ready, dicom_echo
from gatekit.portable.archive_ready import Management, Target, observe, wait
from gatekit.portable.errors import NodeError
from tests.contract.module_runs import run

pytestmark = pytest.mark.peer

TITLE = "KITA_GW"
ORTHANC = {"/system": {"DicomAet": TITLE}, "/studies": []}
DEPLOYED = [
    {"address": [{"deployment": "dcm4chee-arc.ear"}], "outcome": "success", "result": "OK"},
    {"address": [{"deployment": "ui2.war"}], "outcome": "success", "result": "OK"},
]
DCM4CHEE = {
    "/dcm4chee-arc/ctrl/status": {"status": "STARTED"},
    "/management": {"outcome": "success", "result": DEPLOYED},
}


class Archive(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.answers: dict[str, Any] = {}
        self.asked: list[Any] = []


class Answers(BaseHTTPRequestHandler):
    server: Archive

    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        content = self.server.answers.get(self.path.split("?")[0])
        self.send_response(503 if content is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.headers.get("Authorization", "").startswith("Digest "):
            self.send_response(401)
            self.send_header(
                "WWW-Authenticate", 'Digest realm="ManagementRealm", nonce="n1", algorithm=MD5, qop="auth"'
            )
            self.end_headers()
            return
        self.server.asked.append(question)
        self.do_GET()


def answered(_listener: dicom_echo.Listener, _timeout_s: float) -> None:
    """C-ECHO that is answered."""


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setattr(dicom_echo, "echo", answered)
    with Archive() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def orthanc(archive: Archive) -> Target:
    return Target("orthanc", TITLE, 11112, archive.server_port)


def dcm4chee(archive: Archive, *deployments: str) -> Target:
    management = Management(archive.server_port, "gatekit", "s3cr3t-value", deployments)
    return Target("dcm4chee", TITLE, 11112, archive.server_port, management)


def test_orthanc_is_ready_when_every_part_answers(archive: Archive) -> None:
    archive.answers = dict(ORTHANC)
    assert observe(orthanc(archive)) == ()


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({**ORTHANC, "/system": {"DicomAet": "OTHER"}}, "HTTP: AE title 'OTHER'"),
        ({**ORTHANC, "/studies": None}, "index: status 503"),
        ({**ORTHANC, "/system": []}, "HTTP: not a JSON object"),
    ],
)
def test_orthanc_is_not_ready_when_one_part_fails(archive: Archive, answers: dict[str, Any], fault: str) -> None:
    archive.answers = answers
    assert observe(orthanc(archive)) == (fault,)


def test_dcm4chee_is_ready_when_every_part_answers(archive: Archive) -> None:
    archive.answers = dict(DCM4CHEE)
    assert observe(dcm4chee(archive, "dcm4chee-arc.ear")) == ()
    assert archive.asked == [{"operation": "read-attribute", "name": "status", "address": [{"deployment": "*"}]}]


@pytest.mark.parametrize(
    ("path", "answer", "fault"),
    [
        ("/dcm4chee-arc/ctrl/status", {"status": "STOPPED"}, "HTTP: status 'STOPPED'"),
        ("/dcm4chee-arc/ctrl/status", None, "HTTP: status 503"),
        ("/management", {"result": [DEPLOYED[0] | {"result": "FAILED"}]}, "deployments: dcm4chee-arc.ear FAILED"),
        ("/management", {"result": [DEPLOYED[1]]}, "deployments: dcm4chee-arc.ear absent"),
        ("/management", {"result": []}, "deployments: dcm4chee-arc.ear absent"),
    ],
)
def test_dcm4chee_is_not_ready_when_one_part_fails(archive: Archive, path: str, answer: Any, fault: str) -> None:
    archive.answers = {**DCM4CHEE, path: answer}
    assert observe(dcm4chee(archive, "dcm4chee-arc.ear")) == (fault,)


def test_every_deployment_counts_where_none_is_named(archive: Archive) -> None:
    archive.answers = {**DCM4CHEE, "/management": {"result": [DEPLOYED[0], DEPLOYED[1] | {"result": "FAILED"}]}}
    assert observe(dcm4chee(archive)) == ("deployments: ui2.war FAILED",)
    archive.answers = {**DCM4CHEE, "/management": {"result": []}}
    assert observe(dcm4chee(archive)) == ("deployments: none",)


def test_c_echo_counts_even_when_all_else_is_well(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def aborted(listener: dicom_echo.Listener, timeout_s: float) -> None:
        assert (listener.called, listener.calling, listener.address) == (TITLE, TITLE, "127.0.0.1")
        raise dicom_echo.EchoError("association aborted: source 2")

    monkeypatch.setattr(dicom_echo, "echo", aborted)
    archive.answers = {**ORTHANC, **DCM4CHEE}
    assert observe(orthanc(archive)) == ("C-ECHO: association aborted: source 2",)
    assert observe(dcm4chee(archive)) == ("C-ECHO: association aborted: source 2",)


def test_wait_ends_with_every_fault_and_its_code(archive: Archive) -> None:
    with pytest.raises(NodeError) as refused:
        wait(orthanc(archive), 0)
    assert refused.value.facts[:3] == ("GW420", f"archive.{TITLE}", "HTTP: status 503; index: status 503")


def test_wait_returns_as_soon_as_the_archive_came(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def came(_seconds: float) -> None:
        archive.answers = dict(ORTHANC)

    monkeypatch.setattr(archive_ready.time, "sleep", came)
    assert wait(orthanc(archive), 60) < 30


def test_password_is_not_shown(archive: Archive) -> None:
    assert "s3cr3t-value" not in repr(dcm4chee(archive))


def test_module_reports_in_check_mode_and_fails_otherwise(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    # Ansible's name for the same file is another module object.
    monkeypatch.setattr("ansible.module_utils.gatekit.dicom_echo.echo", answered)
    target = orthanc(archive)
    asked = {"engine": "orthanc", "ae_title": TITLE, "dicom_port": 11112, "http_port": archive.server_port}
    predicted = run("archive_ready", {**asked, "timeout_s": 0}, check=True)
    assert (predicted["changed"], predicted["faults"]) == (False, ["HTTP: status 503", "index: status 503"])
    failed = run("archive_ready", {**asked, "timeout_s": 0})
    assert (failed["failed"], failed["code"]) == (True, "GW420")
    archive.answers = dict(ORTHANC)
    done = run("archive_ready", asked)
    assert (done["changed"], done["faults"]) == (False, [])
    assert observe(replace(target, ae_title="OTHER")) == (f"HTTP: AE title '{TITLE}'",)
