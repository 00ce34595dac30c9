"""The screen and keyboard without SSH: what is typed, what is shown."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from gatekit.simulators import Closed, Interrupted, Terminal


class Paper:
    """Keeps what was shown."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def send(self, octets: bytes) -> None:
        self.pieces.append(octets)

    def cut(self) -> None:
        self.pieces.append(b"<cut>")

    @property
    def text(self) -> str:
        return b"".join(self.pieces).decode()


def on_paper(**link) -> tuple[Terminal, Paper]:
    paper = Paper()
    return Terminal(paper, "gwops", IPv4Address("10.161.4.250"), **link), paper


def typed_line(octets: bytes, *, echo: bool = True) -> tuple[str, str]:
    async def type_it() -> tuple[str, str]:
        terminal, paper = on_paper()
        terminal.feed(octets)
        return await terminal.read_line("toy# ", echo=echo), paper.text

    return asyncio.run(type_it())


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_line_ends_with_return_newline_or_both(end):
    assert typed_line(b"show" + end) == ("show", "toy# show\r\n")


def test_return_and_newline_are_one_key_even_when_they_come_apart():
    async def type_it() -> list[str]:
        terminal, _ = on_paper()
        terminal.feed(b"one\r")
        first = await terminal.read_line("")
        terminal.feed(b"\ntwo\r\n")
        return [first, await terminal.read_line("")]

    assert asyncio.run(type_it()) == ["one", "two"]


@pytest.mark.parametrize("key", [b"\b", b"\x7f"])
def test_backspace_and_delete_take_the_last_character_off(key):
    assert typed_line(b"shox" + key + b"w\r") == ("show", "toy# shox\b \bw\r\n")


def test_backspace_at_the_beginning_shows_nothing():
    assert typed_line(b"\b\bx\r") == ("x", "toy# x\r\n")


def test_control_u_takes_the_whole_line_off():
    assert typed_line(b"abc\x15x\r") == ("x", "toy# abc" + "\b \b" * 3 + "x\r\n")


def test_a_password_is_not_shown():
    assert typed_line(b"se\bcret\r", echo=False) == ("scret", "toy# \r\n")


def test_japanese_arrives_whole_though_its_octets_come_one_by_one():
    async def type_it() -> str:
        terminal, _ = on_paper()
        for octet in "病院\r".encode():
            terminal.feed(bytes([octet]))
        return await terminal.read_line("")

    assert asyncio.run(type_it()) == "病院"


@pytest.mark.parametrize("key", ["\x03", "\x1a"])
def test_control_c_and_control_z_interrupt_the_line(key):
    async def type_it() -> None:
        terminal, _ = on_paper()
        terminal.feed(b"half a line" + key.encode())
        await terminal.read_line("")

    with pytest.raises(Interrupted) as interrupted:
        asyncio.run(type_it())
    assert (interrupted.value.key, interrupted.value.typed) == (key, "half a line")


def test_output_is_cut_between_octets():
    async def show() -> list[bytes]:
        terminal, paper = on_paper(chunk_bytes=2)
        await terminal.write("病\n")
        return paper.pieces

    assert asyncio.run(show()) == ["病".encode()[:2], "病".encode()[2:] + b"\r", b"\n"]


def paged(keys: bytes, *, paging: bool = True) -> str:
    async def show() -> str:
        terminal, paper = on_paper()
        terminal.height, terminal.paging = 4, paging
        terminal.feed(keys)
        await terminal.page("".join(f"{number}\n" for number in range(1, 9)), more="--More--", erase="\r")
        return paper.text

    return asyncio.run(show()).replace("\r\n", "/")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (b"  ", "1/2/3/--More--\r4/5/6/--More--\r7/8/"),
        (b"\r\r  ", "1/2/3/--More--\r4/--More--\r5/--More--\r6/7/8/"),
        (b"x q", "1/2/3/--More--\r4/5/6/--More--\r"),
        (b"\x03", "1/2/3/--More--\r"),
    ],
)
def test_the_pager_goes_by_page_by_line_or_stops(keys, shown):
    assert paged(keys) == shown


def test_without_paging_everything_comes_at_once():
    assert paged(b"", paging=False) == "1/2/3/4/5/6/7/8/"


def test_a_session_behind_a_closed_filter_says_and_hears_nothing():
    async def show() -> str:
        terminal, paper = on_paper()
        terminal.fall_silent()
        await terminal.write("lost")
        terminal.post("lost too")
        return paper.text

    assert asyncio.run(show()) == ""


def test_reading_and_writing_on_a_dead_session_ends_the_dialogue():
    async def both() -> None:
        terminal, _ = on_paper()
        terminal.cut()
        with pytest.raises(Closed):
            await terminal.write("x")
        await terminal.read_key()

    with pytest.raises(Closed):
        asyncio.run(both())
