"""The daemon as it is, but for its links: they lead to ``hospital`` instead of DICOM.

Run: ``python -m tests.stories.pacs_gateway.fast_daemon CONFIGURATION HOSPITAL_PORT``, with the unit's credentials.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from gatekit.dicom.inquiry import find_difference
from gatekit.dicom.model import (
    Ask,
    Difference,
    InstanceRow,
    Level,
    Move,
    MoveOutcome,
    Patient,
    Published,
    Row,
    SeriesRow,
    Side,
    StudyRow,
)
from gatekit.dicom.synchronise import Synchronised
from gatekit.errors import DicomError
from gatekit.pacs_gateway import journal
from gatekit.pacs_gateway.configuration import credentials, load
from gatekit.pacs_gateway.daemon import run

PUBLISHED = Published(36)
_ROWS: dict[Level, Callable[..., Row]] = {Level.STUDY: StudyRow, Level.SERIES: SeriesRow, Level.IMAGE: InstanceRow}


class UnknownPatientError(Exception):
    """A bug of this fake's, whose text names the patient as texts of libraries may."""


class Wire:
    """One connection to the hospital, of one thread."""

    def __init__(self, port: int) -> None:
        try:
            self._socket = socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            raise DicomError("GW501", "hospital", f"port {port}", "Start the hospital.") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb")

    def ask(self, **words: Any) -> Any:
        self._socket.sendall(json.dumps(words).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise DicomError("GW503", "hospital", "connection closed", "Look at the hospital.")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise UnknownPatientError(answer["unknown"])
        return answer


class WirePeer:
    """One side of the hospital behind ``Finder``."""

    relational = False

    def __init__(self, wire: Wire, side: Side) -> None:
        self._wire, self._side = wire, side

    def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
        words = asdict(ask) | {"verb": "find", "side": self._side, "patient": patient.patient_id}
        rows = self._wire.ask(**words)
        for row in rows:
            if row.get("study_date"):
                row["study_date"] = date.fromisoformat(row["study_date"])
            if "modalities" in row:
                row["modalities"] = tuple(row["modalities"])
        return tuple(_ROWS[ask.level](**row) for row in rows)


class WireLinks:
    """The links of the daemon."""

    def __init__(self, port: int) -> None:
        self._port, self._own = port, threading.local()

    def _wire(self) -> Wire:
        if not hasattr(self._own, "wire"):
            self._own.wire = Wire(self._port)
        wire: Wire = self._own.wire
        return wire

    def difference(self, patient: Patient, today: date, *, deep: bool) -> Difference:
        peers = {side: WirePeer(self._wire(), side) for side in Side}
        return find_difference(patient, peers, PUBLISHED, today, deep=deep)

    def synchronise(
        self,
        patient: Patient,
        today: date,
        *,
        deep: bool,
        before_move: Callable[[Move], None],
        after_move: Callable[[Move, MoveOutcome], None],
    ) -> Synchronised:
        difference, moved = self.difference(patient, today, deep=deep), 0
        for move in difference.moves():
            before_move(move)
            self._wire().ask(**asdict(move), verb="move", patient=patient.patient_id)
            after_move(move, MoveOutcome(completed=1))
            moved += 1
        return Synchronised(difference, moved, 2)

    def close(self) -> None:
        """Connections end with the daemon."""


def main(configuration: str, port: str) -> int:
    journal.set_up()
    return run(load(Path(configuration)), credentials(), lambda _source, _plan: WireLinks(int(port)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
