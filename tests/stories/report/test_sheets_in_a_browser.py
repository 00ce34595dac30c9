"""A vendor's sheet on paper: one A4 page to sign, whatever the system speaks and whoever calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.connection.results import results_of
from gatekit.connection.sheet import sheet_html
from tests.sites import example_plan
from tests.stories.report.browser import in_language, printed_pages
from tests.unit.gatekit.connection.conftest import OK, PROTOCOLS, linked, step

pytestmark = pytest.mark.story
NOT_YET = [step("own_listener", "refused", {}), step("called_by_vendor", "not_run", {"reason": "vendor_dials"})]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_op_7_the_sheet_of_a_system_that_has_to_call_us_fits_one_page(language: str, tmp_path: Path) -> None:
    """It has the vendor's own test, too; of all protocols the one with most to say is printed."""
    rows = tuple(linked(protocol, protocol, "to_gateway") for protocol in PROTOCOLS)
    plan = example_plan("pattern4").model_copy(update={"linked_systems": rows})
    pacs = [step("tcp", "accepted", {}), *(step(*row) for row in OK["pacs.main"])]
    results = results_of(plan, "f" * 64, {"pacs.main": pacs} | dict.fromkeys(PROTOCOLS, NOT_YET))
    sheets = [in_language(sheet_html(plan, results, row), language) for row in results.systems]
    file = tmp_path / "sheet.html"
    file.write_text(max(sheets, key=len), encoding="utf-8")
    assert printed_pages(file) == 1
