"""What Prometheus reads. Labels are names of PACS, states and codes; never anything of a patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from gatekit.dicom.model import MoveOutcome
from gatekit.errors import DicomError
from gatekit.pacs_gateway.links import Synchronised

__all__ = ["Metrics"]

_PREFIX = "gatekit_pacs_"
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)


class Metrics:
    """The daemon's counters in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.moves = self._counter("moves", "C-MOVE requests with a final answer.", "pacs", "result")
        self.instances = self._counter("instances", "Instances the PACS says it sent.", "pacs", "result")
        self.exchanges = self._counter("exchanges", "C-FIND and C-MOVE requests.", "pacs")
        self.faults = self._counter("faults", "Faults of requests by error code.", "pacs", "code")
        self.waits = self._counter("waits", "Requests that were made to wait.", "pacs", "reason")
        self.audit_lost = self._counter("audit_records_lost", "Audit records syslog did not take.")
        self.leases = self._counter("leases", "Times the daemon took the queue.")
        self.recovered = self._counter("recovered", "Requests a dead worker left running, queued again.")
        self.moves_running = Gauge(_PREFIX + "moves_running", "C-MOVE now.", ("pacs",), registry=self.registry)
        self.free_bytes = Gauge(
            _PREFIX + "archive_free_bytes", "Free space of the archive's volume.", registry=self.registry
        )
        self.last_sweep = Gauge(
            _PREFIX + "last_sweep_timestamp_seconds", "When the last sweep was queued.", registry=self.registry
        )
        self.seconds = Histogram(
            _PREFIX + "synchronise_seconds",
            "Seconds from claim to equal.",
            ("pacs", "deep"),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, text, labels, registry=self.registry)

    def count_requests(self, counts: Callable[[], dict[tuple[str, str], int]]) -> None:
        """Read the depth of the queue at each scrape from ``counts``."""
        self.registry.register(_Requests(counts))

    def moved(self, pacs: str, outcome: MoveOutcome) -> None:
        """Count one finished move."""
        self.moves_running.labels(pacs).dec()
        self.moves.labels(pacs, "failed" if outcome.failed else "complete").inc()
        self.instances.labels(pacs, "sent").inc(outcome.completed + outcome.warning)
        self.instances.labels(pacs, "failed").inc(outcome.failed)

    def done(self, pacs: str, done: Synchronised, duration_s: float, *, deep: bool) -> None:
        """Count one patient that is equal now."""
        self.exchanges.labels(pacs).inc(done.exchanges)
        self.seconds.labels(pacs, str(deep).lower()).observe(duration_s)


class _Requests(Collector):
    def __init__(self, counts: Callable[[], dict[tuple[str, str], int]]) -> None:
        self._counts = counts

    def describe(self) -> list[Metric]:
        return []  # asked at registration, when the database may be down

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(_PREFIX + "database_up", "Whether the database answers.")
        try:
            counts = self._counts()
        except DicomError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        depth = GaugeMetricFamily(_PREFIX + "requests", "Requests by state.", labels=("pacs", "state"))
        for (pacs, state), number in sorted(counts.items()):
            depth.add_metric((pacs, state), number)
        yield depth
