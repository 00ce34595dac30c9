"""What a box writes of its own accord: after a prompt too, which it does not repeat then.

Who waits for a prompt at the very end would wait until the time limit. ``message`` is the form of one, its newline
included, as a regular expression.
"""

from __future__ import annotations

import re


def behind(prompt: str, message: str) -> str:
    """Return the form of a prompt, given without its end, that messages may follow."""
    return rf"{prompt} ?(?:\s*{message})*$"


def without(text: str, message: str) -> str:
    """Return a text without them, whether they stand behind a prompt or in the middle."""
    return re.sub(rf"\s*{message}$", "", re.sub(rf"(?m)^{message}", "", text))
