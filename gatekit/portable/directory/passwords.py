"""Hashed passwords of a directory: salted SHA-512 ({SSHA512}), as slapd's module pw-sha2 checks it.

A comparison needs no bind, so a run without changes asks nothing; the secret itself is long and random
(it comes from the vault), so a slow hash would only slow the archive's binds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

__all__ = ["matches", "stored"]

_SCHEME = b"{SSHA512}"
_DIGEST_BYTES = 64
_SALT_BYTES = 16


def stored(password: str) -> bytes:
    """Return a new value for olcRootPW."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _SCHEME + base64.b64encode(_digest(password, salt) + salt)


def matches(password: str, value: bytes) -> bool:
    """Return whether the stored value is a salted SHA-512 of the password."""
    if not value.startswith(_SCHEME):
        return False
    try:
        raw = base64.b64decode(value[len(_SCHEME) :], validate=True)
    except binascii.Error:
        return False
    digest, salt = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
    return len(salt) >= 8 and hmac.compare_digest(digest, _digest(password, salt))


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.sha512(password.encode() + salt).digest()
