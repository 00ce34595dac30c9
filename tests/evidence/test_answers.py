"""What a simulated device answers over SSH, given to parsers that nobody here wrote: the table of evidence.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from netmiko import BaseConnection

from gatekit.devices.change.access import Access
from gatekit.devices.change.session import Session
from gatekit.devices.platforms import platform_names
from gatekit.devices.yamaha_rtx.connection import show as show_of_rtx
from gatekit.simulators.evidence import coverage
from gatekit.simulators.fortios.grammar import option_tables
from tests.evidence.readers import READERS, unread
from tests.unit.gatekit.devices.safety import bench, rows

pytestmark = pytest.mark.peer

BY_PARSER = [
    pytest.param(platform, reader, command, id=f"{platform}, {reader}: {command}")
    for platform, found in coverage().items()
    for reader, commands in found.readers.items()
    if reader in READERS
    for command in commands
]
BY_NOBODY = [
    pytest.param(platform, command, why, id=f"{platform}: {command}")
    for platform, found in coverage().items()
    for command, why in found.nobody.items()
]
_QUESTION = re.compile(r"(?:show|display|get) ")
_FOR_US = re.compile(r" \| (?:grep \S+|no-more)$")  # no pager, or the lines we look for: the answer's form stays


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    """One open session with each platform's first box, as its own platform opens it."""
    with ExitStack() as opened:
        found: dict[str, Session] = {}
        for name, row in rows().items():
            if row.platform.name not in found:
                box = opened.enter_context(bench(name, tmp_path_factory.mktemp("bench")))
                access = Access(row.platform, box.simulator.login(), row.part, row.secrets)
                found[row.platform.name] = opened.enter_context(access.visit())
        yield found


@pytest.fixture(scope="module")
def answer(sessions: dict[str, Session]):
    @cache
    def given(platform: str, command: str) -> str:
        session = sessions[platform]
        return show_of_rtx(session, command) if platform == "yamaha_rtx" else session.ask(command)

    return given


@pytest.mark.parametrize(("platform", "reader", "command"), BY_PARSER)
def test_a_parser_of_others_finds_something_in_the_answer(platform: str, reader: str, command: str, answer) -> None:
    assert READERS[reader](platform, command, answer(platform, command))


@pytest.mark.parametrize(("platform", "command", "why"), BY_NOBODY)
def test_what_nobody_reads_is_unknown_or_still_misread(platform: str, command: str, why: str, answer) -> None:
    text = answer(platform, command)
    reasons = [unread(reader, platform, command, text) for reader in ("ntc-templates", "genie")]
    if not why:
        assert all(re.search(r"No template found|ParserNotFound|genie has nothing", one) for one in reasons)


@pytest.mark.parametrize("name", rows())
def test_every_answer_that_a_change_asks_for_is_in_the_table(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    write = BaseConnection.write_channel

    def noted(connection: BaseConnection, words: str) -> None:
        asked.add(_FOR_US.sub("", words.strip()))
        write(connection, words)

    monkeypatch.setattr(BaseConnection, "write_channel", noted)
    with bench(name, tmp_path) as box:
        box.change()
    platform = rows()[name].platform.name
    found = coverage()[platform]
    known = {*found.nobody, *(command for commands in found.readers.values() for command in commands)}
    questions = {general(platform, line) for line in asked if _QUESTION.match(line)}
    assert questions
    assert questions <= known


def test_every_platform_has_its_line() -> None:
    assert tuple(sorted(coverage())) == platform_names()


def general(platform: str, line: str) -> str:
    """Return the question as the table has it: of one network, or of any FortiOS table (tests/evidence/fortios)."""
    if platform == "fortios" and line.removeprefix("show ") in option_tables()["tables"]:
        return "show TABLE"
    return re.sub(r"(?<=show ip route )[\d.]+ [\d.]+", "10.161.1.0 255.255.255.0", line)
