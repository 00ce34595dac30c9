"""Which papers a hospital's pack has follows from its pattern and from who manages its switch."""

from __future__ import annotations

import pytest

from gatekit.handover.pack import papers
from gatekit.intent.load import load_intent
from tests.sites import example_folder, example_plan

PEER = {"data_centre/peer_sheet.html", "data_centre/dc-main.conf"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("pattern1", {"cpe_swap.html"}),
        ("pattern2", {"boundary_request.html"}),
        ("pattern3", {"cpe_swap.html", "l3_switch_request.html", "boundary_request.html"}),
        ("pattern4", set()),
    ],
)
def test_vpn_1_vpn_3_nw_4_nw_5_the_customer_and_the_vendor_get_what_they_have_to_do(name: str, more: set[str]) -> None:
    made = papers(example_plan(name), load_intent(example_folder(name)))
    assert set(made) == PEER | more
    assert all("PRIVATE KEY" not in text for text in made.values())


def test_the_request_names_the_vendor_the_route_and_the_day() -> None:
    sheet = papers(example_plan("pattern3"), load_intent(example_folder("pattern3")))["l3_switch_request.html"]
    assert "北ネットワーク株式会社" in sheet
    assert "ip route 10.162.3.0 255.255.255.0 192.168.11.2" in sheet
