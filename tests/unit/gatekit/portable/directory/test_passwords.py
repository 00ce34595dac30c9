"""Salted SHA-512 in slapd's form."""

from __future__ import annotations

import pytest

from gatekit.portable.directory import passwords


def test_stored_value_matches_its_password_only_and_has_its_own_salt() -> None:
    one, other = passwords.stored("correct horse"), passwords.stored("correct horse")
    assert one != other
    assert passwords.matches("correct horse", one)
    assert passwords.matches("correct horse", other)
    assert not passwords.matches("wrong", one)


@pytest.mark.parametrize("value", [b"", b"secret", b"{SSHA512}", b"{SSHA512}!", b"{SSHA512}AAAA", b"{CRYPT}x"])
def test_other_schemes_and_broken_values_never_match(value: bytes) -> None:
    assert not passwords.matches("", value)
    assert not passwords.matches("secret", value)
