"""A policy less, a port more, a weaker proposal, another next hop: on every platform a test turns red."""

from __future__ import annotations

import pytest

from tests.unit.gatekit.render.mutated import mutated

ALL = [pytest.param(part, name, id=f"{part}: {name}") for part, table in mutated().items() for name in table.changes]


@pytest.mark.parametrize("part", mutated())
def test_nothing_is_noticed_in_what_is_rendered(part: str) -> None:
    table = mutated()[part]
    assert table.noticed(table.text) == ""


@pytest.mark.parametrize(("part", "name"), ALL)
def test_a_changed_text_means_something_else_or_is_not_understood(part: str, name: str) -> None:
    table = mutated()[part]
    changed = table.changes[name](table.text)
    assert changed != table.text
    assert table.noticed(changed) == table.found.get(name, table.noticed(changed))
    assert table.noticed(changed)
