"""Which secrets a device can take on its command line: checked before anybody logs in, and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatekit.errors import IntentError
from gatekit.portable.secrets import LONG_ENOUGH

_NEVER = " \"'\\"


@dataclass(frozen=True, slots=True)
class SecretRule:
    """What one platform takes, in characters, all of them ASCII that can be seen.

    ``refused``: those that its command line reads as something else, beside a blank, quotes and a backslash, which
    none takes as they are. ``beginning``: what tells it that the value is encrypted already. From general knowledge
    where the vendor reference is silent (chapters 1 to 6); every limit is the smallest of account and key. The least
    is ``LONG_ENOUGH``: a shorter one cannot be taken out of a device's answers everywhere.
    """

    longest: int = 32
    refused: str = "?"  # help, at once and in mid-line
    beginning: tuple[str, ...] = ()

    def complaint(self, value: str) -> tuple[str, str] | None:
        """Return what is wrong with a value and what to do, neither of which shows it; None for a good one."""
        if not LONG_ENOUGH <= len(value) <= self.longest:
            return f"{len(value)} characters", f"Choose one of {LONG_ENOUGH} to {self.longest} characters."
        if not (value.isascii() and value.isprintable()) or any(one in value for one in _NEVER + self.refused):
            return "a character that the device reads as something else", self._fix()
        if value.startswith(self.beginning):
            return "begins as an encrypted value does", f"Let it begin with none of {' '.join(self.beginning)}."
        return None

    def _fix(self) -> str:
        named = " ".join(one for one in (*_NEVER.strip(), *self.refused))
        return f"Choose letters, digits and signs, but no blank and none of {named} ."


def require_fit(secrets: Mapping[str, str], rule: SecretRule) -> None:
    """Return when the device takes every secret.

    Raises:
        IntentError: GW108 for the first that it does not, by its place in the vault.
    """
    for name, value in sorted(secrets.items()):
        found = rule.complaint(value)
        if found is not None:
            raise IntentError("GW108", f"vault.{name}", *found)
