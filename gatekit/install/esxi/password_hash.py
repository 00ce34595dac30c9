"""SHA-512 crypt(5) hashes, made in memory: neither argument list, environment nor file ever holds the password."""

from __future__ import annotations

import re
import secrets
import string
import subprocess

from gatekit.errors import IntentError

__all__ = ["fresh_salt", "salt_of", "sha512_crypt"]

SALT_ALPHABET = string.ascii_letters + string.digits
SALT_LENGTH = 16
HASH = re.compile(r"\$6\$([./A-Za-z0-9]{1,16})\$[./A-Za-z0-9]{86}")
TIMEOUT_S = 30


def fresh_salt() -> str:
    """Return a new random salt."""
    return "".join(secrets.choice(SALT_ALPHABET) for _ in range(SALT_LENGTH))


def salt_of(text: str) -> str | None:
    """Return the salt of the first hash in a text, None when there is no hash in it."""
    found = HASH.search(text)
    return found[1] if found else None


def sha512_crypt(password: str, salt: str) -> str:
    """Return ``$6$salt$...``. The password goes to OpenSSL through a pipe.

    Raises:
        IntentError: GW104 the password cannot be typed on one line; GW147 no usable OpenSSL on this machine.
    """
    if not password or not password.isprintable() or not password.isascii():
        raise IntentError("GW104", "vault.esxi_password", "<secret>", "Use one line of visible ASCII characters.")
    command = ["openssl", "passwd", "-6", "-salt", salt, "-stdin"]
    try:
        done = subprocess.run(command, input=password + "\n", capture_output=True, text=True, check=True,
                              timeout=TIMEOUT_S)  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise IntentError("GW147", "machine.openssl", type(error).__name__, "Install OpenSSL 3.") from error
    made = done.stdout.strip()
    if not HASH.fullmatch(made):
        raise IntentError("GW147", "machine.openssl", "no SHA-512 hash", "Install OpenSSL 3.")
    return made
