"""Bodies of the REST interface. A patient's id comes in, never goes out: a request is known by its number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import Field

from gatekit.dicom.model import Difference, Entity
from gatekit.model import Frozen
from gatekit.pacs_gateway.requests import Request


class Wish(Frozen):
    """What a caller wants of a patient."""

    pacs: str | None = Field(None, description="Name of one PACS; without it, all whose ids have the issuer.")
    issuer: str = Field("", max_length=64, description="Issuer of the patient id; empty: the PACS's own.")
    deep: bool = Field(default=False, description="Compare every instance, since equal counts prove nothing.")
    priority: int = Field(10, ge=0, le=100, description="Higher goes first; the nightly sweep has 0.")


class FaultAnswer(Frozen):
    """The last error of a request."""

    code: str
    path: str
    value: str
    fix: str


class RequestAnswer(Frozen):
    """Where a request stands."""

    id: UUID
    pacs: str
    state: str
    reason: str | None
    deep: bool
    priority: int
    faults: int
    created_at: datetime
    not_before: datetime
    started_at: datetime | None
    ended_at: datetime | None
    moved_instances: int
    exchanges: int
    fault: FaultAnswer | None

    @classmethod
    def of(cls, request: Request) -> RequestAnswer:
        """Return what may be told of a request."""
        names = set(cls.model_fields) - {"fault", "state"}
        fault = request.fault
        told = FaultAnswer(code=fault.code, path=fault.path, value=fault.value, fix=fault.fix) if fault else None
        values = {name: getattr(request, name) for name in names}
        return cls.model_validate({**values, "state": request.state.value, "fault": told})


class RequestsAnswer(Frozen):
    """Several requests; for a patient one at each PACS."""

    requests: tuple[RequestAnswer, ...]

    @classmethod
    def of(cls, requests: Iterable[Request]) -> RequestsAnswer:
        """Return the answer."""
        return cls(requests=tuple(RequestAnswer.of(request) for request in requests))


class EntityAnswer(Frozen):
    """A study, series or instance."""

    study: str
    series: str
    instance: str


class DifferenceAnswer(Frozen):
    """What one PACS has and the archive has not."""

    pacs: str
    studies: tuple[EntityAnswer, ...]
    series: tuple[EntityAnswer, ...]
    instances: tuple[EntityAnswer, ...]
    only_in_archive: tuple[EntityAnswer, ...]
    undecided: tuple[EntityAnswer, ...]
    withheld: tuple[EntityAnswer, ...]

    @classmethod
    def of(cls, pacs: str, difference: Difference) -> DifferenceAnswer:
        """Return the answer."""

        def told(entities: Iterable[Entity]) -> tuple[EntityAnswer, ...]:
            return tuple(EntityAnswer(study=one.study, series=one.series, instance=one.instance) for one in entities)

        names = [name for name in cls.model_fields if name != "pacs"]
        return cls.model_validate({"pacs": pacs} | {name: told(getattr(difference, name)) for name in names})


class DifferencesAnswer(Frozen):
    """The difference at each PACS."""

    differences: tuple[DifferenceAnswer, ...]


class PeerAnswer(Frozen):
    """Whether one peer can be used."""

    name: str
    ae_title: str
    usable: bool
    fault: FaultAnswer | None


class PeersAnswer(Frozen):
    """Every peer."""

    peers: tuple[PeerAnswer, ...]


class HealthAnswer(Frozen):
    """What works: ``live`` is for the watchdog, ``ready`` for whoever sends requests."""

    live: bool
    ready: bool
    database: bool
    worker: bool
    archive_has_room: bool


class RulesAnswer(Frozen):
    """OP-1 as the running service applies it: months back (None: nothing), modalities (empty: all), from whom."""

    published_months: int | None
    modalities: tuple[str, ...]
    sources: tuple[str, ...]


class Problem(Frozen):
    """An error (RFC 9457) with the four facts of every error of gatekit."""

    type: str
    title: str
    status: int
    code: str
    path: str
    value: str
    fix: str
