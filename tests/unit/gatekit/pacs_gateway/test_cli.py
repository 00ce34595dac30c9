"""The command against a service that answers from a table."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from gatekit.pacs_gateway.cli import main

ID = "00000000-0000-0000-0000-000000000007"
FAULT = {"code": "GW508", "path": "main.move", "value": "0xA801", "fix": "Enter the archive at the PACS."}
ROW = {
    "id": ID,
    "pacs": "main",
    "reason": None,
    "faults": 0,
    "moved_instances": 6,
    "created_at": "2026-11-23",
    "fault": None,
}
DONE, DEAD, QUEUED = ({**ROW, "state": state} for state in ("done", "dead", "queued"))
STUDY = {"study": "1.2", "series": "", "instance": ""}
NONE: dict[str, Any] = {name: [] for name in ("series", "instances", "only_in_archive", "undecided", "withheld")}


class Answers(BaseHTTPRequestHandler):
    table: dict[tuple[str, str], list[tuple[int, object]]]
    asked: list[tuple[str, str, object]]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.asked.append((self.command, self.path, json.loads(self.rfile.read(length)) if length else None))
        answers = self.table[self.command, self.path]
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - names of http.server

    def log_message(self, *words: object) -> None:
        """Say nothing."""


class Bench:
    def __init__(self, server: HTTPServer, handler: type[Answers]) -> None:
        self.port, self.handler = server.server_port, handler

    def answers(self, method: str, path: str, *answers: tuple[int, object]) -> None:
        self.handler.table[method, path] = list(answers)

    def run(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        return main(["--port", str(self.port), *words], out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def bench() -> Iterator[Bench]:
    handler = type("Table", (Answers,), {"table": {}, "asked": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Bench(server, handler)
        server.shutdown()
        thread.join()


def test_in_4_dry_run_shows_the_difference_as_a_table_and_queues_nothing(bench: Bench) -> None:
    bench.answers(
        "POST", "/patients/77/difference", (200, {"differences": [{"pacs": "main", "studies": [STUDY], **NONE}]})
    )
    status, out, _ = bench.run("sync", "--patient", "77", "--dry-run")
    assert status == 0
    assert out.splitlines() == [
        "PACS  what           study  series  instance",
        "----  -------------  -----  ------  --------",
        "main  missing study  1.2",
        "1 to move.",
    ]
    assert [row[:2] for row in bench.handler.asked] == [("POST", "/patients/77/difference")]


def test_dry_run_of_an_equal_patient_says_so(bench: Bench) -> None:
    bench.answers("POST", "/patients/77/difference", (200, {"differences": [{"pacs": "main", "studies": [], **NONE}]}))
    assert bench.run("sync", "--patient", "77", "--dry-run")[:2] == (0, "Archive and PACS are equal.\n")


def test_id_that_no_path_can_hold_is_sent_escaped(bench: Bench) -> None:
    bench.answers("POST", "/patients/A%2F1%20B/sync", (202, {"requests": [QUEUED]}))
    assert bench.run("sync", "--patient", "A/1 B", "--deep")[0] == 0
    assert bench.handler.asked[0][2] == {"pacs": None, "issuer": "", "deep": True}


@pytest.mark.parametrize(
    ("last", "status"), [pytest.param(DONE, 0, id="equal"), pytest.param({**DEAD, "fault": FAULT}, 1, id="dead-letter")]
)
def test_waiting_ends_with_the_request(bench: Bench, last: dict[str, object], status: int) -> None:
    bench.answers("POST", "/patients/77/sync", (202, {"requests": [QUEUED]}))
    bench.answers("GET", f"/requests/{ID}", (200, QUEUED), (200, last))
    found, out, _ = bench.run("sync", "--patient", "77", "--wait")
    assert found == status
    assert ("[GW508]" in out) is bool(status)


def test_waiting_ends_with_the_patience(bench: Bench) -> None:
    bench.answers("POST", "/patients/77/sync", (202, {"requests": [QUEUED]}))
    bench.answers("GET", f"/requests/{ID}", (200, QUEUED))
    assert bench.run("sync", "--patient", "77", "--wait", "--timeout", "0.2")[0] == 5


def test_refusal_is_told_with_its_fix(bench: Bench) -> None:
    bench.answers("POST", "/patients/77/sync", (404, {**FAULT, "code": "GW534", "value": "x"}))
    status, _, err = bench.run("sync", "--patient", "77", "--pacs", "x")
    assert status == 4
    assert err.strip().endswith("Enter the archive at the PACS. [GW534]")


def test_check_fails_when_a_peer_cannot_be_used(bench: Bench) -> None:
    peers = [{"name": "archive", "ae_title": "GW", "usable": True, "fault": None}]
    bench.answers("POST", "/check", (200, {"peers": peers}))
    assert bench.run("check")[0] == 0
    bench.answers("POST", "/check", (200, {"peers": [*peers, {**peers[0], "usable": False, "fault": FAULT}]}))
    status, out, _ = bench.run("check")
    assert (status, "[GW508]" in out) == (1, True)


def test_dead_letters_are_listed_with_what_to_do_and_all_retried(bench: Bench) -> None:
    bench.answers("GET", "/requests?limit=1000&state=dead", (200, {"requests": [{**DEAD, "fault": FAULT}]}))
    bench.answers("POST", f"/requests/{ID}/retry", (202, QUEUED))
    assert "Enter the archive at the PACS. [GW508]" in bench.run("dead")[1]
    status, out, _ = bench.run("retry")
    assert (status, "queued" in out) == (0, True)


def test_status_of_a_service_that_is_not_ready_is_three(bench: Bench) -> None:
    bench.answers("GET", "/health", (503, {"live": True, "ready": False}))
    status, out, _ = bench.run("status")
    assert status == 3
    assert out.splitlines() == ["live               yes", "ready              NO"]


def test_service_that_is_not_there_is_three() -> None:
    err = io.StringIO()
    assert main(["--port", "9", "queue"], io.StringIO(), err) == 3
    assert "systemctl start gatekit-pacs-gateway" in err.getvalue()


def test_another_program_on_the_port_is_three(bench: Bench) -> None:
    bench.answers("GET", "/requests?limit=1000", (500, {"error": "x"}))
    assert bench.run("queue")[0] == 3


def test_cancel_names_the_request(bench: Bench) -> None:
    bench.answers("DELETE", f"/requests/{ID}", (200, {**ROW, "state": "cancelled"}))
    assert "cancelled" in bench.run("cancel", ID)[1]


def test_wrong_use_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["sync"])
    assert caught.value.code == 2
    assert "--patient" in capsys.readouterr().err


def test_programs_get_the_answer_itself(bench: Bench) -> None:
    bench.answers("POST", "/patients/7/sync", (202, {"requests": [QUEUED]}))
    bench.answers("GET", f"/requests/{ID}", (200, DONE))
    status, out, _ = bench.run("--json", "sync", "--patient", "7", "--wait")
    assert (status, json.loads(out)) == (0, {"requests": [DONE]})


def test_op_1_rules_are_those_of_the_running_service(bench: Bench) -> None:
    rules = {"published_months": 36, "modalities": ["CT"], "sources": ["main"]}
    bench.answers("GET", "/rules", (200, rules))
    status, out, _ = bench.run("rules")
    assert (status, "published_months   36" in out) == (0, True)
    assert json.loads(bench.run("--json", "rules")[1]) == rules
