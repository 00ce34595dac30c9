"""States of a node that a rollback brings back: newest first, at most five, nobody else's to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable import confirmed_states
from gatekit.portable.confirmed_states import recall, remember
from gatekit.portable.errors import NodeError


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(confirmed_states, "_DIRECTORY", tmp_path / "confirmed")
    return tmp_path / "confirmed"


def test_the_last_and_the_one_before_it_are_recalled() -> None:
    assert [remember("firewall", {"rules": text}) for text in "abb"] == [True, True, False]
    assert recall("firewall", "confirmed") == {"rules": "b"}
    assert recall("firewall", "earlier") == {"rules": "a"}


def test_a_state_that_was_brought_back_is_the_newest_and_stands_once(directory: Path) -> None:
    for text in "aba":
        remember("firewall", {"rules": text})
    assert (recall("firewall", "confirmed"), recall("firewall", "earlier")) == ({"rules": "a"}, {"rules": "b"})
    assert (directory / "firewall.json").read_text().count("rules") == 2


def test_five_are_kept_and_only_their_owner_reads_them(directory: Path) -> None:
    for number in range(7):
        remember("firewall", {"rules": number})
    path = directory / "firewall.json"
    assert path.read_text().count("rules") == 5
    assert (path.stat().st_mode & 0o777, directory.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(("known", "which"), [((), "confirmed"), (("a",), "earlier")])
def test_what_was_never_confirmed_is_not_made_up(known: tuple[str, ...], which: str) -> None:
    for text in known:
        remember("firewall", {"rules": text})
    with pytest.raises(NodeError) as caught:
        recall("firewall", which)
    assert caught.value.facts[:3] == ("GW407", "confirmed.firewall", f"{len(known)} confirmed states")


def test_a_file_that_cannot_be_read_is_refused(directory: Path) -> None:
    directory.mkdir()
    (directory / "firewall.json").write_text("half a fi")
    with pytest.raises(NodeError) as caught:
        remember("firewall", {"rules": "a"})
    assert caught.value.facts[:2] == ("GW410", str(directory / "firewall.json"))
