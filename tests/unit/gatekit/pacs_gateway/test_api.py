"""The REST interface through its ASGI seam: no socket, no database; the desk is a fake in memory."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from gatekit.dicom.memory import MemoryPeer
from gatekit.dicom.model import Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway.api import Service, application
from gatekit.pacs_gateway.configuration import Configuration
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.requests import Fault, Request, State
from tests.unit.gatekit.pacs_gateway.gateway import PLAN
from tests.unit.gatekit.pacs_gateway.memory_links import MemoryLinks, studies
from tests.unit.gatekit.pacs_gateway.memory_queue import PATIENT, request

FIX = "Look at PostgreSQL."


@dataclass
class MemoryDesk:
    """Holds one request; ``down`` is a database that does not answer."""

    held: Request = field(
        default_factory=lambda: replace(request(), fault=Fault("GW501", "main", "10.0.0.1", "Start it."))
    )
    down: bool = False
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def ask(self, patient: Patient, pacs: str | None, *, deep: bool, priority: int) -> list[Request]:
        self._answer()
        self.asked.append((patient, pacs, deep, priority))
        return [self.held]

    def find(self, number: UUID) -> Request:
        self._answer()
        if number != self.held.id:
            raise DicomError("GW534", "request", str(number), "Ask for a request that is there.")
        return self.held

    cancel = retry = find

    def list(self, state: State | None, limit: int) -> list[Request]:
        self._answer()
        return [self.held][:limit] if state in (None, self.held.state) else []

    def counts(self) -> dict[tuple[str, str], int]:
        self._answer()
        return {("main", "running"): 1}

    def _answer(self) -> None:
        if self.down:
            raise DicomError("GW533", "database", "OperationalError", FIX)


@dataclass
class Web:
    """One application and how to ask it."""

    desk: MemoryDesk = field(default_factory=MemoryDesk)
    alive: bool = True
    works: bool = True

    def call(self, method: str, target: str, body: object = None) -> tuple[int, Any]:
        links = {"main": MemoryLinks(MemoryPeer(studies(1)))}
        metrics = Metrics()
        metrics.count_requests(self.desk.counts)
        configuration = Configuration(gateway=PLAN.model_copy(update={"storage_folder": "/", "minimum_free_gb": 0}))
        supervisor = SimpleNamespace(alive=self.alive, works=self.works)
        service = Service(configuration, self.desk, supervisor, metrics, links)  # type: ignore[arg-type] # fakes
        return asyncio.run(_ask(application(service), method, target, body))


async def _ask(app: Any, method: str, target: str, body: object) -> tuple[int, Any]:
    path, _, query = target.partition("?")
    content = json.dumps(body).encode() if body is not None else b""
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path}
    scope |= {"raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http"}
    scope |= {
        "headers": [(b"content-type", b"application/json")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return sent[0]["status"], json.loads(text) if text.startswith(("{", "[")) else text


def test_patient_is_queued_and_the_answer_names_the_request_only() -> None:
    web = Web()
    status, answer = web.call("POST", "/patients/00770077/sync", {"pacs": "main", "deep": True, "priority": 50})
    assert status == 202
    assert web.desk.asked == [(Patient("00770077"), "main", True, 50)]
    assert answer["requests"][0]["id"] == str(UUID(int=7))
    assert "00770077" not in json.dumps(answer)


def test_body_may_be_left_out() -> None:
    web = Web()
    assert web.call("POST", "/patients/00770077/sync")[0] == 202
    assert web.desk.asked == [(Patient("00770077"), None, False, 10)]


@pytest.mark.parametrize(("method", "verb"), [("GET", ""), ("DELETE", ""), ("POST", "/retry")])
def test_request_is_told_by_its_number(method: str, verb: str) -> None:
    status, answer = Web().call(method, f"/requests/{UUID(int=7)}{verb}")
    assert status in (200, 202)
    assert (answer["state"], answer["fault"]["code"]) == ("running", "GW501")
    assert PATIENT.patient_id not in json.dumps(answer)


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "code", "value"),
    [
        pytest.param("POST", "/patients/AB*/sync", None, 422, "GW517", "<hidden>", id="wildcard-in-the-id"),
        pytest.param("POST", "/patients/1/sync", {"deeply": 1}, 422, "GW534", "body.deeply", id="unknown-key"),
        pytest.param("POST", "/patients/1/sync", {"priority": 1000}, 422, "GW534", "body.priority", id="too-urgent"),
        pytest.param("POST", f"/patients/{'9' * 65}/sync", None, 422, "GW534", "path.patient_id", id="id-too-long"),
        pytest.param("GET", "/requests/7", None, 422, "GW534", "path.number", id="no-number"),
        pytest.param("GET", f"/requests/{UUID(int=8)}", None, 404, "GW534", str(UUID(int=8)), id="unknown-request"),
        pytest.param("GET", "/requests?state=lost", None, 422, "GW534", "query.state", id="unknown-state"),
        pytest.param("POST", "/patients/1/difference", {"pacs": "x"}, 404, "GW534", "x", id="unknown-pacs"),
        pytest.param("GET", "/docs", None, 404, "GW534", "Not Found", id="no-such-path"),
        pytest.param("PUT", "/requests", None, 405, "GW534", "Method Not Allowed", id="no-such-method"),
    ],
)
def test_refusal_has_code_value_and_fix_and_repeats_no_id(
    method: str, target: str, body: object, status: int, code: str, value: str
) -> None:
    found, problem = Web().call(method, target, body)
    assert (found, problem["status"], problem["code"], problem["value"]) == (status, status, code, value)
    assert problem["fix"]
    assert "AB*" not in json.dumps(problem)
    assert "9" * 65 not in json.dumps(problem)


def test_database_that_is_down_is_a_problem_that_passes() -> None:
    status, problem = Web(MemoryDesk(down=True)).call("POST", "/patients/1/sync")
    assert (status, problem["code"], problem["fix"]) == (503, "GW533", FIX)


def test_difference_is_shown_and_nothing_is_queued() -> None:
    web = Web()
    status, answer = web.call("POST", "/patients/00770077/difference")
    (difference,) = answer["differences"]
    assert (status, difference["pacs"], [one["study"] for one in difference["studies"]]) == (200, "main", ["1.0"])
    assert web.desk.asked == []


@pytest.mark.parametrize(
    ("web", "status", "told"),
    [
        pytest.param(Web(), 200, (True, True, True), id="well"),
        pytest.param(Web(MemoryDesk(down=True), works=False), 503, (True, False, False), id="no-database"),
        pytest.param(Web(works=False), 503, (True, False, True), id="no-lease"),
        pytest.param(Web(alive=False), 503, (False, False, True), id="stuck"),
    ],
)
def test_health_tells_live_ready_and_database_apart(web: Web, status: int, told: tuple[bool, ...]) -> None:
    found, answer = web.call("GET", "/health")
    assert (found, (answer["live"], answer["ready"], answer["database"])) == (status, told)


def test_op_1_rules_are_those_the_service_was_started_with() -> None:
    status, told = Web().call("GET", "/rules")
    assert status == 200
    assert (told["published_months"], told["modalities"]) == (PLAN.published_months, list(PLAN.modalities))
    assert told["sources"] == [source.name for source in PLAN.sources]


def test_metrics_go_on_without_the_database() -> None:
    assert 'gatekit_pacs_requests{pacs="main",state="running"} 1.0' in Web().call("GET", "/metrics")[1]
    down = Web(MemoryDesk(down=True)).call("GET", "/metrics")[1]
    assert "gatekit_pacs_database_up 0.0" in down
    assert "gatekit_pacs_requests{" not in down


def test_interface_describes_itself() -> None:
    document = Web().call("GET", "/openapi.json")[1]
    assert set(document["paths"]["/requests/{number}"]) == {"get", "delete"}
    assert "202" in document["paths"]["/patients/{patient_id}/sync"]["post"]["responses"]
