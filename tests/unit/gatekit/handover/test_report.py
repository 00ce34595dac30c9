from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gatekit.handover.plan_sections import flow_verdict
from gatekit.handover.report import report_html
from gatekit.handover.topology import topology_svg
from gatekit.plan.make import plan_site
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence

ROOT = Path(__file__).resolve().parents[4]
VOID = {"meta", "input", "br", "wbr"}


class Outline(HTMLParser):
    """Every tag and attribute, and whether each opened element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html(plan: Plan, evidence: Evidence) -> str:
    return report_html(plan, evidence)


def test_the_same_input_gives_the_same_page(plan: Plan, evidence: Evidence, html: str) -> None:
    assert report_html(plan, evidence) == html


def test_every_element_is_closed_in_order(html: str) -> None:
    outline = Outline()
    outline.feed(html)
    assert outline.open == []


def test_the_page_loads_nothing_and_runs_nothing(html: str) -> None:
    outline = Outline()
    outline.feed(html)
    attributes = {name for _, each in outline.tags for name in each}
    assert not attributes & {"src", "href", "style", "onclick", "onload", "srcset"}
    assert not {tag for tag, _ in outline.tags} & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_allows_exactly_the_pages_own_style(html: str) -> None:
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy[1] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_sentence_stands_in_both_languages(html: str) -> None:
    assert html.count('class="ja') == html.count('class="en') > 100


def test_what_a_device_said_is_escaped(html: str) -> None:
    assert "seen &lt;b&gt;" in html
    assert "seen <b>" not in html


def test_one_failed_check_turns_the_verdict(plan: Plan, evidence: Evidence, html: str) -> None:
    good = evidence.model_copy(update={"records": tuple(row for row in evidence.records if row.ok)})
    assert "Not fit" in html
    assert "Not fit" not in report_html(plan, good)
    assert "All held" in report_html(plan, good)


def test_what_was_not_run_is_named_with_its_reason(html: str) -> None:
    assert "no Windows guest" in html


def test_a_flow_is_proved_by_its_own_records_only(plan: Plan, evidence: Evidence) -> None:
    verdicts = {flow.id: flow_verdict(flow, evidence) for flow in plan.flows}
    assert (verdicts["proxy.terminals"], verdicts["proxy.settings"], verdicts["proxy.portal"]) == (True, None, None)


def test_addresses_and_plan_hash_of_the_plan_are_on_the_page(plan: Plan, evidence: Evidence, html: str) -> None:
    assert evidence.plan_sha256 in html
    assert all(str(row.address) in html for row in plan.addresses)


@pytest.mark.parametrize("pattern", [1, 2, 3, 4])
def test_the_drawing_shows_every_zone_of_every_pattern(pattern: int) -> None:
    plan = plan_site(ROOT / "inventories" / f"pattern{pattern}")
    svg = topology_svg(plan)
    assert all(str(vm.address) in svg for vm in plan.vms)
    assert all(str(row.network) in svg for row in plan.networks)
    assert (">CPE<" in svg) is (pattern != 4)
    assert ("VLAN 310" in svg) is (pattern == 2)
    assert ("病院側ファイアウォール" in svg) is (pattern == 3)
