from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable import accounts
from gatekit.portable.accounts import AccountSpec
from gatekit.portable.commands import Outcome


def test_account_that_is_right_is_no_change_and_one_with_a_password_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = tmp_path / "shadow"
    monkeypatch.setattr(accounts, "SHADOW", str(shadow))
    shadow.write_text("daemon:*:1::::::\n")
    right = AccountSpec("daemon", "/usr/sbin", "/usr/sbin/nologin")
    assert not accounts.plan([right]).changed
    shadow.write_text("daemon:$y$hash:1::::::\n")
    change = accounts.plan([right])
    assert (change.before["daemon"]["password"], change.after["daemon"]["password"]) == ("set", "none")


def test_new_account_is_made_with_home_and_without_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def record(words: list[str]) -> Outcome:
        asked.append(words)
        return Outcome(0, "", "")

    monkeypatch.setattr(accounts, "run", record)
    monkeypatch.setattr(accounts, "SHADOW", str(tmp_path / "shadow"))
    (tmp_path / "shadow").write_text("")
    accounts.apply(accounts.plan([AccountSpec("gwops-test", "/home/gwops-test", groups=("adm",))]))
    (words,) = asked
    assert words[:3] == ["useradd", "--create-home", "--user-group"]
    assert words[words.index("--password") + 1] == "*"
    assert words[-3:] == ["--groups", "adm", "gwops-test"]
