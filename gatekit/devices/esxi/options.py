"""Advanced options: which of them differ from the hardening baseline, and what cannot be set here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.host_state import HostState, Options, OptionValue, Setting
from gatekit.plan.appliance import EsxiHostPlan, EsxiOptionPlan

__all__ = ["holds", "option_notes", "plan_options"]


def plan_options(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield one change with every option that is to be written: the host takes them in one call, all or none."""
    live = state.options.values
    wrong = {row.key: row for row in _written(plan) if row.key in live and not holds(row, live[row.key])}
    if wrong:
        after = {key: row.value for key, row in sorted(wrong.items())}
        yield Change("options", {key: live[key] for key in after}, after, Options(after))


def option_notes(state: HostState, plan: EsxiHostPlan) -> Iterator[str]:
    """Yield a sentence for every option of the baseline that this build does not have."""
    for row in _written(plan):
        if row.key not in state.options.values:
            yield f"{plan.name}: option {row.key} is not in this version of ESXi; item {row.item} is left open"


def holds(row: EsxiOptionPlan, value: OptionValue) -> bool:
    """Return whether a value is within what the baseline wants. 0 means "never" and is no small number."""
    match row.bound:
        case "at_most":
            return 0 < int(value) <= int(row.value)
        case "at_least":
            return int(value) >= int(row.value)
        case "matches":
            return re.fullmatch(str(row.value), str(value)) is not None
        case "equal":
            return value == row.value


def _written(plan: EsxiHostPlan) -> Iterator[EsxiOptionPlan]:
    return (row for row in plan.options if row.written and row.item not in plan.deviates)
