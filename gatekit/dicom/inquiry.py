"""Run the comparison of one patient against two peers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gatekit.dicom.compare import compare
from gatekit.dicom.model import Difference, Patient, Published, Side
from gatekit.dicom.transport import Finder


def find_difference(
    patient: Patient,
    peers: Mapping[Side, Finder],
    published: Published,
    today: date,
    *,
    deep: bool = False,
    relational: frozenset[Side] = frozenset(Side),
) -> Difference:
    """Return what the archive lacks of the patient; one C-FIND to each peer when nothing changed.

    Agreement to relational queries is believed of the sides ``relational`` names.

    Raises:
        DicomError: GW501 .. GW517, from a peer or from answers that contradict each other.
    """
    agreed = frozenset(side for side, peer in peers.items() if side in relational and peer.relational)
    inquiry = compare(published, today, deep=deep, relational=agreed)
    try:
        asks = next(inquiry)
        while True:
            asks = inquiry.send({ask: peers[ask.side].find(patient, ask) for ask in asks})
    except StopIteration as ended:
        difference: Difference = ended.value
        return difference
