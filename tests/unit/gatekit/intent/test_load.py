"""What loads, and what junk does: an intent or IntentRefused, never anything else."""

from __future__ import annotations

import copy
import random
import tempfile
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekit.errors import IntentError, IntentRefused
from gatekit.intent.load import load_intent
from tests.refusals.case import INVENTORIES, REMOVED, example, set_at

PATTERNS = (1, 2, 3, 4)
TREES = {
    (pattern, name): yaml.safe_load((INVENTORIES / f"pattern{pattern}" / name).resolve().read_text(encoding="utf-8"))
    for pattern in PATTERNS
    for name in ("site.yml", "../data_centre.yml")
}
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.sampled_from(["10.0.0.0/8", "192.168.10.5", "2001:db8::1", "0104", "1:30", "2026-13-01", "yes", "~", "=", "<<"]),
    st.dates(),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=5) | st.integers(), st.booleans() | st.none(), max_size=3),
)


def places(tree: Any, here: str = "") -> Iterator[str]:
    """Yield the path of every key and item below ``tree``."""
    rows = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in rows:
        path = f"{here}[{key}]" if isinstance(key, int) else f"{here}.{key}".removeprefix(".")
        yield path
        yield from places(value, path)


def shuffled(tree: Any, seed: random.Random) -> Any:
    """Return the tree with the keys of every mapping in another order."""
    if isinstance(tree, dict):
        keys = sorted(tree, key=lambda _: seed.random())
        return {key: shuffled(tree[key], seed) for key in keys}
    return [shuffled(item, seed) for item in tree] if isinstance(tree, list) else tree


def loads_or_is_refused(pattern: int, name: str, text: str) -> None:
    """Load the example with one file replaced; anything but an intent or GW1xx raises."""
    with tempfile.TemporaryDirectory() as root:
        folder = example(pattern, Path(root))
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        errors: tuple[IntentError, ...] | None = None
        try:
            load_intent(folder)
        except IntentRefused as refused:
            errors = refused.errors
        if errors is not None:
            assert errors
            assert all(error.code.startswith("GW1") and error.fix and error.path for error in errors)
            assert "\n".join(map(str, errors)).encode("utf-8")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_example_site_loads(pattern: int) -> None:
    intent = load_intent(INVENTORIES / f"pattern{pattern}")
    assert intent.site.vpn.pattern == pattern
    assert intent.data_centre.networks == (IPv4Network("10.200.0.0/16"),)


def test_nw_1_example_sites_have_each_its_own_id_and_dmz() -> None:
    sites = [load_intent(INVENTORIES / f"pattern{pattern}").site for pattern in PATTERNS]
    assert len({site.hospital.id for site in sites}) == len({site.dmz.network for site in sites}) == len(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", range(5))
def test_order_of_keys_does_not_change_the_intent(pattern: int, seed: int, tmp_path: Path) -> None:
    folder = example(pattern, tmp_path)
    expected = load_intent(folder)
    tree = shuffled(TREES[pattern, "site.yml"], random.Random(seed))  # noqa: S311 - an order, not a secret
    (folder / "site.yml").write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert load_intent(folder) == expected


@pytest.mark.parametrize("name", ["site.yml", "../data_centre.yml"])
@pytest.mark.parametrize("pattern", [1, 4])
def test_every_key_may_be_missing_without_a_crash(pattern: int, name: str) -> None:
    tree = TREES[pattern, name]
    for path in places(tree):
        changed = copy.deepcopy(tree)
        set_at(changed, path, REMOVED)
        loads_or_is_refused(pattern, name, yaml.safe_dump(changed, allow_unicode=True))


@pytest.mark.parametrize("name", ["site.yml", "../data_centre.yml"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.data())
def test_junk_anywhere_loads_or_is_refused(name: str, chance: st.DataObject) -> None:
    pattern = chance.draw(st.sampled_from(PATTERNS))
    tree = copy.deepcopy(TREES[pattern, name])
    for _ in range(chance.draw(st.integers(1, 3))):
        path = chance.draw(st.sampled_from(sorted(places(tree))))
        set_at(tree, path, chance.draw(JUNK))
    loads_or_is_refused(pattern, name, yaml.safe_dump(tree, allow_unicode=True))


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=()), max_size=200)
    | st.text("{}[]:,-?&*!|>'\"%@`# \n\\xU0aF\t", max_size=80)
)
def test_any_text_loads_or_is_refused(text: str) -> None:
    loads_or_is_refused(4, "site.yml", text)
