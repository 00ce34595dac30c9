"""What a person has in the hand while working: each paper of the pack is one A4 page."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.handover.pack import papers
from gatekit.intent.load import load_intent
from tests.sites import example_folder, example_plan
from tests.stories.report.browser import printed_pages

pytestmark = pytest.mark.story


@pytest.mark.parametrize("name", ["pattern1", "pattern2", "pattern3"])
def test_vpn_1_vpn_3_nw_4_nw_5_each_paper_of_the_pack_fits_one_page(name: str, tmp_path: Path) -> None:
    made = papers(example_plan(name), load_intent(example_folder(name)))
    pages = {}
    for path, html in made.items():
        if path.endswith(".html"):
            file = tmp_path / Path(path).name
            file.write_text(html, encoding="utf-8")
            pages[file.name] = printed_pages(file)
    assert len(pages) > 1
    assert set(pages.values()) == {1}, pages
