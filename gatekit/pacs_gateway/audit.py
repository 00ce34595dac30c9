"""Audit records of what happens to a patient's images (DICOM PS3.15 A.5, the successor of RFC 3881), to syslog.

PS3.15 wants the patient's id as participant object. Ours is the site's keyed hash of it, under a code of our own
(99GATEKIT patient_hash): an audit trail leaves the hospital through the tunnel, ids of patients do not. Who holds the
site's key finds the records of a patient; nobody else can.

Records go to /dev/log in the local form; the node's syslog daemon makes RFC 5424 of them for the data centre.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from gatekit.dicom.model import Move, MoveOutcome
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

__all__ = ["Audit", "to_syslog"]

_LOG = logging.getLogger(__name__)
_SYSLOG = "/dev/log"
_AUTHPRIV_NOTICE = 10 * 8 + 5  # audit trails are severity 5, "normal but significant" (PS3.15 A.5.2)
_NAME = "gatekit-pacs-audit"


def to_syslog(record: bytes) -> None:
    """Hand one record to the node's syslog daemon.

    Raises:
        OSError: it does not take it.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(2.0)
        sender.connect(_SYSLOG)
        sender.send(f"<{_AUTHPRIV_NOTICE}>{_NAME}[{os.getpid()}]: ".encode() + record)


@dataclass
class Audit:
    """Writes records; one that syslog does not take is counted and logged, the images move nevertheless."""

    plan: PacsGatewayPlan
    lost: Callable[[], None]
    send: Callable[[bytes], None] = to_syslog
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    _refused: bool = False

    def query(self, source: PacsSource, patient: str) -> None:
        """Record that the PACS is asked about a patient (A.5.3.10)."""
        record = self._message("110112", "Query", "E")
        self._ends(record, source, sender="110152", receiver="110153")
        self._patient(record, patient)
        self._write(record)

    def transfer_begins(self, source: PacsSource, patient: str, move: Move) -> None:
        """Record that the PACS is told to send (A.5.3.3)."""
        self._transfer("110102", "Begin Transferring DICOM Instances", "E", source, patient, move)

    def transferred(
        self, source: PacsSource, patient: str, move: Move, outcome: MoveOutcome, *, failed: bool = False
    ) -> None:
        """Record how the transfer ended (A.5.3.7): 0 all came, 4 some did not, 8 nobody knows or none came."""
        result = "8" if failed and not outcome.completed else "4" if failed or outcome.failed else "0"
        self._transfer("110104", "DICOM Instances Transferred", "C", source, patient, move, result)

    def application(self, *, starts: bool) -> None:
        """Record that the daemon starts or stops (A.5.3.1)."""
        record = self._message("110100", "Application Activity", "E")
        kind = ("110120", "Application Start") if starts else ("110121", "Application Stop")
        _code(record[0], "EventTypeCode", *kind)
        participant = SubElement(record, "ActiveParticipant", UserID=self.plan.ae_title, UserIsRequestor="false")
        _code(participant, "RoleIDCode", "110150", "Application")
        self._where(record)
        self._write(record)

    def _transfer(
        self, code: str, name: str, action: str, source: PacsSource, patient: str, move: Move, result: str = "0"
    ) -> None:
        record = self._message(code, name, action, result)
        self._ends(record, source, sender="110153", receiver="110152")
        study = SubElement(
            record,
            "ParticipantObjectIdentification",
            ParticipantObjectID=move.study,
            ParticipantObjectTypeCode="2",
            ParticipantObjectTypeCodeRole="3",
        )
        _code(study, "ParticipantObjectIDTypeCode", "110180", "Study Instance UID")
        detail = f"{move.level.value}: {len(move.series)} series, {len(move.instances)} instances named"
        SubElement(study, "ParticipantObjectDescription").text = detail
        self._patient(record, patient)
        self._write(record)

    def _message(self, code: str, name: str, action: str, result: str = "0") -> Element:
        record = Element("AuditMessage")
        stamp = self.now().isoformat(timespec="milliseconds")
        event = SubElement(
            record,
            "EventIdentification",
            EventActionCode=action,
            EventDateTime=stamp,
            EventOutcomeIndicator=result,
        )
        _code(event, "EventID", code, name)
        return record

    def _ends(self, record: Element, source: PacsSource, *, sender: str, receiver: str) -> None:
        """Name both ends; in a transfer the PACS is the source (110153), in a query it answers (110152)."""
        names = {"110153": "Source Role ID", "110152": "Destination Role ID"}
        ours = {"UserID": self.plan.archive_ae_title, "UserIsRequestor": "true"}
        theirs = {
            "UserID": source.ae_title,
            "AlternativeUserID": source.name,
            "UserIsRequestor": "false",
            "NetworkAccessPointID": str(source.address),
            "NetworkAccessPointTypeCode": "2",
        }
        for person, role in ((theirs, sender), (ours, receiver)):
            _code(SubElement(record, "ActiveParticipant", person), "RoleIDCode", role, names[role])
        self._where(record)

    def _where(self, record: Element) -> None:
        where = SubElement(record, "AuditSourceIdentification", AuditSourceID=self.plan.ae_title)
        SubElement(where, "AuditSourceTypeCode", {"csd-code": "4"})  # application server process

    def _patient(self, record: Element, patient: str) -> None:
        person = SubElement(
            record,
            "ParticipantObjectIdentification",
            ParticipantObjectID=patient,
            ParticipantObjectTypeCode="1",
            ParticipantObjectTypeCodeRole="1",
        )
        hashed = {"csd-code": "patient_hash", "codeSystemName": "99GATEKIT", "originalText": "Keyed hash of patient id"}
        SubElement(person, "ParticipantObjectIDTypeCode", hashed)

    def _write(self, record: Element) -> None:
        try:
            self.send(tostring(record, encoding="utf-8", xml_declaration=False))
            self._refused = False
        except OSError as error:
            self.lost()
            if not self._refused:  # told once; the counter tells how many
                _LOG.error("audit records are lost: syslog: %s", error.strerror)
            self._refused = True


def _code(parent: Element, tag: str, code: str, name: str) -> None:
    SubElement(parent, tag, {"csd-code": code, "codeSystemName": "DCM", "originalText": name})
