"""The two peers of one PACS's links, from VM1's plan."""

from __future__ import annotations

from gatekit.dicom.association import Peer
from gatekit.dicom.model import Published, Root
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

ARCHIVE = "archive"


def pacs_peer(source: PacsSource) -> Peer:
    """Return the PACS as the site file describes it."""
    return Peer(
        name=source.name,
        ae_title=source.ae_title,
        address=str(source.address),
        port=source.port,
        root=Root(source.information_model),
        character_set=source.character_set,
        patient_id=source.patient_id,
    )


def archive_peer(plan: PacsGatewayPlan, source: PacsSource, address: str) -> Peer:
    """Return our archive, always study root; it holds the ids as ``source`` writes them."""
    return Peer(
        name=ARCHIVE,
        ae_title=plan.archive_ae_title,
        address=address,
        port=plan.archive_port,
        patient_id=source.patient_id,
        ours=True,
    )


def published(plan: PacsGatewayPlan) -> Published:
    """Return what may leave the PACS.

    Raises:
        DicomError: GW519 when the hospital publishes no images: then nothing is moved at all.
    """
    if plan.published_months is None:
        fix = "Add category pacs_images with its months to publication.categories of the site file."
        raise DicomError("GW519", "publication.categories", "no pacs_images", fix)
    return Published(plan.published_months, plan.modalities)
