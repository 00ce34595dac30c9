"""A PACS or archive on a loopback port: real sockets, real instances of pydicom, a script for what goes wrong."""

from __future__ import annotations

import threading
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

from gatekit.dicom.association import MODELS, RELATIONAL, Peer
from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import Ask, InstanceRow, Level, Row, SeriesRow, Side, StudyRow
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


@dataclass
class ScriptedPeer:
    """Holds instances, answers C-FIND, C-MOVE and C-STORE, and remembers the requests."""

    ae_title: str
    stored: dict[str, Dataset] = field(default_factory=dict)
    counts: bool = True
    relational: bool = False
    services: tuple[Service, ...] = tuple(Service)
    destinations: dict[str, ScriptedPeer] = field(default_factory=dict)
    find_script: Script | None = None
    move_script: Script | None = None
    finds: list[Dataset] = field(default_factory=list)
    moves: list[Dataset] = field(default_factory=list)
    associations: int = 0
    hold: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        ae = AE(ae_title=self.ae_title)
        ae.require_called_aet = True
        for service in self.services:
            ae.add_supported_context(MODELS[service])
        for dataset in real_instances().values():
            ae.add_supported_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
        self._server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=self._handlers())
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
        ]

    def _established(self, event: evt.Event) -> None:
        self.associations += event.assoc.requestor.ae_title == "GATEWAY"

    def _find(self, event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        self.finds.append(event.identifier)
        if self.find_script:
            yield from self.find_script(event)
            return
        level = Level(event.identifier.QueryRetrieveLevel)
        parents = [
            () if level is Level.STUDY else uids(event.identifier, "StudyInstanceUID"),
            uids(event.identifier, "SeriesInstanceUID") if level is Level.IMAGE else (),
        ]
        for row in self.memory().rows(Ask(Side.PACS, level, *parents)):
            yield 0xFF00, answer(row)

    def _move(self, event: evt.Event) -> Iterator[Any]:
        self.moves.append(event.identifier)
        if self.move_script:
            one = next(iter(self.stored.values()))
            context = build_context(one.SOPClassUID, one.file_meta.TransferSyntaxUID)
            yield "127.0.0.1", self.port, {"contexts": [context]}
            yield 1
            yield from self.move_script(event)
            return
        target = self.destinations.get(str(event.move_destination))
        if target is None:
            yield None, None
            return
        keys = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
        sent = [
            one
            for one in self.stored.values()
            if all(not uids(event.identifier, key) or one[key].value in uids(event.identifier, key) for key in keys)
        ]
        contexts = {(one.SOPClassUID, one.file_meta.TransferSyntaxUID) for one in sent}
        yield "127.0.0.1", target.port, {"contexts": [build_context(*one) for one in sorted(contexts)]}
        yield len(sent)
        for one in sent:
            yield 0xFF00, one

    def _store(self, event: evt.Event) -> int:
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        if str(dataset.SOPInstanceUID) in self.stored:
            return 0x0111
        self.stored[str(dataset.SOPInstanceUID)] = dataset
        return 0x0000
