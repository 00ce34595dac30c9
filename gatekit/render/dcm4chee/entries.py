"""What the site's plan changes in the archive's delivered configuration, as LDIF laid over the distribution's. Pure.

The delivered configuration is already under the site's AE title (``gatekit/portable/dcm4chee/distribution.py``).
Attribute names and classes: the distribution's own schema (ldap/slapd/*.ldif, 5.34.3). A change names all values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekit.errors import RenderError
from gatekit.plan.vm1.model import ArchivePlan, DicomNode, DirectoryPlan, WildflyPlan
from gatekit.render.dcm4chee.layout import DEVICE, STORAGE
from gatekit.render.wildfly.layout import KEYSTORE

__all__ = ["absent_entries", "site_entries"]

SAFE_TITLE = re.compile(r"[A-Za-z0-9_-]{1,16}")
TRANSFER_SYNTAXES = {  # PS3.5 A.4
    "jpeg_ls_lossless": "1.2.840.10008.1.2.4.80",
    "jpeg_2000_lossless": "1.2.840.10008.1.2.4.90",
}
UNUSED_TITLES = (  # further faces of the same archive, which anybody could call
    "AS_RECEIVED",
    "IOCM_EXPIRED",
    "IOCM_PAT_SAFETY",
    "IOCM_QUALITY",
    "IOCM_REGULAR_USE",
    "IOCM_WRONG_MWL",
    "WORKLIST",
)
UNUSED_CONNECTIONS = ("dicom-tls", "hl7", "hl7-tls")  # ports that are in no flow of the matrix
NODE = "pacs-"  # before a node's name in the name of its device
COMPRESSION, RETENTION = "cn=gatekit compression", "cn=gatekit retention"
type Change = tuple[str, tuple[str, ...]]


def site_entries(archive: ArchivePlan, directory: DirectoryPlan, wildfly: WildflyPlan) -> str:
    """Return the LDIF; it names secrets as ``<secret NAME>``.

    Raises:
        RenderError: GW302 for an AE title that dcm4chee cannot have in its paths and names.
    """
    _refuse_odd_titles(archive)
    device = _device(directory)
    records = [
        *_device_changes(device, wildfly),
        *_listening(archive, device),
        *_storing(archive, device),
        *(record for node in archive.nodes for record in _node(node, directory)),
    ]
    return "version: 1\n\n" + "\n\n".join(records) + "\n"


def absent_entries(archive: ArchivePlan, directory: DirectoryPlan) -> list[str]:
    """Return names of entries the plan does not want (any more): rules, and a node or a node's title that is gone."""
    device = _device(directory)
    names = [COMPRESSION] if archive.compression == "none" else []
    names += [RETENTION] if archive.retention_months is None else []
    nodes = [f"dicomAETitle=*,{_node_device(row, directory)}" for row in archive.nodes]
    return [*(f"{name},{device}" for name in names), f"dicomDeviceName={NODE}*,{_devices(directory)}", *nodes]


def _refuse_odd_titles(archive: ArchivePlan) -> None:
    titles = {"archive.ae_title": archive.ae_title} | {
        f"pacs.{row.name}.ae_title": row.ae_title for row in archive.nodes
    }
    for path, title in titles.items():
        if not SAFE_TITLE.fullmatch(title):
            fix = "dcm4chee has it in web paths and names of entries: use letters, digits, - and _ only."
            raise RenderError("GW302", path, title, fix)


def _devices(directory: DirectoryPlan) -> str:
    return f"cn=Devices,cn=DICOM Configuration,{directory.suffix}"


def _device(directory: DirectoryPlan) -> str:
    return f"dicomDeviceName={DEVICE},{_devices(directory)}"


def _node_device(node: DicomNode, directory: DirectoryPlan) -> str:
    return f"dicomDeviceName={NODE}{node.name},{_devices(directory)}"


def _replace(dn: str, changes: Iterable[Change]) -> str:
    """Return one record that replaces attributes; no value removes the attribute."""
    lines = [f"dn: {dn}", "changetype: modify"]
    for name, values in changes:
        lines += [f"replace: {name}", *(f"{name}: {value}" for value in values), "-"]
    return "\n".join(lines)


def _entry(dn: str, classes: Iterable[str], **values: str) -> str:
    lines = [f"dn: {dn}", *(f"objectClass: {name}" for name in classes)]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in values.items())])


def _device_changes(device: str, wildfly: WildflyPlan) -> Iterator[str]:
    """The key store of the distribution is known to everybody, and so is its authority: the site's own instead."""
    yield _replace(
        device,
        (
            ("dcmKeyStoreURL", (f"file:{KEYSTORE}",)),
            ("dcmKeyStorePin", (f"<secret {wildfly.keystore_password}>",)),
            ("dcmTrustStoreURL", ()),
            ("dcmTrustStorePin", ()),
            ("dcmTrustStoreType", ()),
        ),
    )


def _listening(archive: ArchivePlan, device: str) -> Iterator[str]:
    """One port, one AE title, and only the plan's nodes and VM1 itself may call."""
    callers = tuple(sorted({archive.ae_title, *(row.ae_title for row in archive.nodes)}))
    yield _replace(f"cn=dicom,{device}", (("dicomPort", (str(archive.dicom_port),)),))
    for name in UNUSED_CONNECTIONS:
        yield _replace(f"cn={name},{device}", (("dicomInstalled", ("FALSE",)),))
    yield _replace(
        f"dicomAETitle={archive.ae_title},{device}",
        (
            ("dcmAcceptedCallingAETitle", callers),
            ("dcmObjectStorageID", (STORAGE,)),
            ("dicomNetworkConnectionReference", (f"cn=dicom,{device}",)),
        ),
    )
    for title in UNUSED_TITLES:
        yield _replace(f"dicomAETitle={title},{device}", (("dicomInstalled", ("FALSE",)),))


def _storing(archive: ArchivePlan, device: str) -> Iterator[str]:
    """Where images go and when the archive refuses more; how they are compressed; when they expire."""
    yield _replace(
        f"dcmStorageID={STORAGE},{device}",
        (
            ("dcmURI", (f"file://{archive.storage_folder}/",)),
            ("dcmStorageThreshold", (f"{archive.minimum_free_gb}GB",)),
            ("dcmStorageThresholdExceedsPermanently", ("FALSE",)),  # it takes images again once there is room
        ),
    )
    if archive.compression != "none":
        syntax = TRANSFER_SYNTAXES[archive.compression]
        names = {"cn": COMPRESSION.removeprefix("cn="), "dicomTransferSyntax": syntax}
        yield _entry(f"{COMPRESSION},{device}", ("dcmArchiveCompressionRule",), **names)
    if archive.retention_months is not None:
        names = {"cn": RETENTION.removeprefix("cn="), "dcmRetentionPeriod": f"P{archive.retention_months}M"}
        yield _entry(f"{RETENTION},{device}", ("dcmStudyRetentionPolicy",), **names)


def _node(node: DicomNode, directory: DirectoryPlan) -> Iterator[str]:
    """A PACS as device of its own, so that the archive can call it, and its AE title registered."""
    device = _node_device(node, directory)
    connection = f"cn=dicom,{device}"
    registry = f"cn=Unique AE Titles Registry,cn=DICOM Configuration,{directory.suffix}"
    yield _entry(device, ("dicomDevice",), dicomDeviceName=f"{NODE}{node.name}", dicomInstalled="TRUE")
    place = {"dicomHostname": str(node.address), "dicomPort": str(node.port)}
    yield _entry(connection, ("dicomNetworkConnection",), cn="dicom", **place)
    yield _entry(
        f"dicomAETitle={node.ae_title},{device}",
        ("dicomNetworkAE",),
        dicomAETitle=node.ae_title,
        dicomAssociationInitiator="TRUE",
        dicomAssociationAcceptor="TRUE",
        dicomNetworkConnectionReference=connection,
    )
    yield _entry(f"dicomAETitle={node.ae_title},{registry}", ("dicomUniqueAETitle",), dicomAETitle=node.ae_title)
