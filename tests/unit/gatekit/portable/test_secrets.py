"""Secrets are taken out of what people read, and nothing else is."""

from __future__ import annotations

import pytest

from gatekit.portable.secrets import LONG_ENOUGH, scrub

LONG, SHORT = "x" * LONG_ENOUGH, "y" * (LONG_ENOUGH - 1)


@pytest.mark.parametrize(
    ("text", "secrets", "expected"),
    [
        pytest.param(f"a{LONG}b", {"psk": LONG}, "a<secret psk>b", id="a long one anywhere"),
        pytest.param(f"set psk {SHORT};", {"psk": SHORT}, "set psk <secret psk>;", id="a short one that stands alone"),
        pytest.param("administrator", {"pw": "admin"}, "administrator", id="a short one within another word"),
        pytest.param("user admin", {"pw": "admin"}, "user <secret pw>", id="a short one that is a word"),
        pytest.param("a$b a$b+", {"pw": "a$b"}, "<secret pw> <secret pw>+", id="signs in a short one"),
        pytest.param("nothing", {"pw": ""}, "nothing", id="an empty one"),
        pytest.param(f"{LONG}{LONG}9", {"a": LONG, "b": f"{LONG}9"}, "<secret a><secret b>", id="one within another"),
    ],
)
def test_a_value_becomes_its_name(text: str, secrets: dict[str, str], expected: str) -> None:
    assert scrub(text, secrets) == expected
