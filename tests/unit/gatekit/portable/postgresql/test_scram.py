"""SCRAM verifiers: the example of RFC 7677, in PostgreSQL's form."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import scram

RFC_7677_SALT = "W22ZaJ0SNY7soEsUEjb6gQ=="
RFC_7677_SERVER_SIGNATURE = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
RFC_7677_AUTH_MESSAGE = (
    "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    f"s={RFC_7677_SALT},i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)


def test_verifier_holds_the_server_key_that_signs_the_example_of_rfc_7677() -> None:
    text = scram._computed("pencil", base64.b64decode(RFC_7677_SALT), 4096)
    assert text.startswith(f"SCRAM-SHA-256$4096:{RFC_7677_SALT}$")
    server_key = base64.b64decode(text.rsplit(":", 1)[1])
    signature = hmac.digest(server_key, RFC_7677_AUTH_MESSAGE.encode(), hashlib.sha256)
    assert base64.b64encode(signature).decode() == RFC_7677_SERVER_SIGNATURE


def test_new_verifier_matches_its_password_only() -> None:
    one, other = scram.verifier("x", "pencil"), scram.verifier("x", "pencil")
    assert one != other
    assert scram.matches("pencil", one)
    assert not scram.matches("pencils", one)


@pytest.mark.parametrize("stored", ["", "md5abc", "SCRAM-SHA-256$4096:x$y", "SCRAM-SHA-256$4096:=$=:="])
def test_other_forms_never_match(stored: str) -> None:
    assert not scram.matches("", stored)


@pytest.mark.parametrize("password", ["", "日本", "a\tb"])
def test_password_that_clients_prepare_differently_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(NodeError) as caught:
        scram.verifier("archive_database_password", password)
    assert caught.value.facts == (
        "GW104",
        "secrets.archive_database_password",
        "a password",
        "Use printable ASCII characters only.",
    )
