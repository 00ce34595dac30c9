from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from gatekit.dicom.model import Level, Move, MoveOutcome
from gatekit.pacs_gateway.audit import Audit
from tests.unit.gatekit.pacs_gateway.gateway import PLAN, SOURCE

AT = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)
MOVE = Move(Level.SERIES, "1.2", ("1.2.3", "1.2.4"))


class Syslog:
    def __init__(self, *, down: bool = False) -> None:
        self.records: list[ET.Element] = []
        self.lost, self.down = 0, down
        self.audit = Audit(PLAN, self.lose, self.take, lambda: AT)

    def take(self, record: bytes) -> None:
        if self.down:
            raise ConnectionRefusedError(111, "Connection refused")
        self.records.append(ET.fromstring(record))  # noqa: S314 - our own

    def lose(self) -> None:
        self.lost += 1


def roles(record: ET.Element) -> dict[str, str]:
    return {
        person.attrib["UserID"]: person.find("RoleIDCode").attrib["csd-code"]  # type: ignore[union-attr] # always there
        for person in record.iter("ActiveParticipant")
    }


def test_transfer_names_source_destination_study_and_hash() -> None:
    syslog = Syslog()
    syslog.audit.transferred(SOURCE, "ab12", MOVE, MoveOutcome(completed=9))
    (record,) = syslog.records
    event = record[0]
    assert event.attrib == {
        "EventActionCode": "C",
        "EventDateTime": "2026-11-23T03:04:05.000+00:00",
        "EventOutcomeIndicator": "0",
    }
    assert event[0].attrib["csd-code"] == "110104"
    assert roles(record) == {"KITA_PACS": "110153", "KITA_GW": "110152"}
    objects = {
        one.attrib["ParticipantObjectID"]: one[0].attrib for one in record.iter("ParticipantObjectIdentification")
    }
    assert objects["1.2"]["csd-code"] == "110180"
    assert objects["ab12"]["codeSystemName"] == "99GATEKIT"


def test_parts_stand_in_the_order_of_the_schema() -> None:
    syslog = Syslog()
    syslog.audit.query(SOURCE, "ab12")
    syslog.audit.application(starts=True)
    order = ["EventIdentification", "ActiveParticipant", "AuditSourceIdentification", "ParticipantObjectIdentification"]
    for record in syslog.records:
        places = [order.index(part.tag) for part in record]
        assert places == sorted(places)
        assert {0, 1, 2} <= set(places)


def test_query_is_asked_by_us_and_answered_by_the_pacs() -> None:
    syslog = Syslog()
    syslog.audit.query(SOURCE, "ab12")
    assert roles(syslog.records[0]) == {"KITA_PACS": "110152", "KITA_GW": "110153"}


@pytest.mark.parametrize(
    ("outcome", "failed", "indicator"),
    [
        pytest.param(MoveOutcome(completed=3), False, "0", id="all-came"),
        pytest.param(MoveOutcome(completed=3, failed=1), False, "4", id="some-did-not"),
        pytest.param(MoveOutcome(), True, "8", id="nobody-knows"),
    ],
)
def test_end_of_a_transfer_tells_how_it_went(outcome: MoveOutcome, failed: bool, indicator: str) -> None:
    syslog = Syslog()
    syslog.audit.transferred(SOURCE, "ab12", MOVE, outcome, failed=failed)
    assert syslog.records[0][0].attrib["EventOutcomeIndicator"] == indicator


def test_records_that_syslog_does_not_take_are_counted_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    syslog = Syslog(down=True)
    for _ in range(3):
        syslog.audit.transfer_begins(SOURCE, "ab12", MOVE)
    assert syslog.lost == 3
    assert [record.getMessage() for record in caplog.records] == ["audit records are lost: syslog: Connection refused"]
