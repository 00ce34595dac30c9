"""What the appliance is made of and what it is linked with (AP-1, IN-1, IN-2, HC-1 .. HC-3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatekit.intent.fields import (
    Account,
    AeTitle,
    ContextPath,
    HostAddress,
    HostName,
    Line,
    MacAddress,
    Name,
    Nic,
    PatientId,
    Port,
    TimeWindow,
    UrlPath,
)
from gatekit.intent.operation import Artefact
from gatekit.model import Frozen


class EsxiInstaller(Frozen):
    """What the unattended install of the host is made from (playbooks/esxi_install_medium.yml)."""

    iso: Artefact = Field(
        description="VMware's installer ISO of ESXi 8.0 U3 or newer, as downloaded; judged when a medium is made."
    )
    nic1_mac: MacAddress = Field(description="MAC address of NIC1, as printed on the server's label.")


class Appliance(Frozen):
    """The server the ESXi host runs on; sizes are checked against the VMs'."""

    memory_gb: int = Field(ge=1, le=4096, description="Memory in GiB.")
    cpus: int = Field(ge=1, le=512, description="Hardware threads.")
    datastore_gb: int = Field(ge=1, le=1_000_000, description="Size of the local datastore in GB.")
    nic1: Nic = Field(default="vmnic0", description="ESXi's name of NIC1, the port in the DMZ (AP-1).")
    windows: Literal["windows2022", "windows2025"] = Field(description="Guest of VM3 (AP-4).")
    esxi_installer: EsxiInstaller | None = Field(
        default=None, description="For a server without ESXi; what it makes wipes the server."
    )
    archive_disk_gb: int | None = Field(
        default=None,
        ge=10,
        le=62_000,
        description="Size of a disk of their own for VM1's studies, in GB; without it they lie on its system disk.",
    )
    linux_image: Artefact | None = Field(
        default=None, description="OVA that tools/image wrote, for VM1's and VM2's disks; judged when one is made."
    )


class LinkedSystem(Frozen):
    """EMR, order, report or another departmental system (IN-1)."""

    name: Name = Field(description="Short name of the system.")
    kind: Literal["emr", "order", "report", "laboratory", "radiology", "pharmacy", "department"] = Field(
        description="What it is."
    )
    protocol: Literal["hl7_mllp", "http", "https", "sftp", "smb", "sql"] = Field(description="How it is linked.")
    address: HostAddress = Field(description="Its address, in one of `networks`.")
    port: Port = Field(description="TCP port of the side that listens.")
    direction: Literal["from_gateway", "to_gateway"] = Field(description="Who opens the connection.")
    test_path: UrlPath = Field(
        default="/", description="What the connection test asks for: the path of a URL, or a folder (OP-7)."
    )
    account: Account | None = Field(
        default=None,
        description="Account of the connection test on sftp; its password is the vault's link_<name>_password.",
    )


class PatientIdForm(Frozen):
    """How one PACS writes patient ids."""

    digits: int | None = Field(
        default=None, ge=1, le=20, description="Numbers are zero-padded to this many digits; without it left as is."
    )
    issuer: str = Field(
        default="",
        max_length=64,
        pattern=r"^[A-Za-z0-9_. -]*$",
        description="Issuer of its patient ids, if it names one.",
    )


class Pacs(Frozen):
    """One PACS, linked by DICOM Query/Retrieve per patient (IN-2)."""

    name: Name = Field(description="Short name of the PACS.")
    ae_title: AeTitle = Field(description="Its AE title.")
    address: HostAddress = Field(description="Its address, in one of `networks`.")
    port: Port = Field(description="Its DICOM port.")
    parallel_moves: int = Field(default=1, ge=1, le=8, description="C-MOVE requests it takes at the same time.")
    move_windows: tuple[TimeWindow, ...] = Field(
        default=(), description="Times of the day in which it may be asked to send; empty: always."
    )
    bandwidth_mbit_s: int | None = Field(
        default=None, ge=1, le=10_000, description="Most it may send to us, in Mbit/s; without it no limit."
    )
    character_set: Literal["ISO_IR 192", "ISO 2022 IR 87", "ISO 2022 IR 13", "ISO_IR 100"] = Field(
        default="ISO 2022 IR 87", description="Specific Character Set of our queries (PS3.3 C.12.1.1.2)."
    )
    patient_id: PatientIdForm = Field(default=PatientIdForm(), description="How it writes patient ids.")
    information_model: Literal["study_root", "patient_root"] = Field(
        default="study_root", description="Query/Retrieve information model it supports (PS3.4 C.6)."
    )
    test_patient: PatientId | None = Field(
        default=None, description="Id of a test patient on it, for connection tests and verification (OP-7)."
    )


class ArchiveSettings(Frozen):
    """What both engines take."""

    ae_title: AeTitle = Field(description="AE title of the Gateway's own archive.")
    port: Port = Field(default=11112, description="DICOM port of the Gateway's own archive.")
    compression: Literal["none", "jpeg_ls_lossless", "jpeg_2000_lossless"] = Field(
        default="none", description="How images are stored; only lossless."
    )
    retention_months: int | None = Field(
        default=None, ge=1, le=1200, description="How long studies are kept after they came; without it always."
    )


class ArchiveDistribution(Artefact):
    """dcm4chee's zip for PostgreSQL (dcm4chee-arc-<version>-psql.zip), as its operator got it."""

    version: Literal["5.34.2", "5.34.3"] = Field(
        default="5.34.3", description="Version of dcm4chee-arc; it decides the version of WildFly."
    )


class Dcm4cheeArchive(ArchiveSettings):
    """dcm4chee on WildFly (AP-2)."""

    engine: Literal["dcm4chee"] = Field(description="dcm4chee-arc; needs its distribution.")
    distribution: ArchiveDistribution = Field(description="The distribution's zip.")


class OrthancArchive(ArchiveSettings):
    """Orthanc from the distribution's packages, behind the same paths."""

    engine: Literal["orthanc"] = Field(description="Orthanc; needs nothing but the package mirror.")


type Archive = Annotated[Dcm4cheeArchive | OrthancArchive, Field(discriminator="engine")]


class ApplicationDeployment(Artefact):
    """One application of ours on WildFly."""

    name: Name = Field(description="Short name.")
    context: ContextPath = Field(description="Its path in URLs, as its own descriptor says, such as /collector.")


class Application(Frozen):
    """What WildFly runs besides the archive (AP-2)."""

    wildfly: Artefact | None = Field(
        default=None, description="WildFly's zip beside the site file, where the controller reaches no registry."
    )
    deployments: tuple[ApplicationDeployment, ...] = Field(default=(), description="Applications on WildFly.")


class SingleSignOn(Frozen):
    """HC-3: the EMR launches the service through the same proxy."""

    emr_vendor: Line = Field(description="Vendor of the electronic medical record.")
    client_module: Line = Field(description="The client module that launches the service.")


class Proxy(Frozen):
    """HC-1, HC-2: which HIS terminals use the service, and how their browsers learn of the proxy."""

    clients: tuple[Name, ...] = Field(min_length=1, description="Names of hospital networks of kind his_clients.")
    browser_setting: Literal["manual", "pac", "windows_policy"] = Field(
        description="How the terminals' browsers learn of the proxy (HC-2)."
    )
    other_destinations: tuple[HostName, ...] = Field(
        default=(), description="Names besides the portal that terminals may reach through the proxy."
    )
    single_sign_on: SingleSignOn | None = Field(default=None, description="Launch from the EMR, if used (HC-3).")
