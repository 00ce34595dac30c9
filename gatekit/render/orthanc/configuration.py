"""Orthanc's own configuration from the plan. What is set differs from its default or is a promise of ours."""

from __future__ import annotations

import json
from typing import Any

from gatekit.plan.vm1.model import ArchivePlan, DicomNode
from gatekit.render.text import header

__all__ = ["CACHE_FOLDER", "GUARDS", "INDEX_CONNECTIONS", "configuration"]

CACHE_FOLDER = "/var/cache/orthanc-viewer"
GUARDS = "/etc/orthanc/gatekit-guards.lua"
INDEX_CONNECTIONS = 8
"""To PostgreSQL, as many as DICOM threads."""
_PLUGIN_FOLDER = "/usr/share/orthanc/plugins"
# Exactly these: Debian's folder also holds plugins that serve files or delete later.
_PLUGINS = ("libOrthancPostgreSQLIndex", "libOrthancDicomWeb", "libOrthancWebViewer", "libOrthancGdcm")
# Transfer syntaxes of PS3.5 annex A.4: lossless, so that nothing a doctor sees is changed.
_INGEST = {"jpeg_ls_lossless": "1.2.840.10008.1.2.4.80", "jpeg_2000_lossless": "1.2.840.10008.1.2.4.90"}
_SERVICES = ("Echo", "Store", "Find", "FindWorklist", "Get", "Move", "StorageCommitment")
# Orthanc 1.12 writes "DicomAlwaysAllow..." for these; false: only what DicomModalities grants.
_OPEN_TO_ALL = ("Echo", "Store", "Find", "FindWorklist", "Get", "Move")


def configuration(plan: ArchivePlan) -> str:
    """Return the JSON that Orthanc reads; comments are allowed in it, so the usual header stands above."""
    settings = {
        **_storage(plan),
        **_http(plan),
        **_dicom(plan),
        "DicomModalities": _modalities(plan),
        "PostgreSQL": _postgresql(plan),
        "DicomWeb": {
            "Enable": True,
            "Root": plan.dicomweb_path,
            "EnableWado": False,  # WADO-URI: nobody asks that way, and it downloads originals (OP-2)
        },
        "WebViewer": {"CachePath": CACHE_FOLDER, "CacheSize": 500, "Threads": 2},
        "Gdcm": {"Enable": True, "Throttling": 2},
    }
    return header("vm1.archive", "//") + json.dumps(settings, indent=2) + "\n"


def _storage(plan: ArchivePlan) -> dict[str, Any]:
    transcoding = {"IngestTranscoding": _INGEST[plan.compression]} if plan.compression != "none" else {}
    return {
        "Name": plan.ae_title,
        "StorageDirectory": plan.storage_folder,
        "IndexDirectory": plan.storage_folder,
        # zlib on top of image compression gains little, and every frame shown would have to be inflated.
        "StorageCompression": False,
        # No limit makes Orthanc recycle: full is judged by the free space of the volume, in the Lua script.
        "MaximumStorageSize": 0,
        "MaximumPatientCount": 0,
        "MaximumStorageMode": "Reject",
        "OverwriteInstances": False,
        "SyncStorageArea": True,
        "StoreMD5ForAttachments": True,
        "Plugins": [f"{_PLUGIN_FOLDER}/{name}.so" for name in _PLUGINS],
        "LuaScripts": [GUARDS],
        "LuaHeartBeatPeriod": 5,  # seconds
        "SaveJobs": False,
        "ExtraMainDicomTags": {"Instance": ["SOPClassUID", "Rows", "Columns", "BitsAllocated"]},
        **transcoding,
    }


def _http(plan: ArchivePlan) -> dict[str, Any]:
    """Orthanc cannot bind HTTP to one address; it refuses everybody but loopback, and VM1's packet filter before it."""
    return {
        "HttpServerEnabled": True,
        "HttpPort": plan.http_port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,  # loopback only, and Apache decides who sees which path
        "OrthancExplorerEnabled": False,
        "WebDavEnabled": False,
        "ExecuteLuaEnabled": False,
        "RestApiWriteToFileSystemEnabled": False,
        "HttpDescribeErrors": False,
        "KeepAlive": True,
        "KeepAliveTimeout": 5,  # seconds; an idle connection holds a thread, and Apache gives it up after 4
        "TcpNoDelay": True,
        "HttpThreadsCount": 50,
    }


def _dicom(plan: ArchivePlan) -> dict[str, Any]:
    return {
        "DicomServerEnabled": True,
        "DicomAet": plan.ae_title,
        "DicomPort": plan.dicom_port,
        "DicomCheckCalledAet": True,
        "StrictAetComparison": True,  # AE titles are case-sensitive (PS3.5 6.2)
        "DicomCheckModalityHost": True,
        **{f"DicomAlwaysAllow{service}": False for service in _OPEN_TO_ALL},
        # ASCII files are UTF-8 as they are, and answers to C-FIND can bear every Japanese name;
        # Orthanc's "Japanese" is ISO_IR 13, which has no kanji.
        "DefaultEncoding": "Utf8",
        # An archive equal to the PACS must hold what the PACS holds, private SOP classes too; only our nodes send.
        "UnknownSopClassAccepted": True,
        "DicomThreadsCount": INDEX_CONNECTIONS,
        "DicomScpTimeout": 60,
        "MaximumPduLength": 131072,
        "LimitFindResults": 0,  # a cut list would look like missing studies to the PACS GatewayService
        "LimitFindInstances": 0,
        "StableAge": 60,  # seconds
        "DeidentifyLogs": True,
        "DeidentifyLogsDicomVersion": "2023b",
    }


def _modalities(plan: ArchivePlan) -> dict[str, Any]:
    """Return the only ones that may associate: nodes store, VM1 itself (PACS GatewayService) asks."""
    itself = DicomNode.model_validate(
        {"name": "vm1", "ae_title": plan.ae_title, "address": "127.0.0.1", "port": plan.dicom_port}
    )
    nodes = {f"node_{number}": _modality(node, ("Echo", "Store")) for number, node in enumerate(plan.nodes, 1)}
    return {"vm1": _modality(itself, ("Echo", "Find"))} | nodes


def _modality(node: DicomNode, allowed: tuple[str, ...]) -> dict[str, Any]:
    rights = {f"Allow{service}": service in allowed for service in _SERVICES}
    return {"AET": node.ae_title, "Host": str(node.address), "Port": node.port, **rights}


def _postgresql(plan: ArchivePlan) -> dict[str, Any]:
    """The index lies in the database; files stay on the volume."""
    database = plan.database
    return {
        "EnableIndex": True,
        "EnableStorage": False,
        "Host": "127.0.0.1",
        "Port": database.port,
        "Database": database.name,
        "Username": database.owner,
        "Password": f"<secret {database.password}>",
        "EnableSsl": False,  # loopback
        "Lock": True,  # a second Orthanc on the same index would corrupt it
        "IndexConnectionsCount": INDEX_CONNECTIONS,
        "MaximumConnectionRetries": 10,
        "ConnectionRetryInterval": 1,  # seconds; after that systemd starts it again, for ever
    }
