"""What each DIMSE status of C-FIND and C-MOVE means for us: one table with the clause of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gatekit.dicom.model import MoveOutcome
from gatekit.errors import DicomError


class Service(Enum):
    """The two DIMSE services of Query/Retrieve."""

    FIND = "find"
    MOVE = "move"


class Category(Enum):
    """Status classes (PS3.7 C.1 .. C.5)."""

    SUCCESS = "success"
    PENDING = "pending"
    WARNING = "warning"
    FAILURE = "failure"
    CANCEL = "cancel"


class MoveIncompleteError(DicomError):
    """GW510: some sub-operations failed. ``outcome`` tells how many and, where the peer lists them, which."""

    def __init__(self, path: str, value: object, fix: str, outcome: MoveOutcome) -> None:
        super().__init__("GW510", path, value, fix)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Status:
    """A range of status codes; ``code`` is ours, empty where nothing is wrong."""

    first: int
    last: int
    category: Category
    meaning: str
    clause: str
    code: str = ""
    fix: str = ""


_FIND = "PS3.4 C.4.1.1.4"
_MOVE = "PS3.4 C.4.2.1.5"
_DIMSE = "PS3.7 C"
_RETRY = "Try again later; the request stays queued."
_LOG = "Read the peer's log at this time and give its vendor the status and the clause."
_MODEL = "Have the PACS vendor enable the site file's information model with the keys of our conformance statement."
_RESOURCES = "Wait for the peer to be less busy, lower its parallel moves, or look at its free disk space."
_DESTINATION = (
    "Enter the archive's AE title, address and port at the PACS as a C-MOVE destination, and see that it runs."
)
_DELIVERY = (  # what Orthanc says whenever it cannot deliver, for whichever reason [ran]
    "Look whether the archive runs, has room and stands at the PACS as a C-MOVE destination; the PACS's log says which."
)
_RIGHTS = "Have the PACS vendor allow our AE title to query and retrieve."

_GENERAL: tuple[Status, ...] = (
    Status(0x0000, 0x0000, Category.SUCCESS, "success", _DIMSE + ".1.1"),
    Status(0x0105, 0x0106, Category.FAILURE, "attribute refused", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0107, 0x0107, Category.WARNING, "attribute list error", _DIMSE + ".4"),
    Status(0x0110, 0x0110, Category.FAILURE, "processing failure", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0111, 0x0115, Category.FAILURE, "object or argument refused", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0116, 0x0116, Category.WARNING, "attribute value out of range", _DIMSE + ".4"),
    Status(0x0117, 0x0117, Category.FAILURE, "invalid object instance", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0118, 0x0118, Category.FAILURE, "no such SOP class", _DIMSE + ".5", "GW505", _MODEL),
    Status(0x0119, 0x0119, Category.FAILURE, "class-instance conflict", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0120, 0x0121, Category.FAILURE, "attribute or its value missing", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0122, 0x0122, Category.FAILURE, "SOP class not supported", _DIMSE + ".5", "GW505", _MODEL),
    Status(0x0123, 0x0123, Category.FAILURE, "no such action", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0124, 0x0124, Category.FAILURE, "not authorised", _DIMSE + ".5", "GW511", _RIGHTS),
    Status(0x0210, 0x0212, Category.FAILURE, "invocation refused", _DIMSE + ".5", "GW509", _LOG),
    Status(0x0213, 0x0213, Category.FAILURE, "resource limitation", _DIMSE + ".5", "GW506", _RESOURCES),
    Status(0xFE00, 0xFE00, Category.CANCEL, "cancelled", _DIMSE + ".3", "GW512", _RETRY),
)
STATUSES: dict[Service, tuple[Status, ...]] = {
    Service.FIND: (
        *_GENERAL,
        Status(0xA700, 0xA700, Category.FAILURE, "out of resources", _FIND, "GW506", _RESOURCES),
        Status(0xA710, 0xA710, Category.FAILURE, "invalid prior record key", "PS3.4 C.6.4.3", "GW507", _MODEL),
        Status(0xA900, 0xA900, Category.FAILURE, "identifier does not match SOP class", _FIND, "GW507", _MODEL),
        Status(0xB001, 0xB001, Category.WARNING, "response limit reached", "PS3.4 C.6.4.3", "GW506", _RESOURCES),
        Status(0xC000, 0xCFFF, Category.FAILURE, "unable to process", _FIND, "GW509", _LOG),
        Status(0xFF00, 0xFF00, Category.PENDING, "a match", _FIND),
        Status(0xFF01, 0xFF01, Category.PENDING, "a match, optional keys not supported", _FIND),
    ),
    Service.MOVE: (
        *_GENERAL,
        Status(0xA701, 0xA701, Category.FAILURE, "unable to count the matches", _MOVE, "GW506", _RESOURCES),
        Status(0xA702, 0xA702, Category.FAILURE, "unable to perform sub-operations", _MOVE, "GW510", _RESOURCES),
        Status(0xA801, 0xA801, Category.FAILURE, "move destination unknown", _MOVE, "GW508", _DESTINATION),
        Status(0xA900, 0xA900, Category.FAILURE, "identifier does not match SOP class", _MOVE, "GW507", _MODEL),
        Status(0xAA00, 0xAA04, Category.FAILURE, "frames not available", "PS3.4 Y.4.1.1.4", "GW509", _LOG),
        Status(0xB000, 0xB000, Category.WARNING, "sub-operations failed or warned", _MOVE),
        Status(0xC000, 0xCFFF, Category.FAILURE, "unable to process", _MOVE, "GW509", _DELIVERY),
        Status(0xFF00, 0xFF00, Category.PENDING, "sub-operations are continuing", _MOVE),
    ),
}


def look_up(service: Service, status: int) -> Status:
    """Return the row of the table; a status that is not in it is a failure with GW513."""
    for row in STATUSES[service]:
        if row.first <= status <= row.last:
            return row
    return Status(status, status, Category.FAILURE, "status unknown to the standard", _DIMSE, "GW513", _LOG)


def raise_for(service: Service, status: int, peer: str) -> Status:
    """Return the row of a status that is no failure.

    Raises:
        DicomError: the row's code, with peer and status; GW510 is left to the caller, who knows the counts.
    """
    row = look_up(service, status)
    if row.code and row.code != "GW510":
        value = f"0x{status:04X} {row.meaning} ({row.clause})"
        raise DicomError(row.code, f"{peer}.{service.value}", value, row.fix)
    return row
