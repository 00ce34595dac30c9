"""A PACS or archive on a loopback port: real sockets, real instances of pydicom, a script for what goes wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Self

from pydicom import dcmread
from pydicom.data import get_testdata_files
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.presentation import build_context
from pynetdicom.transport import ThreadedAssociationServer

from gatekit.dicom.association import MODELS, RELATIONAL, Peer
from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import Ask, InstanceRow, Level, Root, Row, SeriesRow, Side, StudyRow
from gatekit.dicom.statuses import Service

PATIENT_ID = "98890234"
type Script = Callable[[evt.Event], Iterator[tuple[int, Dataset | None]]]


@cache
def real_instances() -> dict[str, Dataset]:
    """Return instances of one patient of pydicom's test files by SOP Instance UID."""
    read = (dcmread(name) for name in get_testdata_files("dicomdirtests/98892*/*/*"))
    return {str(one.SOPInstanceUID): one for one in read if one.get("PatientID") == PATIENT_ID}


def listed(dataset: Dataset) -> Instance:
    uids = (str(dataset[keyword].value) for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"))
    day = dataset["StudyDate"].value
    return Instance(*uids, dataset.Modality, date.fromisoformat(day) if day else None)


def uids(identifier: Dataset, keyword: str) -> tuple[str, ...]:
    value = identifier.get(keyword) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def answer(row: Row) -> Dataset:
    made = Dataset()
    made.StudyInstanceUID = row.study
    if isinstance(row, StudyRow):
        made.PatientID = PATIENT_ID
        made.StudyDate = "" if row.study_date is None else f"{row.study_date:%Y%m%d}"
        made.ModalitiesInStudy = list(row.modalities or ())
        made.NumberOfStudyRelatedSeries, made.NumberOfStudyRelatedInstances = row.series_count, row.instance_count
    if isinstance(row, SeriesRow):
        made.SeriesInstanceUID, made.Modality = row.series, row.modality
        made.NumberOfSeriesRelatedInstances = row.instance_count
    if isinstance(row, InstanceRow):
        made.SeriesInstanceUID, made.SOPInstanceUID = row.series, row.instance
    return made


def without_delay(event: evt.Event) -> None:
    """Switch Nagle's delay off, as on any server of a PACS."""
    event.assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


NO_DELAY = (evt.EVT_CONN_OPEN, without_delay)


def patient_answer(issuer: str) -> Dataset:
    made = Dataset()
    made.PatientID, made.IssuerOfPatientID = PATIENT_ID, issuer
    return made


@dataclass
class ScriptedPeer:
    """Holds instances, answers C-FIND, C-MOVE and C-STORE, and remembers the requests."""

    ae_title: str
    stored: dict[str, Dataset] = field(default_factory=dict)
    counts: bool = True
    relational: bool = False
    services: tuple[Service, ...] = tuple(Service)
    roots: tuple[Root, ...] = tuple(Root)
    destinations: dict[str, ScriptedPeer] = field(default_factory=dict)
    find_script: Script | None = None
    move_script: Script | None = None
    finds: list[Dataset] = field(default_factory=list)
    moves: list[Dataset] = field(default_factory=list)
    associations: int = 0
    lists: str = "all"  # of a list of UIDs in a C-MOVE: "all", "first" or "refused"
    loses: frozenset[str] = frozenset()  # SOP Instance UIDs it takes and does not keep
    store_status: int | None = None
    move_takes_s: float = 0.0
    scripted_moves: int = 1  # sub-operations of the script
    most_moves: int = 0  # at the same time
    issuers: tuple[str, ...] = ("",)  # of the patient, as a patient-root peer lists them
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._counting, self._moving = threading.Lock(), 0

    def __enter__(self) -> Self:
        ae = AE(ae_title=self.ae_title)
        ae.require_called_aet = True
        for service in self.services:
            for root in self.roots:
                ae.add_supported_context(MODELS[root][service])
        for dataset in real_instances().values():
            ae.add_supported_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
        self._server = ae.make_server(
            ("127.0.0.1", 0), evt_handlers=self._handlers(), server_class=ThreadedAssociationServer
        )
        ae._servers.append(self._server)
        # start_server looks for its end only every half second, which is most of a test
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.port = int(self._server.socket.getsockname()[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.hold.set()
        self._server.shutdown()

    @property
    def peer(self) -> Peer:
        return Peer(self.ae_title.lower(), self.ae_title, "127.0.0.1", self.port)

    def memory(self) -> MemoryPeer:
        return MemoryPeer({listed(one) for one in self.stored.values()}, counts=self.counts)

    def drop_associations(self) -> None:
        for association in self._server.active_associations:
            association.abort()

    def _handlers(self) -> list[evt.EventHandlerType]:
        return [
            (evt.EVT_C_FIND, self._find),
            (evt.EVT_C_MOVE, self._move),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_SOP_EXTENDED, lambda event: dict.fromkeys(event.app_info, RELATIONAL) if self.relational else {}),
            (evt.EVT_ESTABLISHED, self._established),
            NO_DELAY,
        ]

    def _established(self, event: evt.Event) -> None:
        self.associations += event.assoc.requestor.ae_title == "GATEWAY"

    def _find(self, event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        self.finds.append(event.identifier)
        if self.find_script:
            yield from self.find_script(event)
            return
        if event.identifier.QueryRetrieveLevel == "PATIENT":
            yield from ((0xFF00, patient_answer(issuer)) for issuer in self.issuers)
            return
        level = Level(event.identifier.QueryRetrieveLevel)
        parents = [
            uids(event.identifier, "StudyInstanceUID"),
            uids(event.identifier, "SeriesInstanceUID") if level is Level.IMAGE else (),
        ]
        for row in self.memory().rows(Ask(Side.PACS, level, *parents)):
            yield 0xFF00, answer(row)

    def _move(self, event: evt.Event) -> Iterator[Any]:
        with self._counting:
            self.moves.append(event.identifier)
            self._moving += 1
            self.most_moves = max(self.most_moves, self._moving)
        try:
            time.sleep(self.move_takes_s)
            yield from self._moved(event)
        finally:
            with self._counting:
                self._moving -= 1

    def _moved(self, event: evt.Event) -> Iterator[Any]:
        keys = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
        asked = {key: uids(event.identifier, key) for key in keys}
        is_list = max(map(len, asked.values())) > 1
        if self.move_script or (is_list and self.lists == "refused"):
            one = next(iter(self.stored.values()))
            context = build_context(one.SOPClassUID, one.file_meta.TransferSyntaxUID)
            yield (
                "127.0.0.1",
                self.destinations.get(str(event.move_destination), self).port,
                {"contexts": [context], "evt_handlers": [NO_DELAY]},
            )
            yield self.scripted_moves
            yield from self.move_script(event) if self.move_script else [(0xA900, None)]
            return
        target = self.destinations.get(str(event.move_destination))
        if target is None:
            yield None, None
            return
        if self.lists == "first":
            asked = {key: named[:1] for key, named in asked.items()}
        sent = [
            one
            for one in list(self.stored.values())
            if all(not named or one[key].value in named for key, named in asked.items())
        ]
        contexts = {(one.SOPClassUID, one.file_meta.TransferSyntaxUID) for one in sent}
        offered = [build_context(*one) for one in sorted(contexts)]
        yield "127.0.0.1", target.port, {"contexts": offered, "evt_handlers": [NO_DELAY]}
        yield len(sent)
        for one in sent:
            yield 0xFF00, one

    def _store(self, event: evt.Event) -> int:
        if self.store_status is not None:
            return self.store_status
        dataset = event.dataset
        if str(dataset.SOPInstanceUID) in self.loses:
            return 0x0000
        dataset.file_meta = event.file_meta
        if str(dataset.SOPInstanceUID) in self.stored:
            return 0x0111
        self.stored[str(dataset.SOPInstanceUID)] = dataset
        return 0x0000
