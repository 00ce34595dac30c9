"""What of a Comware's lines counts, and what does not (vendor reference 7.3)."""

from __future__ import annotations

import pytest

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.comware import PLATFORM
from gatekit.devices.comware.transaction import minutes
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS
from tests.unit.gatekit.simulators.comware.switches import OURS, configuration, plan

KIND = KINDS["comware"]


def changes(extra: str) -> ChangeSet:
    observed = KIND.observed(configuration(extra).text())
    return PLATFORM.change_set(observed, plan(), renewed_secrets=frozenset())


def test_nw_4_a_global_line_begins_with_a_blank_and_is_found() -> None:
    shown = configuration(OURS).text()
    assert f"\n {OURS}\n" in shown
    assert changes(OURS) == ChangeSet()


def test_a_description_is_a_name_and_no_difference() -> None:
    assert changes(f"{OURS} description ask the vendor preference 1") == ChangeSet()


@pytest.mark.parametrize("extra", ["preference 200", "tag 7", "preference 200 description gateway"])
def test_nw_4_our_route_with_more_to_it_is_refused(extra: str) -> None:
    with pytest.raises(DeviceError) as refused:
        changes(f"{OURS} {extra}")
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", f"{OURS} {extra}")


def test_nw_4_a_next_hop_in_another_vpn_is_another_way() -> None:
    line = "ip route-static 10.161.4.0 24 vpn-instance guest 192.168.10.5"
    with pytest.raises(DeviceError) as refused:
        changes(line)
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", line)


def test_what_was_removed_with_its_description_comes_back_with_it() -> None:
    described = f"{OURS} description by the vendor"
    found = PLATFORM.removal(KIND.observed(configuration(described).text()), plan())
    assert (found.forward, found.inverse) == ((f"undo {OURS}",), (described,))


@pytest.mark.parametrize(
    "line",
    [
        "%Nov 23 09:00:00:123 2026 hosp-core SHELL/6/SHELL_CMD: -Line=vty0; Command is system-view",
        " description is % not a parameter found in the plan",
        "System View: return to User View with Ctrl+Z.",
    ],
)
def test_log_lines_are_no_refusals(line: str) -> None:
    assert PLATFORM.refusals.found_in(f"display version\n{line}\n") is None


@pytest.mark.parametrize(
    "what", ["Unrecognized command", "Wrong parameter", "Too many parameters", "Ambiguous command"]
)
def test_refusals_are_found(what: str) -> None:
    refusal = f"% {what} found at '^' position."
    assert PLATFORM.refusals.found_in(f"nonsense\n ^\n {refusal}\n") == refusal


def test_a_wish_is_rounded_up_to_the_boxs_unit() -> None:
    assert [minutes(wish) for wish in (1, 60, 61, 300)] == [1, 1, 2, 5]
