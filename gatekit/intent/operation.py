"""What is published, to whom, and what may come back (OP-1 .. OP-6, OP-9)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatekit.intent.fields import Line, Modality, RelativePath, Sha256
from gatekit.model import Frozen

type Category = Literal[
    "admission_discharge",
    "prescription_orders",
    "injection_orders",
    "imaging_orders",
    "laboratory_results",
    "bacteria_results",
    "reports",
    "pacs_images",
    "notes",
    "diagnoses_allergies_infections",
]


class PublishedCategory(Frozen):
    """One kind of data, and how far back it is published."""

    category: Category = Field(description="The kind of data (OP-1).")
    months: int = Field(ge=1, le=1200, description="How many months back it is published.")


class Publication(Frozen):
    """OP-1 and OP-2."""

    categories: tuple[PublishedCategory, ...] = Field(min_length=1, description="What is published (OP-1).")
    modalities: tuple[Modality, ...] = Field(default=(), description="DICOM modalities that are published; empty: all.")
    pacs_image_download: bool = Field(description="Whether viewing facilities may download PACS images (OP-2).")


class NoUploads(Frozen):
    """Viewing facilities only look."""

    to: Literal["nowhere"] = Field(description="No uploads.")


class UploadsToStorageService(Frozen):
    """5 GB free, then charged per 5 GB and month; backed up (OP-3)."""

    to: Literal["storage_service"] = Field(description="To the storage service.")


class UploadsToGateway(Frozen):
    """Free, not usable while that Gateway is down (OP-3); scanned on entry (OP-5)."""

    to: Literal["gateway"] = Field(description="To this hospital's Gateway.")
    quota_gb: int = Field(ge=1, le=10_000, description="Room for uploads on VM1 in GB.")


type Uploads = Annotated[NoUploads | UploadsToStorageService | UploadsToGateway, Field(discriminator="to")]


class Artefact(Frozen):
    """A file beside the site file, known by its sha256."""

    path: RelativePath = Field(description="Relative to the site's folder.")
    sha256: Sha256 = Field(description="What `sha256sum` prints for it.")


class ViewingFacility(Frozen):
    """閲覧施設: each of its terminals gets a TLS client certificate (OP-9)."""

    name: Line = Field(description="Name of the facility.")
    terminals: int = Field(ge=1, le=500, description="Terminals, each with a certificate of its own.")
