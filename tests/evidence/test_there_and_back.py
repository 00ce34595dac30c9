"""IOS and Junos text through hier_config's own drivers and back: what they understand is what we wrote."""

from __future__ import annotations

import re

import pytest
from hier_config import HConfig, Platform, WorkflowRemediation, get_hconfig

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.cisco_ios import PLATFORM as IOS
from gatekit.devices.cisco_ios.text import stable
from gatekit.devices.junos import PLATFORM as JUNOS
from tests.unit.gatekit.devices.cisco_ios.boxes import PATTERNS, SWITCH, cpe_part, fresh_box, planned_box
from tests.unit.gatekit.simulators.junos.boxes import STAGED, as_planned, ex, firewall, srx

DROPPED = {"version 17.9", "no ip address"}  # by the driver, as saying nothing
_NUMBER = re.compile(r"^ sequence \d+(?= )", re.MULTILINE)  # of a line in an IPv6 list; the driver goes by their order
SWITCHED_OFF = {"no ip http server", "no ip http secure-server"}  # as lines, which hier_config has only as a negation


def ios_text(tree: HConfig) -> str:
    """Return the tree as IOS shows it: one blank a level, where hier_config puts two."""
    lines = [(line, len(line) - len(line.lstrip())) for line in tree.dump_simple()]
    return "".join(f"{' ' * (depth // 2)}{line.strip()}\n" for line, depth in lines)


def ios_tree(text: str) -> HConfig:
    return get_hconfig(Platform.CISCO_IOS, text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_cpe_as_planned_comes_back_line_by_line_and_means_the_same(pattern: str) -> None:
    part = cpe_part(pattern)
    shown = stable(planned_box(part).running_text())
    back = ios_text(ios_tree(shown))
    assert [line for line in _NUMBER.sub("", shown).splitlines() if line.strip() not in DROPPED] == back.splitlines()
    assert IOS.meaning(back, part) == meaning_of(part)


def test_the_rendered_text_is_understood_as_the_box_shows_it() -> None:
    part = cpe_part()
    assert IOS.meaning(ios_text(ios_tree(IOS.render(part))), part) == meaning_of(part)


def test_hier_config_leads_a_fresh_ios_box_to_the_plan_and_back() -> None:
    part = cpe_part()
    fresh, planned = (ios_tree(stable(box.running_text())) for box in (fresh_box(part), planned_box(part)))
    way = WorkflowRemediation(fresh, planned)
    there, back = fresh.future(way.remediation_config), planned.future(way.rollback_config)
    assert lines(there) ^ lines(planned) <= SWITCHED_OFF
    assert lines(back) ^ lines(fresh) <= {line.removeprefix("no ") for line in SWITCHED_OFF}


def test_the_switch_of_the_hospital_comes_back_line_by_line() -> None:
    shown = stable(SWITCH.format(archive=""))
    back = ios_text(ios_tree(shown))
    assert [line for line in shown.splitlines() if line not in DROPPED] == back.splitlines()


@pytest.mark.parametrize("text", [as_planned(firewall()), as_planned(firewall("pattern1")), STAGED])
def test_a_junos_box_comes_back_line_by_line(text: str) -> None:
    shown = srx(text).running_text()
    assert list(get_hconfig(Platform.JUNIPER_JUNOS, shown).dump_simple()) == shown.splitlines()


def test_a_junos_switch_comes_back_line_by_line() -> None:
    shown = ex().running_text()
    assert list(get_hconfig(Platform.JUNIPER_JUNOS, shown).dump_simple()) == shown.splitlines()


@pytest.mark.parametrize("pattern", ["pattern1", "pattern4"])
def test_what_hier_config_makes_of_the_rendered_srx_means_the_same(pattern: str) -> None:
    part = firewall(pattern)
    back = "\n".join(get_hconfig(Platform.JUNIPER_JUNOS, JUNOS.render(part)).dump_simple())
    assert JUNOS.meaning(back, part) == meaning_of(part)


def test_hier_config_leads_a_staged_srx_to_the_plan_and_back() -> None:
    staged, planned = (box.running_text() for box in (srx(), srx(as_planned(firewall()))))
    trees = [get_hconfig(Platform.JUNIPER_JUNOS, text) for text in (staged, planned)]
    way = WorkflowRemediation(*trees)
    assert after(staged, lines(way.remediation_config)) == set(planned.splitlines())
    assert after(planned, lines(way.rollback_config)) == set(staged.splitlines())


def lines(tree: HConfig) -> set[str]:
    return {line.strip() for line in tree.dump_simple()}


def after(shown: str, change: set[str]) -> set[str]:
    """Return a box's lines after a change: ``delete`` takes away all that begins so."""
    gone = tuple(line.replace("delete ", "set ", 1) for line in change if line.startswith("delete "))
    kept = {line for line in shown.splitlines() if not any(line == one or line.startswith(f"{one} ") for one in gone)}
    return kept | {line for line in change if line.startswith("set ")}
