"""Secrets belong into the vault: found where they must not be, and missed where they must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gatekit.errors import IntentError

HIDDEN = "<hidden>"
SECRET_KEY = re.compile(r"passw|passphrase|passcode|psk|secret|private_?key|credential|token|community", re.IGNORECASE)
SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY"
    r"|\A\s*\$[0-9a-z-]{1,12}\$"  # crypt(5)
    r"|\A\s*\$ANSIBLE_VAULT"
    r"|://[^/\s:@]*:[^/\s@]+@"  # account and password in a URL
)
MOVE = "Remove it here and put it into group_vars/all/vault.yml, encrypted with ansible-vault."


def found_secrets(value: object, path: str) -> Iterator[IntentError]:
    """Yield GW106 for each secret below ``value``, which stands at ``path``; the secret itself is never shown."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            if SECRET_KEY.search(key):
                yield IntentError("GW106", here, HIDDEN, MOVE)
            else:
                yield from found_secrets(inner, here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from found_secrets(inner, f"{path}[{index}]")
    elif isinstance(value, str) and SECRET_VALUE.search(value):
        yield IntentError("GW106", path, HIDDEN, MOVE)


def not_hidden(errors: Iterable[IntentError], secrets: Iterable[IntentError]) -> Iterator[IntentError]:
    """Yield the errors that are not about a place where a secret stands: they could show it."""
    places = tuple(secret.path for secret in secrets)
    for error in errors:
        if not any(error.path == place or error.path.startswith((f"{place}.", f"{place}[")) for place in places):
            yield error


def missing_secrets(wanted: Iterable[str], vault: Mapping[str, object]) -> Iterator[IntentError]:
    """Yield GW107 for each wanted secret that the vault lacks or holds empty; values are never shown."""
    for name in wanted:
        value = vault.get(name)
        if not isinstance(value, str) or not value.strip():
            fix = f"Add `{name}` to the mapping `vault` in group_vars/all/vault.yml and encrypt it with ansible-vault."
            yield IntentError("GW107", f"vault.{name}", "missing" if value is None else "empty or not text", fix)
