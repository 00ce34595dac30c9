"""One SSH session's screen and keyboard: line ends, line editor, pager, a slow or broken link."""

from __future__ import annotations

import asyncio
import codecs
from collections import deque
from ipaddress import IPv4Address
from typing import Protocol

ENTER = ("\r", "\n")
ERASERS = ("\b", "\x7f")
CTRL_C, CTRL_U, CTRL_Z = "\x03", "\x15", "\x1a"
BOX_WIDTH, BOX_HEIGHT = 80, 24  # what most boxes assume, whatever the client says


class Wire(Protocol):
    """The line under a terminal."""

    def send(self, octets: bytes) -> None:
        """Send octets; on a line that is down they are lost."""

    def cut(self) -> None:
        """End it without a goodbye: a TCP reset."""


class Closed(Exception):  # noqa: N818 - an end, not a fault
    """The session is over: ``serve`` lets it pass."""


class Interrupted(Exception):  # noqa: N818 - a key, not a fault
    """Ctrl-C, or Ctrl-Z as ``key``; what was typed on the line is in ``typed``."""

    def __init__(self, key: str, typed: str) -> None:
        super().__init__(key, typed)
        self.key, self.typed = key, typed


class Terminal:
    """One session, as the device sees it. ``paging``, ``width`` and ``height`` are the device's to set.

    ``window`` is what the client said of its own screen; ``address`` is where it came from. ``chunk_bytes``
    (0 = whole) and ``delay_s`` (real seconds before each chunk) make the link slow. Chunks are cut between
    octets, in the middle of a Japanese character too, as a network does.
    """

    def __init__(
        self, wire: Wire, user: str, address: IPv4Address, *, chunk_bytes: int = 0, delay_s: float = 0.0
    ) -> None:
        self.user, self.address = user, address
        self.width, self.height = BOX_WIDTH, BOX_HEIGHT
        self.window: tuple[int, int] | None = None
        self.paging = True
        self.closed = False
        self._wire, self._chunk_bytes, self._delay_s = wire, chunk_bytes, delay_s
        self._silent = False
        self._typed: deque[str] = deque()
        self._arrived = asyncio.Event()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._after_return = False

    # ------------------------------------------------------------------ for the dialogue
    async def write(self, text: str) -> None:
        r"""Show a text; "\n" begins a line. Raises Closed when nobody is there any more."""
        octets = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        step = self._chunk_bytes or max(1, len(octets))
        for start in range(0, len(octets), step):
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            self._send(octets[start : start + step])

    def post(self, text: str) -> None:
        """Show a message of the device's own accord (a timer's, another admin's); lost on a dead session."""
        if not (self.closed or self._silent):
            self._wire.send(text.replace("\n", "\r\n").encode())

    async def read_line(self, prompt: str, *, echo: bool = True) -> str:
        """Show the prompt and return the line that was typed, edited with backspace, DEL and Ctrl-U.

        Raises:
            Interrupted: Ctrl-C or Ctrl-Z.
            Closed: the session is over.
        """
        await self.write(prompt)
        line = ""
        while True:
            key = await self.read_key()
            if key in ENTER:
                await self.write("\n")
                return line
            if key in {CTRL_C, CTRL_Z}:
                raise Interrupted(key, line)
            if key in ERASERS or key == CTRL_U:
                gone = len(line) if key == CTRL_U else min(1, len(line))
                line = line[: len(line) - gone]
                await self._echo("\b \b" * gone, echo)
            elif key.isprintable():
                typed = key + self._rest_of_line()
                line += typed
                await self._echo(typed, echo)

    async def read_key(self) -> str:
        r"""Return one character without echo; Enter is one key, whether sent as "\r", "\n" or "\r\n"."""
        while True:
            while not self._typed:
                if self.closed:
                    raise Closed
                self._arrived.clear()
                await self._arrived.wait()
            key = self._typed.popleft()
            second_half = self._after_return and key == "\n"
            self._after_return = key == "\r"
            if not second_half:
                return key

    async def page(self, text: str, *, more: str, erase: str = "") -> None:
        """Show a text page by page while ``paging``: space = next page, Enter = next line, q or Ctrl-C = stop.

        ``erase`` is written verbatim after the key, to take ``more`` off the line (or to end it).
        """
        lines = text.splitlines(keepends=True)
        room = self.height - 1
        while self.paging and len(lines) > room:
            await self.write("".join(lines[:room]) + more)
            del lines[:room]
            key = await self._pager_key()
            await self.write(erase)
            if key in {"q", "Q", CTRL_C}:
                return
            room = 1 if key in ENTER else self.height - 1
        await self.write("".join(lines))

    # ------------------------------------------------------------------ for the server
    def feed(self, octets: bytes) -> None:
        """Take what the client sent; on a silent session it is lost."""
        if not self._silent:
            self._typed.extend(self._decoder.decode(octets))
            self._arrived.set()

    def fall_silent(self) -> None:
        """Lose everything from now on, in both directions, as behind a filter that has closed."""
        self._silent = True

    def hang_up(self) -> None:
        """Note that the other side is gone."""
        self.closed = True
        self._arrived.set()

    def cut(self) -> None:
        """End the session without a goodbye."""
        self.hang_up()
        self._wire.cut()

    # ------------------------------------------------------------------ inside
    async def _pager_key(self) -> str:
        while (key := await self.read_key()) not in {" ", "q", "Q", CTRL_C, *ENTER}:
            pass
        return key

    async def _echo(self, text: str, wanted: bool) -> None:  # noqa: FBT001 - read_line's own keyword, passed on
        if wanted and text:
            await self.write(text)

    def _rest_of_line(self) -> str:
        """Return what else is waiting and needs no editing: one echo for a whole pasted line, not one a key."""
        rest = ""
        while self._typed and self._typed[0].isprintable():
            rest += self._typed.popleft()
        return rest

    def _send(self, octets: bytes) -> None:
        if self.closed:
            raise Closed
        if not self._silent:
            self._wire.send(octets)
