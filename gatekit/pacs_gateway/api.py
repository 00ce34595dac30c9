"""The REST interface, on loopback only; Apache lets the data centre's collector to it and nobody else.

Handlers run in the web server's threads, so a slow database or PACS does not stop the event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Body, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from gatekit import __version__
from gatekit.codes import CODES
from gatekit.dicom.model import Patient
from gatekit.dicom.patients import patient_at
from gatekit.errors import DicomError, GatekitError
from gatekit.pacs_gateway.answers import (
    DifferenceAnswer,
    DifferencesAnswer,
    FaultAnswer,
    HealthAnswer,
    PeerAnswer,
    PeersAnswer,
    Problem,
    RequestAnswer,
    RequestsAnswer,
    RulesAnswer,
    Wish,
)
from gatekit.pacs_gateway.configuration import Configuration
from gatekit.pacs_gateway.desk import Desk
from gatekit.pacs_gateway.guard import free_bytes, hospital_time
from gatekit.pacs_gateway.links import Links
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.peers import check_peers
from gatekit.pacs_gateway.requests import State
from gatekit.pacs_gateway.supervisor import Supervisor

__all__ = ["Service", "application"]

_LOG = logging.getLogger(__name__)
_STATUS = {"GW517": 422, "GW520": 422, "GW519": 409, "GW532": 500, "GW533": 503, "GW534": 404}
"""HTTP status by code; every other fault is the PACS's: 502."""

type PatientId = Annotated[str, Path(max_length=64, description="As the hospital writes it.")]
_PROBLEMS: Mapping[int | str, dict[str, object]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (404, 422, 502, 503)
}


@dataclass(frozen=True)
class Service:
    """What the interface stands on."""

    configuration: Configuration
    desk: Desk
    supervisor: Supervisor
    metrics: Metrics
    links: Mapping[str, Links]

    def health(self) -> HealthAnswer:
        """Return what works now."""
        database = _works(self.desk.counts)
        plan = self.configuration.gateway
        room = _works(lambda: free_bytes(plan.storage_folder) >= plan.minimum_free_gb * 10**9)
        live, worker = self.supervisor.alive, self.supervisor.works
        ready = live and worker and database
        return HealthAnswer(live=live, ready=ready, database=database, worker=worker, archive_has_room=room)


def _works(attempt: Callable[[], object]) -> bool:
    try:
        return attempt() is not False
    except GatekitError:
        return False


def application(service: Service) -> FastAPI:
    """Return the web application."""
    app = FastAPI(
        title="PACS GatewayService",
        version=__version__,
        description="Keeps the archive equal to what the PACS publish of a patient. No answer names a patient.",
        docs_url=None,  # its pages load scripts from the Internet
        redoc_url=None,
        responses={**_PROBLEMS},
    )
    _add_requests(app, service)
    _add_comparison(app, service)
    _add_state(app, service)
    _add_problems(app)
    return app


def _add_requests(app: FastAPI, service: Service) -> None:
    @app.post("/patients/{patient_id}/sync", status_code=202)
    def sync(patient_id: PatientId, wish: Annotated[Wish | None, Body()] = None) -> RequestsAnswer:
        """Queue the patient; whoever is queued already keeps the number and gets the higher wish of both."""
        wish = wish or Wish()
        return RequestsAnswer.of(
            service.desk.ask(Patient(patient_id, wish.issuer), wish.pacs, deep=wish.deep, priority=wish.priority)
        )

    @app.get("/requests/{number}")
    def request(number: UUID) -> RequestAnswer:
        """Return where a request stands."""
        return RequestAnswer.of(service.desk.find(number))

    @app.delete("/requests/{number}")
    def cancel(number: UUID) -> RequestAnswer:
        """Cancel a request; one that runs ends before its next move."""
        return RequestAnswer.of(service.desk.cancel(number))

    @app.post("/requests/{number}/retry", status_code=202)
    def retry(number: UUID) -> RequestAnswer:
        """Queue a dead letter again."""
        return RequestAnswer.of(service.desk.retry(number))

    @app.get("/requests")
    def requests(
        state: Annotated[State | None, Query()] = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> RequestsAnswer:
        """Return requests, newest first."""
        return RequestsAnswer.of(service.desk.list(state, limit))


def _add_comparison(app: FastAPI, service: Service) -> None:
    @app.post("/patients/{patient_id}/difference")
    def difference(patient_id: PatientId, wish: Annotated[Wish | None, Body()] = None) -> DifferencesAnswer:
        """Return what the archive lacks of a patient, now; nothing is moved and nothing is queued."""
        wish = wish or Wish()
        patient, configuration = Patient(patient_id, wish.issuer), service.configuration
        named = [configuration.source(wish.pacs)] if wish.pacs else configuration.gateway.sources
        found = []
        for source in named:
            there = patient_at(patient, source.patient_id, source.name)
            seen = service.links[source.name].difference(
                there, hospital_time(configuration.gateway).date(), deep=wish.deep
            )
            found.append(DifferenceAnswer.of(source.name, seen))
        return DifferencesAnswer(differences=tuple(found))

    @app.post("/check")
    def check() -> PeersAnswer:
        """Return for each PACS and the archive whether it takes our association."""
        peers = []
        for peer, fault in check_peers(service.configuration.gateway):
            told = FaultAnswer(code=fault.code, path=fault.path, value=fault.value, fix=fault.fix) if fault else None
            peers.append(PeerAnswer(name=peer.name, ae_title=peer.ae_title, usable=fault is None, fault=told))
        return PeersAnswer(peers=tuple(peers))


def _add_state(app: FastAPI, service: Service) -> None:
    @app.get("/health")
    def health(response: Response) -> HealthAnswer:
        """Return what works; 503 when requests are not worked on."""
        answer = service.health()
        response.status_code = 200 if answer.ready else 503
        return answer

    @app.get("/rules")
    def rules() -> RulesAnswer:
        """Return what is published, from which PACS."""
        plan = service.configuration.gateway
        return RulesAnswer(
            published_months=plan.published_months,
            modalities=plan.modalities,
            sources=tuple(source.name for source in plan.sources),
        )

    @app.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Return the counters for Prometheus."""
        return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _add_problems(app: FastAPI) -> None:
    def on_fault(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, GatekitError)
        return _problem(error)

    def on_body(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        places = ", ".join(".".join(str(part) for part in row["loc"]) for row in error.errors())
        fix = "Send what /openapi.json describes."
        return _problem(DicomError("GW534", "request", places, fix), 422)  # the values may be a patient's

    def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        fix = "Use a path and a method of /openapi.json."
        return _problem(DicomError("GW534", "request", error.detail, fix), error.status_code)

    def on_bug(_: Request, error: Exception) -> JSONResponse:
        fix = "Send the journal of gatekit-pacs-gateway to the developers."
        return _problem(DicomError("GW532", "service", type(error).__name__, fix))

    app.add_exception_handler(GatekitError, on_fault)
    app.add_exception_handler(RequestValidationError, on_body)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)


def _problem(error: GatekitError, status: int | None = None) -> JSONResponse:
    status = status or _STATUS.get(error.code, 502)
    problem = Problem(
        type=f"urn:gatekit:{error.code}",
        title=CODES[error.code],
        status=status,
        code=error.code,
        path=error.path,
        value=str(error.value),
        fix=error.fix,
    )
    _LOG.info("answered %d: %s", status, error)
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse(problem.model_dump(), status, headers, media_type="application/problem+json")
