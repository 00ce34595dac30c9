"""SCRAM-SHA-256 verifiers (RFC 5802, RFC 7677) in PostgreSQL's form: the password itself never reaches the server."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets

from ..errors import NodeError

__all__ = ["matches", "verifier"]

_ITERATIONS = 4096  # PostgreSQL's own; the passwords are long and random
_SALT_BYTES = 16
_FORM = re.compile(r"SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)\Z")


def verifier(name: str, password: str) -> str:
    """Return a new verifier with its own salt.

    Raises:
        NodeError: GW104 for a password that is empty or not printable ASCII: other characters are prepared
            (SASLprep) by each client in its own way.
    """
    if not password or not all(" " <= character <= "~" for character in password):
        raise NodeError("GW104", f"secrets.{name}", "a password", "Use printable ASCII characters only.")
    return _computed(password, secrets.token_bytes(_SALT_BYTES), _ITERATIONS)


def matches(password: str, stored: str) -> bool:
    """Return whether the stored verifier was made from the password."""
    match = _FORM.match(stored)
    if match is None:
        return False
    try:
        salt = base64.b64decode(match.group(2), validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(_computed(password, salt, int(match.group(1))), stored)


def _computed(password: str, salt: bytes, iterations: int) -> str:
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key, server_key = hashlib.sha256(client_key).digest(), hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    salt_text, stored_text, server_text = parts
    return f"SCRAM-SHA-256${iterations}:{salt_text}${stored_text}:{server_text}"
