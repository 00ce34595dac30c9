"""A restore is refused before anything is touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gatekit.portable.commands import Outcome
from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import restore
from gatekit.portable.postgresql.restore import Restore

LISTED = ";\n; Archive created at 2026-11-23 01:30:00 JST\n;     dbname: archive\n;\n"


def wanted(consent: str = "archive") -> Restore:
    return Restore(5432, "archive", "archive", "/x.dump", "/bin", consent)


def lists(monkeypatch: pytest.MonkeyPatch, outcome: Outcome, users: str = "") -> None:
    def answer(words: Sequence[str], timeout_s: float = 60) -> Outcome:
        return outcome

    monkeypatch.setattr(restore, "_as_server", answer)
    monkeypatch.setattr(restore, "_users", lambda _: users)
    monkeypatch.setattr(restore, "_LEAVING_S", 0)


def test_whole_dump_of_the_database_is_taken_with_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    lists(monkeypatch, Outcome(0, LISTED, ""))
    change = restore.plan(wanted())
    assert change.after == {"database archive": "as dumped at 2026-11-23 01:30:00 JST"}


@pytest.mark.parametrize(
    ("consent", "outcome", "users", "code", "value"),
    [
        pytest.param("", Outcome(0, LISTED, ""), "", "GW408", "no consent", id="no-consent"),
        pytest.param("yes", Outcome(0, LISTED, ""), "", "GW408", "yes", id="consent-to-something-else"),
        pytest.param("archive", Outcome(1, "", "no archive"), "", "GW407", "no archive", id="no-dump"),
        pytest.param(
            "archive",
            Outcome(0, LISTED.replace("archive\n", "other\n"), ""),
            "",
            "GW407",
            "/x.dump",
            id="other-database",
        ),
        pytest.param("archive", Outcome(0, LISTED, ""), "archive (wildfly)", "GW408", "archive (wildfly)", id="in-use"),
    ],
)
def test_what_must_not_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, consent: str, outcome: Outcome, users: str, code: str, value: str
) -> None:
    lists(monkeypatch, outcome, users)
    with pytest.raises(NodeError) as caught:
        restore.plan(wanted(consent))
    assert caught.value.facts[:3] == (code, "restore.archive", value)


def test_newest_dump_is_the_last_by_its_stamp(tmp_path: Path) -> None:
    (tmp_path / "dumps").mkdir()
    with pytest.raises(NodeError):
        restore.newest_dump(str(tmp_path), "archive")
    for name in ("archive-20261101T000000Z.dump", "archive-20261102T000000Z.dump", "other-20261103T000000Z.dump"):
        (tmp_path / "dumps" / name).touch()
    assert restore.newest_dump(str(tmp_path), "archive").endswith("archive-20261102T000000Z.dump")
