"""An IX's line editor, which folds the echo of long lines (vendor reference 4.2), and the login of its console."""

from __future__ import annotations

from collections.abc import Mapping

from gatekit.simulators.nec_ix import words
from gatekit.simulators.terminal import CTRL_C, CTRL_Z, ENTER, ERASERS, Interrupted, Terminal


async def read_line(terminal: Terminal, prompt: str) -> str:
    """Return the line that was typed; ``?`` prints help at once and leaves what was typed on the line.

    Raises:
        Interrupted: Ctrl-C or Ctrl-Z.
        Closed: the session is over.
    """
    await terminal.write(prompt)
    line, column = "", len(prompt)
    while True:
        key = await terminal.read_key()
        if key in ENTER:
            await terminal.write("\n")
            return line
        if key in {CTRL_C, CTRL_Z}:
            raise Interrupted(key, line)
        if key in ERASERS:
            line, column = line[:-1], max(len(prompt), column - 1)
            await terminal.write("\b \b")
        elif key == "?":
            await terminal.write(f"?{words.HELP}{prompt}{line}")
        elif key.isprintable():
            line += key
            column = await _echo(terminal, key, column)


async def _echo(terminal: Terminal, key: str, column: int) -> int:
    """Show one key and return the column after it."""
    if column < terminal.width:
        await terminal.write(key)
        return column + 1
    await terminal.write(f"\n{words.CONTINUATION}{key}")
    return len(words.CONTINUATION) + 1


async def console_login(terminal: Terminal, users: Mapping[str, str]) -> str:
    """Return who logged in on the console; a box without accounts lets everybody in as administrator."""
    await terminal.write(words.CONSOLE_GREETING)
    while True:
        try:
            if not users:
                return ""
            user = (await terminal.read_line(words.CONSOLE_USER)).strip()
            password = await terminal.read_line(words.CONSOLE_PASSWORD, echo=False) if user else ""
        except Interrupted:
            await terminal.write("\n")
            continue
        if user and users.get(user) == password:
            return user
        await terminal.write(words.CONSOLE_REFUSED if user else "")
