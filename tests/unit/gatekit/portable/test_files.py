import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gatekit.portable import files
from gatekit.portable.errors import NodeError
from gatekit.portable.files import FileSpec
from gatekit.portable.secrets import HIDDEN_LINE


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_plan_writes_nothing_and_apply_writes_what_was_planned(tmp_path: Path, me: dict[str, str]) -> None:
    spec = FileSpec(f"{tmp_path}/new/x.conf", content="a\n", mode="0640", **me)
    change = files.plan([spec], {})
    assert not (tmp_path / "new").exists()
    assert change.paths == (spec.path,)
    files.apply(change, {})
    assert (tmp_path / "new/x.conf").read_text() == "a\n"
    assert f"{(tmp_path / 'new/x.conf').stat().st_mode & 0o7777:04o}" == "0640"
    assert not files.plan([spec], {}).changed


def test_absent_when_already_absent_is_no_change(tmp_path: Path) -> None:
    assert not files.plan([FileSpec(f"{tmp_path}/x", "absent")], {}).changed


def test_absent_removes_a_file_and_a_link(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    (tmp_path / "y").symlink_to("x")
    change = files.plan([FileSpec(f"{tmp_path}/{name}", "absent") for name in "xy"], {})
    files.apply(change, {})
    assert names(tmp_path) == []


def test_link_is_replaced_by_a_file_and_its_target_stays(tmp_path: Path, me: dict[str, str]) -> None:
    (tmp_path / "target").write_text("theirs")
    (tmp_path / "x").symlink_to("target")
    files.apply(files.plan([FileSpec(f"{tmp_path}/x", content="ours", **me)], {}), {})
    assert not (tmp_path / "x").is_symlink()
    assert (tmp_path / "target").read_text() == "theirs"


def test_mode_alone_is_a_change(tmp_path: Path, me: dict[str, str]) -> None:
    (tmp_path / "x").write_text("a")
    (tmp_path / "x").chmod(0o600)
    change = files.plan([FileSpec(f"{tmp_path}/x", content="a", mode="0644", **me)], {})
    assert change.diffs()[0]["before"].splitlines()[3] == "mode: 0600"
    assert change.diffs()[0]["after"].splitlines()[3] == "mode: 0644"


def test_secret_is_on_the_disk_and_nowhere_else(tmp_path: Path, me: dict[str, str]) -> None:
    path = f"{tmp_path}/x"
    (tmp_path / "x").write_text("key older-secret\nplain\n")
    change = files.plan([FileSpec(path, content="key <secret psk>\nplain\n", **me)], {"psk": "newer-secret"})
    shown = repr((change.before, change.after, change.diffs(), change.specs))
    assert "newer-secret" not in shown
    assert "older-secret" not in repr((change.before, change.after, change.diffs()))
    assert change.before[path]["content"] == f"{HIDDEN_LINE}\nplain\n"
    files.apply(change, {"psk": "newer-secret"})
    assert (tmp_path / "x").read_text() == "key newer-secret\nplain\n"
    assert not files.plan([FileSpec(path, content="key <secret psk>\nplain\n", **me)], {"psk": "newer-secret"}).changed


def test_secret_bearing_file_that_differs_by_its_last_newline_only_is_a_change(
    tmp_path: Path, me: dict[str, str]
) -> None:
    (tmp_path / "x").write_text("key a")
    (tmp_path / "x").chmod(0o644)
    assert files.plan([FileSpec(f"{tmp_path}/x", content="key <secret psk>\n", **me)], {"psk": "a"}).changed


@pytest.mark.parametrize(
    ("spec", "code", "path"),
    [
        pytest.param(FileSpec("x"), "GW104", "files.path", id="relative"),
        pytest.param(FileSpec("/x/../y"), "GW104", "files.path", id="dots"),
        pytest.param(FileSpec("/x", mode="644"), "GW104", "/x.mode", id="three-digits"),
        pytest.param(FileSpec("/x", content="<secret psk>"), "GW107", "secrets.psk", id="secret-not-given"),
        pytest.param(FileSpec("/etc"), "GW409", "/etc", id="directory-in-the-way"),
        pytest.param(FileSpec("/dev/null"), "GW409", "/dev/null", id="device-in-the-way"),
    ],
)
def test_file_is_refused(spec: FileSpec, code: str, path: str) -> None:
    with pytest.raises(NodeError) as caught:
        files.plan([spec], {})
    assert caught.value.facts[:2] == (code, path)


def test_path_given_twice_is_refused() -> None:
    with pytest.raises(NodeError) as caught:
        files.plan([FileSpec("/x"), FileSpec("/x")], {})
    assert caught.value.facts == ("GW111", "files.path", "/x", "Give each path once.")


def test_unknown_owner_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    change = files.plan([FileSpec(f"{tmp_path}/x", content="a", owner="nobody-knows")], {})
    with pytest.raises(NodeError) as caught:
        files.apply(change, {})
    assert caught.value.code == "GW407"
    assert names(tmp_path) == []


def test_file_changed_by_somebody_else_in_between_is_refused(tmp_path: Path, me: dict[str, str]) -> None:
    (tmp_path / "x").write_text("old")
    change = files.plan([FileSpec(f"{tmp_path}/x", content="ours", **me)], {})
    (tmp_path / "x").write_text("theirs, longer")
    with pytest.raises(NodeError) as caught:
        files.apply(change, {})
    assert caught.value.code == "GW413"
    assert (tmp_path / "x").read_text() == "theirs, longer"


def test_full_disk_leaves_every_old_file_and_no_rest(
    tmp_path: Path, me: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")
    change = files.plan([FileSpec(f"{tmp_path}/{name}", content="new", **me) for name in ("a", "b")], {})
    written = 0

    def full(descriptor: int) -> None:
        nonlocal written
        written += 1
        if written == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(NodeError) as caught:
        files.apply(change, {})
    assert caught.value.facts[0] == "GW418"
    assert caught.value.value == "No space left on device"
    assert names(tmp_path) == ["a", "b"]
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == ["old", "old"]


def test_files_already_in_place_are_put_back_when_a_later_one_fails(
    tmp_path: Path, me: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")
    change = files.plan([FileSpec(f"{tmp_path}/{name}", content="new", **me) for name in ("a", "b")], {})
    rename = os.rename

    def stubborn(source: str, target: str) -> None:
        if target.endswith("/b"):
            raise OSError(errno.EROFS, "Read-only file system")
        rename(source, target)

    monkeypatch.setattr(files.os, "rename", stubborn)
    with pytest.raises(NodeError) as caught:
        files.apply(change, {})
    assert caught.value.facts[:3] == ("GW418", f"{tmp_path}/b", "Read-only file system")
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == ["old", "old"]
    assert names(tmp_path) == ["a", "b"]


def test_kill_leaves_the_old_file_whole_and_the_next_run_clears_the_rest(tmp_path: Path, me: dict[str, str]) -> None:
    target = tmp_path / "x"
    target.write_text("old")
    script = (
        "import os, signal\nfrom gatekit.portable import files\n"
        "files.os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"spec = files.FileSpec({str(target)!r}, content='new' * 100000, **{me!r})\n"
        "files.apply(files.plan([spec], {}), {})\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(files.__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    assert target.read_text() == "old"
    assert len(names(tmp_path)) == 2
    files.apply(files.plan([FileSpec(str(target), content="new", **me)], {}), {})
    assert names(tmp_path) == ["x"]
    assert target.read_text() == "new"
