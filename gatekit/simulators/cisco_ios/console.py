"""What a router's console says before its prompt: the setup dialogue, or nothing but "press RETURN".

Since IOS-XE 17 the dialogue wants an enable secret before it lets anybody past (public captures of 17.x).
"""

from __future__ import annotations

from typing import Protocol

from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.configuration import Configuration
from gatekit.simulators.terminal import Interrupted, Terminal


class SetUp(Protocol):
    """A box as its setup dialogue sees it; ``set_up``: somebody is past it since the last boot."""

    startup: Configuration | None
    set_up: bool

    def keep_enable_secret(self, secret: str) -> None:
        """Save the one line that the setup dialogue makes."""


async def greet(box: SetUp, terminal: Terminal) -> None:
    """Hold the console up to the first prompt; a setup that is saved becomes running and startup."""
    if box.startup is None and not box.set_up:
        await _setup(box, terminal)
        box.set_up = True
    await terminal.write(words.PRESS_RETURN)
    while await terminal.read_line(""):
        continue
    if box.set_up and box.startup is None:
        terminal.post(words.CONSOLE_LOG)  # of its own accord, in the middle of what is typed


async def _setup(box: SetUp, terminal: Terminal) -> None:
    while (answer := (await _line(terminal, words.SETUP_QUESTION)).lower()) not in {"n", "no"}:
        await terminal.write(words.SETUP_ANSWER if answer not in {"y", "yes"} else words.SETUP_NOT_SIMULATED)
    await terminal.write(words.SETUP_EXPLAINED)
    while True:
        secret = await _line(terminal, words.SETUP_ENTER, echo=False)
        if not _is_strong(secret):
            await terminal.write(words.SETUP_WEAK)
        elif await _line(terminal, words.SETUP_CONFIRM, echo=False) == secret:
            break
    choice = await _line(terminal, words.SETUP_CHOICE) or "2"
    if choice == "2":
        box.keep_enable_secret(secret)


def _is_strong(secret: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    return 10 <= len(secret) <= 32 and all(any(kind(one) for one in secret) for kind in kinds)


async def _line(terminal: Terminal, prompt: str, *, echo: bool = True) -> str:
    """Return one answer; the setup does not end at Ctrl-C in these releases."""
    while True:
        try:
            return (await terminal.read_line(prompt, echo=echo)).strip()
        except Interrupted:
            await terminal.write("\n")
