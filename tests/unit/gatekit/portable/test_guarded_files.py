"""The undo of routes and tunnel, against a systemd that keeps timers and a loader that writes down what it read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gatekit.portable import files, guarded_files
from gatekit.portable.errors import NodeError
from gatekit.portable.files import FileSpec
from gatekit.portable.guarded_files import GuardedSpec
from tests.unit.gatekit.portable.conftest import FakePrograms

SYSTEMCTL = r"""
timer="$(dirname "$0")/timer"
case "$*" in is-active*) [ -f "$timer" ];; stop*) rm "$timer";; esac
"""
LOADER = r"""
cat "$1" >> "$(dirname "$0")/loaded" || exit 1
if grep -q broken "$1"; then echo "cannot read it" >&2; exit 1; fi
"""


@pytest.fixture
def node(programs: FakePrograms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    programs.add("systemctl", SYSTEMCTL)
    programs.add("systemd-run", 'touch "$(dirname "$0")/timer"')
    programs.add("loader", LOADER)
    monkeypatch.setattr(guarded_files, "_KEPT", tmp_path / "kept")
    return programs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "network.batch"


@pytest.fixture
def spec(path: Path) -> GuardedSpec:
    return GuardedSpec("ways", (("loader", str(path)),), undo_after_s=60)


def change_to(path: Path, content: str, me: dict[str, str], secrets: dict[str, str] | None = None):
    return files.plan((FileSpec(str(path), content=content, mode="0600", **me),), secrets or {})


def undo(spec: GuardedSpec) -> int:
    return subprocess.run(["/bin/sh", str(spec.directory / "undo.sh")], check=False).returncode


def test_a_confirmed_change_stays_and_leaves_nothing_behind(node, spec, path, me) -> None:
    path.write_text("old\n")
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    assert guarded_files.pending(spec)
    guarded_files.confirm(spec)
    assert not guarded_files.pending(spec)
    assert path.read_text() == "new\n"
    assert not spec.directory.exists()
    assert not change_to(path, "new\n", me).changed


def test_an_unconfirmed_change_is_undone_with_owner_mode_and_load(node, spec, path, me) -> None:
    path.write_text("old\n")
    path.chmod(0o640)
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    assert undo(spec) == 0
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("old\n", 0o640)
    assert (node.folder / "loaded").read_text() == "new\nold\n"


def test_the_undo_of_a_first_change_removes_the_file(node, spec, path, me) -> None:
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    assert undo(spec) == 1  # nothing is there to load
    assert not path.exists()


def test_the_timer_runs_before_anything_is_written(node, spec, path, me) -> None:
    path.write_text("old\n")
    node.add("systemd-run", 'echo "no systemd here" >&2; exit 1')
    with pytest.raises(NodeError) as caught:
        guarded_files.arm(spec, change_to(path, "new\n", me), {})
    fix = "Nothing was written; look whether systemd runs."
    assert caught.value.facts == ("GW420", "units.gatekit-ways-undo", "no systemd here", fix)
    assert path.read_text() == "old\n"


def test_a_load_that_fails_is_undone_at_once(node, spec, path, me) -> None:
    path.write_text("old\n")
    with pytest.raises(NodeError) as caught:
        guarded_files.arm(spec, change_to(path, "broken\n", me), {})
    said = f"loader {path}: cannot read it"
    fix = "The old files are back and loaded; read the journal of what was started."
    assert caught.value.facts == ("GW420", "guarded_files.ways", said, fix)
    assert path.read_text() == "old\n"
    assert not guarded_files.pending(spec)


def test_a_second_change_waits_for_the_first(node, spec, path, me) -> None:
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    with pytest.raises(NodeError) as caught:
        guarded_files.arm(spec, change_to(path, "newer\n", me), {})
    fix = "Wait until the earlier change is undone by its timer, then run again."
    assert caught.value.facts == ("GW413", "guarded_files.ways", "gatekit-ways-undo", fix)


def test_a_confirmation_that_comes_too_late_is_an_error(node, spec) -> None:
    with pytest.raises(NodeError) as caught:
        guarded_files.confirm(spec)
    fix = "No new connection came in time, so the node put the old files back; correct the plan."
    assert caught.value.facts == ("GW402", "guarded_files.ways", "undone by its timer", fix)


def test_what_is_in_use_is_interrupted_only_with_consent(node, path, me) -> None:
    spec = GuardedSpec("ways", (), in_use=("traffic",))
    change = change_to(path, "new\n", me)
    node.add("traffic", "echo dc-main: ESTABLISHED")
    with pytest.raises(NodeError) as caught:
        guarded_files.refuse_interruption(spec, change, "Say yes.")
    assert caught.value.facts == ("GW408", "guarded_files.ways", str(path), "Say yes.")
    node.add("traffic", "echo 'nobody answers' >&2; exit 1")
    guarded_files.refuse_interruption(spec, change, "Say yes.")


def test_an_unchanged_set_is_never_asked_about(node, path, me) -> None:
    path.write_text("old\n")
    path.chmod(0o600)
    spec = GuardedSpec("ways", (), in_use=("traffic",))
    guarded_files.refuse_interruption(spec, change_to(path, "old\n", me), "Say yes.")
    assert node.calls == []


def test_the_kept_secret_is_readable_for_nobody_else(node, spec, path, me) -> None:
    path.write_text("secret = old\n")
    path.chmod(0o600)
    change = change_to(path, "secret = <secret vpn_psk>\n", me, {"vpn_psk": "new"})
    guarded_files.arm(spec, change, {"vpn_psk": "new"})
    assert path.read_text() == "secret = new\n"
    assert spec.directory.stat().st_mode & 0o777 == 0o700
    assert "old" not in str(change.diffs())


def test_what_waits_for_its_confirmation_is_taken_back_at_once(node, spec, path, me) -> None:
    path.write_text("old\n")
    path.chmod(0o600)
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    guarded_files.take_back(spec)
    assert path.read_text() == "old\n"
    assert (node.folder / "loaded").read_text() == "new\nold\n"
    assert not guarded_files.pending(spec)
    assert not spec.directory.exists()


def test_what_was_confirmed_is_not_taken_back(node, spec, path, me) -> None:
    guarded_files.arm(spec, change_to(path, "new\n", me), {})
    guarded_files.confirm(spec)
    guarded_files.take_back(spec)
    assert path.read_text() == "new\n"


def test_a_node_without_the_program_that_asks_interrupts_nobody(node, path, me) -> None:
    spec = GuardedSpec("ways", (), in_use=("not-installed-here",))
    assert not guarded_files.interrupts(spec, change_to(path, "new\n", me))
