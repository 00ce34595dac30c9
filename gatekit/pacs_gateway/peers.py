"""Whether each PACS and the archive take our association with the services we need."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.dicom.association import KeptAssociation, Peer, Timeouts
from gatekit.dicom.peers import archive_peer, pacs_peer
from gatekit.dicom.statuses import Service
from gatekit.errors import DicomError
from gatekit.pacs_gateway.requests import Fault
from gatekit.plan.vm1.model import PacsGatewayPlan

__all__ = ["check_peers"]


def check_peers(
    plan: PacsGatewayPlan, archive_address: str = "127.0.0.1", timeouts: Timeouts | None = None
) -> Iterator[tuple[Peer, Fault | None]]:
    """Yield each peer with what is wrong with it; None when an association with FIND (and MOVE) came about."""
    if plan.sources:
        archive = archive_peer(plan, plan.sources[0], archive_address)
        yield archive, _fault(archive, plan, (Service.FIND,), timeouts)
    for source in plan.sources:
        peer = pacs_peer(source)
        yield peer, _fault(peer, plan, (Service.FIND, Service.MOVE), timeouts)


def _fault(peer: Peer, plan: PacsGatewayPlan, services: tuple[Service, ...], timeouts: Timeouts | None) -> Fault | None:
    kept = KeptAssociation(peer, plan.ae_title, timeouts or Timeouts())
    try:
        for service in services:
            kept.ready_for(service)
    except DicomError as error:
        return Fault.of(error)
    finally:
        kept.release()
    return None
