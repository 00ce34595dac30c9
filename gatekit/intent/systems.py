"""What the appliance is made of and what it is linked with (AP-1, IN-1, IN-2, HC-1 .. HC-3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatekit.intent.fields import AeTitle, HostAddress, HostName, Line, Name, Nic, Port
from gatekit.model import Frozen


class Appliance(Frozen):
    """The server the ESXi host runs on; sizes are checked against the VMs'."""

    memory_gb: int = Field(ge=1, le=4096, description="Memory in GiB.")
    cpus: int = Field(ge=1, le=512, description="Hardware threads.")
    datastore_gb: int = Field(ge=1, le=1_000_000, description="Size of the local datastore in GB.")
    nic1: Nic = Field(default="vmnic0", description="ESXi's name of NIC1, the port in the DMZ (AP-1).")
    windows: Literal["windows2022", "windows2025"] = Field(description="Guest of VM3 (AP-4).")


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


class Pacs(Frozen):
    """One PACS, linked by DICOM Query/Retrieve per patient (IN-2)."""

    name: Name = Field(description="Short name of the PACS.")
    ae_title: AeTitle = Field(description="Its AE title.")
    address: HostAddress = Field(description="Its address, in one of `networks`.")
    port: Port = Field(description="Its DICOM port.")
    parallel_moves: int = Field(default=1, ge=1, le=8, description="C-MOVE requests it takes at the same time.")


class Archive(Frozen):
    """The Gateway's own DICOM archive on VM1."""

    ae_title: AeTitle = Field(description="AE title of the Gateway's own archive.")
    port: Port = Field(default=11112, description="DICOM port of the Gateway's own archive.")


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
