"""The daemon: web server on the main thread's loop, workers beside it, systemd told how it is."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import uvicorn

from gatekit.dicom.model import Patient
from gatekit.errors import GatekitError
from gatekit.pacs_gateway import journal
from gatekit.pacs_gateway.api import Service, application
from gatekit.pacs_gateway.audit import Audit
from gatekit.pacs_gateway.configuration import (
    CONFIGURATION_FILE,
    Configuration,
    Secrets,
    credentials,
    database_url,
    load,
)
from gatekit.pacs_gateway.desk import Desk
from gatekit.pacs_gateway.health import Notifier, watch
from gatekit.pacs_gateway.links import Links, LinksFactory
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.supervisor import Supervisor
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

__all__ = ["main", "run"]

_LOG = logging.getLogger(__name__)
STUCK = 70
"""Exit status when a worker could not be ended; systemd starts the daemon anew (EX_SOFTWARE)."""


def real_links(source: PacsSource, plan: PacsGatewayPlan) -> Links:
    """Return the links on the network."""
    from gatekit.dicom.synchronise import Links as NetworkLinks  # noqa: PLC0415 - 0.3 s the CLI need not wait for

    return NetworkLinks(source, plan)


def run(configuration: Configuration, secrets: Secrets, links_to: LinksFactory = real_links) -> int:
    """Serve until told to stop; return the exit status."""
    service, audit = build(configuration, secrets, links_to)
    service.desk.open()
    service.supervisor.start()
    audit.application(starts=True)
    try:
        asyncio.run(_serve(service))
    finally:
        service.supervisor.stop()
        audit.application(starts=False)
        service.desk.close()
        for links in service.links.values():
            links.close()
    return 0 if service.supervisor.ended_well else STUCK


def build(configuration: Configuration, secrets: Secrets, links_to: LinksFactory) -> tuple[Service, Audit]:
    """Put the parts together; nothing is started."""
    plan, metrics = configuration.gateway, Metrics()
    links = MappingProxyType({source.name: links_to(source, plan) for source in plan.sources})
    audit = Audit(plan, metrics.audit_lost.inc)

    def name_of(patient: Patient) -> str:
        return patient.fingerprint(secrets.patient_hash_key)

    database = database_url(configuration, secrets, "gatekit-pacs-gateway workers")
    supervisor = Supervisor(configuration, database, links, metrics, audit, name_of)
    desk = Desk(database_url(configuration, secrets, "gatekit-pacs-gateway desk"), plan.sources, supervisor.wake)
    metrics.count_requests(desk.counts)
    return Service(configuration, desk, supervisor, metrics, links), audit


async def _serve(service: Service) -> None:
    notifier, supervisor = Notifier(), service.supervisor
    web = uvicorn.Server(
        uvicorn.Config(
            application(service),
            host="127.0.0.1",
            port=service.configuration.gateway.port,
            access_log=False,  # paths hold ids of patients
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # The web server ends itself and then raises the signal again for whoever was there before: us, who go on.
        signal.signal(number, lambda *_: None)
    serving = asyncio.create_task(web.serve())
    while not web.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.02)

    def status() -> str:
        return "works on the queue" if supervisor.works else "waits for the database"

    notifier.tell("READY=1", f"STATUS={status()}")
    watching = asyncio.create_task(watch(notifier, lambda: supervisor.alive, status))
    await asyncio.wait((serving, watching), return_when=asyncio.FIRST_COMPLETED)
    notifier.tell("STOPPING=1")
    web.should_exit = True  # also when the supervisor is stuck: systemd starts us anew
    watching.cancel()
    await serving


def main(words: Sequence[str] | None = None) -> int:
    """Run the daemon from its configuration file."""
    words = sys.argv[1:] if words is None else words
    journal.set_up()
    try:
        return run(load(Path(words[0]) if words else CONFIGURATION_FILE), credentials())
    except GatekitError as error:
        _LOG.critical("%s", error)
        return 78  # EX_CONFIG


if __name__ == "__main__":
    sys.exit(main())
