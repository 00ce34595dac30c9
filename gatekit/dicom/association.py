"""One association at a time to one peer: opened when needed, kept, and every way it can fail told apart."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from pydicom.uid import UID
from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.pdu import A_ABORT_RQ
from pynetdicom.pdu_primitives import SOPClassExtendedNegotiation

from gatekit.dicom import checkpoint, doorbell, progress
from gatekit.dicom.character_sets import UTF_8
from gatekit.dicom.model import Root
from gatekit.dicom.patients import AS_IT_COMES
from gatekit.dicom.privacy import silence_identifiers
from gatekit.dicom.statuses import Service
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PatientIdRule

MODELS: dict[Root, dict[Service, UID]] = {
    Root.PATIENT: {  # PS3.4 C.6.1.3
        Service.FIND: UID("1.2.840.10008.5.1.4.1.2.1.1"),
        Service.MOVE: UID("1.2.840.10008.5.1.4.1.2.1.2"),
    },
    Root.STUDY: {  # PS3.4 C.6.2.3
        Service.FIND: UID("1.2.840.10008.5.1.4.1.2.2.1"),
        Service.MOVE: UID("1.2.840.10008.5.1.4.1.2.2.2"),
    },
}
RELATIONAL = b"\x01"  # first byte of the application information of the FIND class (PS3.4 C.5.1.1)

STALE = 0.7
"""Share of the idle limit after which an association is not used any more."""

_RETRY = "Try again later; the peer says that this is temporary."
_REJECTIONS: dict[tuple[int, int], str] = {  # (source, diagnostic) as in PS3.8 9.3.4
    (1, 2): "Have the PACS vendor enable DICOM application contexts: this peer speaks none we know.",
    (1, 3): "Have the PACS vendor register our AE title.",
    (1, 7): "Write the peer's AE title in the site file exactly as its vendor gave it, in upper and lower case.",
    (2, 2): "Have the PACS vendor update the peer: it does not speak version 1 of the protocol.",
    (3, 1): _RETRY,
    (3, 2): _RETRY,
}


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom to call, and how it wants to be asked. ``name`` is the name of the site file, in every error."""

    name: str
    ae_title: str
    address: str
    port: int
    offer_relational: bool = True
    root: Root = Root.STUDY
    character_set: str = UTF_8
    patient_id: PatientIdRule = AS_IT_COMES
    ours: bool = False
    """Our own archive: one query may name many parents without negotiation, and studies are looked for by UID too.

    So it need not match the issuer, which the files of a PACS may lack, and what it says of others is left out.
    """

    def model(self, service: Service) -> UID:
        """Return the SOP class of a service in this peer's information model."""
        return MODELS[self.root][service]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for what; a PACS may stay silent for a whole C-MOVE, so that one is long.

    An association idle for ``idle_s`` is released: pynetdicom spends 2.6 % of a core on each that stands [ran].
    """

    connect_s: float = 5.0
    association_s: float = 15.0
    find_s: float = 60.0
    move_s: float = 3600.0
    idle_s: float = 10.0


@dataclass(slots=True)
class _Trace:
    """What happened on the wire, since pynetdicom answers every loss with the same empty status."""

    opened: bool = False
    accepted: bool = False
    abort_received: bool = False
    abort_sent: bool = False

    def on_open(self, event: evt.Event) -> None:
        """Guard the answers, and switch Nagle's delay off: it costs 45 ms for each instance or answer."""
        self.opened = True
        checkpoint.install(event.assoc)
        progress.install(event.assoc)
        doorbell.install(event.assoc)
        transport = event.assoc.dul.socket
        if transport is not None and transport.socket is not None:
            transport.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def on_accepted(self, _: evt.Event) -> None:
        """Note that the peer took the association, with or without a context."""
        self.accepted = True

    def on_received(self, event: evt.Event) -> None:
        """Note an abort of the peer."""
        self.abort_received |= isinstance(event.pdu, A_ABORT_RQ)

    def on_sent(self, event: evt.Event) -> None:
        """Note an abort of ours."""
        self.abort_sent |= isinstance(event.pdu, A_ABORT_RQ)

    def handlers(self) -> list[evt.EventHandlerType]:
        """Return what pynetdicom binds."""
        return [
            (evt.EVT_CONN_OPEN, self.on_open),
            (evt.EVT_ACCEPTED, self.on_accepted),
            (evt.EVT_PDU_RECV, self.on_received),
            (evt.EVT_PDU_SENT, self.on_sent),
        ]


class KeptAssociation:
    """The association to one peer; not to be shared between threads."""

    def __init__(self, peer: Peer, calling_ae_title: str, timeouts: Timeouts) -> None:
        silence_identifiers()
        self.peer, self.timeouts = peer, timeouts
        self._ae = AE(ae_title=calling_ae_title)
        self._ae.connection_timeout, self._ae.acse_timeout = timeouts.connect_s, timeouts.association_s
        self._ae.dimse_timeout, self._ae.network_timeout = timeouts.find_s, timeouts.idle_s
        for service in Service:
            self._ae.add_requested_context(peer.model(service))
        self._association: Association | None = None
        self._trace = _Trace()
        self._used_s = 0.0

    @property
    def is_open(self) -> bool:
        """Return whether the association of the last exchange still stands."""
        return self._association is not None and self._association.is_established

    def established(self) -> Association:
        """Return the association, opened if need be.

        Raises:
            DicomError: GW501 no connection, GW502 refused, GW503 cut, GW504 silence, GW505 no context.
        """
        if self.is_open and time.monotonic() - self._used_s > STALE * self.timeouts.idle_s:
            self.release()  # before its own timer or the peer's does, in the middle of a request
        if self._association is None or not self._association.is_established:
            self._association = self._open()
            self.used()
        return self._association

    def used(self) -> None:
        """Note the end of an exchange: from now on the association is idle."""
        self._used_s = time.monotonic()

    def ready_for(self, service: Service) -> Association:
        """Return the association when the peer accepted the service on it.

        Raises:
            DicomError: as ``established``.
        """
        association = self.established()
        if not any(context.abstract_syntax == self.peer.model(service) for context in association.accepted_contexts):
            raise self._no_context(service.value)
        association.dimse_timeout = self.timeouts.find_s if service is Service.FIND else self.timeouts.move_s
        return association

    @property
    def relational(self) -> bool:
        """Return whether one query may name many parents: agreed to or known; opens the association."""
        if self.peer.ours:
            return True
        accepted = self.established().acceptor.sop_class_extended
        return accepted.get(self.peer.model(Service.FIND), b"")[:1] == RELATIONAL

    def lost(self, service: Service, waited_s: float) -> DicomError:
        """Return why an exchange ended without a status, and forget the association."""
        limit_s = self.timeouts.find_s if service is Service.FIND else self.timeouts.move_s
        trace, path = self._trace, f"{self.peer.name}.{service.value}"
        self.abort()
        if waited_s >= limit_s:
            return self._silent(path, limit_s)
        if trace.abort_sent and not trace.abort_received:
            return DicomError("GW513", path, "message out of place", "Read the peer's log and tell its vendor.")
        return self._cut(path, trace)

    def release(self) -> None:
        """Release the association, if there is one."""
        if self._association is not None and self._association.is_established:
            self._association.release()
        self._association = None

    def abort(self) -> None:
        """Abort the association, if there is one: an exchange on it was left half way."""
        if self._association is not None and self._association.is_established:
            self._association.abort()
        self._association = None

    def _open(self) -> Association:
        self._trace = _Trace()
        started_s = time.monotonic()
        association = self._ae.associate(
            self.peer.address,
            self.peer.port,
            ae_title=self.peer.ae_title,
            ext_neg=[_relational_offer(self.peer.model(Service.FIND))] if self.peer.offer_relational else None,
            evt_handlers=self._trace.handlers(),
        )
        if not association.is_established:
            raise self._refusal(association, time.monotonic() - started_s)
        association.network_timeout_response = "A-RELEASE"  # an idle association ends politely
        return association

    def _refusal(self, association: Association, waited_s: float) -> DicomError:
        path = f"{self.peer.name}.association"
        if association.is_rejected:
            return self._rejected(association, path)
        if not self._trace.opened:
            place = f"{self.peer.address} port {self.peer.port}"
            fix = "Start the peer, or correct its address and port in the site file; the firewall permits this flow."
            return DicomError("GW501", path, place, fix)
        if self._trace.accepted and not association.accepted_contexts:
            return self._no_context("association")
        if waited_s >= self.timeouts.association_s:
            return self._silent(path, self.timeouts.association_s)
        return self._cut(path, self._trace)

    def _rejected(self, association: Association, path: str) -> DicomError:
        reply = association.acceptor.primitive
        source, diagnostic = (int(reply.result_source or 0), int(reply.diagnostic or 0)) if reply else (0, 0)
        value = f"called {self.peer.ae_title}, calling {self._ae.ae_title}: source {source}, reason {diagnostic}"
        fix = _REJECTIONS.get((source, diagnostic), "Read the peer's log: it gives no reason (PS3.8 9.3.4).")
        return DicomError("GW502", path, value, fix)

    def _no_context(self, step: str) -> DicomError:
        fix = f"Have the PACS vendor enable {self.peer.root.words} FIND and MOVE for our AE title."
        return DicomError("GW505", f"{self.peer.name}.{step}", "no presentation context accepted", fix)

    def _silent(self, path: str, limit_s: float) -> DicomError:
        fix = "Look whether the peer is overloaded; the request stays queued."
        return DicomError("GW504", path, f"no answer in {limit_s:g} s", fix)

    def _cut(self, path: str, trace: _Trace) -> DicomError:
        value = "A-ABORT received" if trace.abort_received else "connection closed"
        return DicomError("GW503", path, value, "Read the peer's log at this time; the request stays queued.")


def _relational_offer(model: UID) -> SOPClassExtendedNegotiation:
    offer = SOPClassExtendedNegotiation()
    offer.sop_class_uid = model
    offer.service_class_application_information = RELATIONAL
    return offer
