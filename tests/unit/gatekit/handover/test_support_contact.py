"""Whoever holds a paper of ours knows whom to call, and when somebody answers."""

from __future__ import annotations

import pytest

from gatekit.handover.pack import PEER_FOLDER, papers
from gatekit.handover.report import report_html
from gatekit.intent.load import load_intent
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence
from tests.sites import example_folder, example_plan
from tests.unit.gatekit.handover.outline import Outline


def contact(plan: Plan, language: str) -> tuple[str, ...]:
    support = plan.data_centre.support
    return (getattr(support.name, language), support.phone, support.email, getattr(support.hours, language))


def test_op_11_the_plan_has_the_contact_of_the_data_centre_file() -> None:
    given = load_intent(example_folder("pattern4")).data_centre.support
    expected = (given.name.ja, given.phone, given.email, given.hours.ja)
    assert contact(example_plan("pattern4"), "ja") == expected


@pytest.mark.parametrize("language", ["ja", "en"])
def test_op_11_the_report_says_whom_to_call_in_both_languages(plan: Plan, evidence: Evidence, language: str) -> None:
    text = Outline(report_html(plan, evidence)).text
    for fact in contact(plan, language):
        assert fact in text


@pytest.mark.parametrize("name", ["pattern1", "pattern2", "pattern3"])
def test_op_11_every_paper_of_the_pack_that_leaves_us_says_whom_to_call(name: str) -> None:
    made = papers(example_plan(name), load_intent(example_folder(name)))
    leaving = {path: html for path, html in made.items() if not path.startswith(f"{PEER_FOLDER}/")}
    assert leaving
    for path, html in leaving.items():
        for fact in contact(example_plan(name), "ja"):
            assert fact in Outline(html).text, path
