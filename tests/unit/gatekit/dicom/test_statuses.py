"""Every DIMSE status is told apart, and pynetdicom's tables agree on its class."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pynetdicom.status import QR_FIND_SERVICE_CLASS_STATUS, QR_MOVE_SERVICE_CLASS_STATUS

from gatekit.codes import CODES
from gatekit.dicom.statuses import STATUSES, Category, Service, look_up, raise_for
from gatekit.errors import DicomError

TABLES = [
    pytest.param(Service.FIND, QR_FIND_SERVICE_CLASS_STATUS, id="find"),
    pytest.param(Service.MOVE, QR_MOVE_SERVICE_CLASS_STATUS, id="move"),
]


@pytest.mark.parametrize(("service", "table"), TABLES)
def test_in_2_every_status_of_pynetdicom_has_its_class_here(service, table):
    ours = {status: look_up(service, status).category.value for status in table}
    assert ours == {status: category.lower() for status, (category, _) in table.items()}


@pytest.mark.parametrize(("service", "table"), TABLES)
def test_in_2_a_status_that_is_in_no_table_is_a_failure(service, table):
    unknown = [status for status in range(0x10000) if status not in table]
    assert {look_up(service, status).code for status in unknown} == {"GW513"}


@pytest.mark.parametrize("service", Service)
def test_in_2_ranges_are_disjoint_and_failures_have_code_fix_and_clause(service):
    rows = sorted(STATUSES[service], key=lambda row: row.first)
    assert all(one.first <= one.last for one in rows)
    assert all(one.last < other.first for one, other in pairwise(rows))
    for row in rows:
        failing = row.category in {Category.FAILURE, Category.CANCEL} or row.first == 0xB001
        assert bool(row.code) is failing
        assert bool(row.fix) is failing
        assert row.clause.startswith(("PS3.4 ", "PS3.7 "))
        assert not row.code or row.code in CODES


@pytest.mark.parametrize(
    ("service", "status", "code", "value"),
    [
        (Service.FIND, 0xA700, "GW506", "0xA700 out of resources (PS3.4 C.4.1.1.4)"),
        (Service.FIND, 0xA900, "GW507", "0xA900 identifier does not match SOP class (PS3.4 C.4.1.1.4)"),
        (Service.FIND, 0xC123, "GW509", "0xC123 unable to process (PS3.4 C.4.1.1.4)"),
        (Service.FIND, 0x0124, "GW511", "0x0124 not authorised (PS3.7 C.5)"),
        (Service.FIND, 0xFE00, "GW512", "0xFE00 cancelled (PS3.7 C.3)"),
        (Service.MOVE, 0x0122, "GW505", "0x0122 SOP class not supported (PS3.7 C.5)"),
        (Service.MOVE, 0xA801, "GW508", "0xA801 move destination unknown (PS3.4 C.4.2.1.5)"),
    ],
)
def test_in_2_failure_is_raised_with_peer_status_and_clause(service, status, code, value):
    with pytest.raises(DicomError) as caught:
        raise_for(service, status, "main_pacs")
    assert caught.value.facts[:3] == (code, f"main_pacs.{service.value}", value)
