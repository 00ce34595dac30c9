"""Papers whose every character is looked at when it changes: open the golden in a browser before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gatekit.handover.cpe_pack import INSTRUCTION, LABEL, cpe_pack
from gatekit.handover.sent_cpe import sent_unit
from gatekit.intent.load import load_intent
from tests.sites import example_folder, example_plan

PAPERS = Path(__file__).parent / "papers"


def sent(name: str) -> str:
    """Return one paper of the pack of pattern 3's example."""
    unit = sent_unit("CPE-0399", "02:00:00:00:03:99")
    return cpe_pack(example_plan("pattern3"), load_intent(example_folder("pattern3")), unit)[name]


MADE: dict[str, Callable[[], str]] = {
    "cpe_label_pattern3.html": lambda: sent(LABEL),
    "cpe_swap_pattern3_sent.html": lambda: sent(INSTRUCTION),
}


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_paper_equals_its_golden(name: str, refresh: bool) -> None:
    text = MADE[name]()
    if refresh:
        PAPERS.mkdir(exist_ok=True)
        (PAPERS / name).write_bytes(text.encode())
    assert (PAPERS / name).read_bytes().decode() == text
