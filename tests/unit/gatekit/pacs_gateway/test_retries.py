from __future__ import annotations

import pytest

from gatekit.codes import CODES
from gatekit.errors import DicomError
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.retries import backoff_s, passes_by_itself

LIMITS = Limits(backoff_first_s=10.0, backoff_longest_s=100.0)
TEMPORARY = ["GW501", "GW503", "GW504", "GW506", "GW509", "GW510", "GW512", "GW513", "GW515", "GW518", "GW531", "GW533"]
PERMANENT = ["GW505", "GW507", "GW508", "GW511", "GW514", "GW516", "GW517", "GW519", "GW520", "GW532"]


@pytest.mark.parametrize("code", TEMPORARY)
def test_fault_that_passes_is_tried_again(code: str) -> None:
    assert passes_by_itself(DicomError(code, "main.move", "value", "fix"))


@pytest.mark.parametrize("code", PERMANENT)
def test_fault_that_a_person_has_to_mend_is_a_dead_letter_at_once(code: str) -> None:
    assert not passes_by_itself(DicomError(code, "main.move", "value", "fix"))


def test_every_dicom_code_is_judged_here() -> None:
    judged = {*TEMPORARY, *PERMANENT, "GW502", "GW534"}  # GW534 is the caller's fault and never a request's
    assert {code for code in CODES if code.startswith("GW5")} == judged


@pytest.mark.parametrize(
    ("value", "temporary"),
    [
        pytest.param("called PACS, calling GW: source 3, reason 1", True, id="temporary-congestion"),
        pytest.param("called PACS, calling GW: source 3, reason 2", True, id="local-limit"),
        pytest.param("called PACS, calling GW: source 1, reason 7", False, id="called-title-unknown"),
        pytest.param("called PACS, calling GW: source 1, reason 3", False, id="calling-title-unknown"),
    ],
)
def test_refused_association_is_tried_again_when_the_pacs_is_busy_only(value: str, temporary: bool) -> None:
    assert passes_by_itself(DicomError("GW502", "main.association", value, "fix")) is temporary


@pytest.mark.parametrize(("faults", "whole_s"), [(1, 10.0), (2, 20.0), (4, 80.0), (5, 100.0), (5000, 100.0)])
def test_wait_doubles_up_to_its_limit_and_half_of_it_is_chance(faults: int, whole_s: float) -> None:
    assert backoff_s(faults, LIMITS, 0.0) == whole_s / 2
    assert backoff_s(faults, LIMITS, 1.0) == whole_s
