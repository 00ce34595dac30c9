"""Secrets named in file contents as ``<secret NAME>``: put in for the disk, taken out for people."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import NodeError

__all__ = ["HIDDEN_LINE", "bears_secret", "masked_before", "reveal", "scrub"]

_PLACEHOLDER = re.compile(r"<secret ([a-z][a-z0-9_]*)>")
LONG_ENOUGH = 8  # characters that no other word holds by chance
HIDDEN_LINE = "<a line that is not shown: this file bears secrets>"


def bears_secret(content: str) -> bool:
    """Return whether the content names a secret."""
    return _PLACEHOLDER.search(content) is not None


def reveal(path: str, content: str, secrets: Mapping[str, str]) -> str:
    """Return the content with every placeholder replaced.

    Raises:
        NodeError: GW107 when a secret that the content names is not given.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in secrets:
            raise NodeError("GW107", f"secrets.{name}", path, f"Put {name} into the vault.")
        return secrets[name]

    return _PLACEHOLDER.sub(value, content)


def scrub(text: str, secrets: Mapping[str, str]) -> str:
    """Return the text with every value of a secret replaced by its name, longest value first.

    A short value only where it stands alone: inside of other words it is not the secret, and its name there would
    tear them apart.
    """
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        if len(value) >= LONG_ENOUGH:
            text = text.replace(value, f"<secret {name}>")
        elif value:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"<secret {name}>", text)
    return text


def masked_before(found: str, wanted: str) -> str:
    """Return what a file held, showing only the lines that the wanted content has without a secret.

    An older secret is unknown to us; so whatever is not known to be harmless is hidden.
    """
    harmless = {line for line in wanted.splitlines() if not bears_secret(line)}
    return "".join((line if line in harmless else HIDDEN_LINE) + "\n" for line in found.splitlines())
