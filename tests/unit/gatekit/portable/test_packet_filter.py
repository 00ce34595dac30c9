"""The undo of the packet filter, against an nft that keeps its table in a file and a systemd that keeps timers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gatekit.portable import packet_filter
from gatekit.portable.errors import NodeError
from gatekit.portable.packet_filter import FilterSpec
from tests.unit.gatekit.portable.conftest import FakePrograms

NFT = r"""
kernel="$(dirname "$0")/kernel"
case "$*" in
  *list*) [ -f "$kernel" ] || { echo "Error: No such file or directory" >&2; exit 1; }; cat "$kernel";;
  *--check*) shift 2; grep -q broken "$1" && { echo "$1:1:1-2: Error: syntax error" >&2; exit 1; }; exit 0;;
  *--file*) grep -q refused-by-kernel "$2" && { echo "Error: Could not process rule" >&2; exit 1; }
    grep -v -e '^table t$' -e '^delete table' "$2" > "$kernel"; [ -s "$kernel" ] || rm "$kernel";;
esac
exit 0
"""
BY_HAND = {"table": "not as we left it", "changed by hand": ["- new rules", "+ new rules and a hole"]}
SYSTEMCTL = r"""
timer="$(dirname "$0")/timer"
case "$*" in is-active*) [ -f "$timer" ];; stop*) rm "$timer";; esac
"""


@pytest.fixture
def node(programs: FakePrograms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    programs.add("nft", NFT)
    programs.add("systemctl", SYSTEMCTL)
    programs.add("systemd-run", 'touch "$(dirname "$0")/timer"')
    monkeypatch.setattr(packet_filter, "_UNDO_DIRECTORY", f"{tmp_path}/undo")
    monkeypatch.setattr(packet_filter, "_RECORD_DIRECTORY", f"{tmp_path}/record")
    return programs


@pytest.fixture
def spec(tmp_path: Path):
    return FilterSpec(f"{tmp_path}/nftables.conf", "new rules\n", "t")


def kernel(node: FakePrograms):
    path = node.folder / "kernel"
    return path.read_text() if path.exists() else None


def load(spec: FilterSpec):
    change = packet_filter.plan(spec, predict=False)
    if change.changed:
        packet_filter.arm(change, spec)
        packet_filter.confirm(spec.table)
    return change.changed


def test_rules_are_loaded_once(node: FakePrograms, spec: FilterSpec) -> None:
    assert load(spec)
    assert kernel(node) == "new rules\n"
    assert not load(spec)


def test_undo_is_armed_before_anything_is_loaded(node: FakePrograms, spec: FilterSpec) -> None:
    packet_filter.arm(packet_filter.plan(spec, predict=False), spec)
    called = [call.split()[0] for call in node.calls]
    assert called.index("systemd-run") < len(called) - 1 - called[::-1].index("nft")


@pytest.mark.parametrize("old", [None, "old rules\n"])
def test_undo_puts_table_and_file_back(node: FakePrograms, spec: FilterSpec, tmp_path: Path, old: str | None) -> None:
    if old:
        assert load(FilterSpec(spec.path, old, "t"))
    packet_filter.arm(packet_filter.plan(spec, predict=False), spec)
    assert kernel(node) == "new rules\n"
    subprocess.run(["sh", f"{tmp_path}/undo/undo.sh"], check=True)
    assert kernel(node) == old
    path = tmp_path / "nftables.conf"
    assert (path.read_text() if path.exists() else None) == old


def test_rule_changed_by_hand_is_found_and_put_right(node: FakePrograms, spec: FilterSpec) -> None:
    load(spec)
    (node.folder / "kernel").write_text("new rules and a hole\n")
    change = packet_filter.plan(spec, predict=False)
    assert (change.before, change.after) == (BY_HAND, {"table": "loaded"})
    load(spec)
    assert kernel(node) == "new rules\n"


def test_refused_rules_change_nothing(node: FakePrograms, spec: FilterSpec, tmp_path: Path) -> None:
    with pytest.raises(NodeError) as caught:
        packet_filter.plan(FilterSpec(spec.path, "broken", "t"), predict=False)
    assert caught.value.facts[:2] == ("GW419", spec.path)
    assert not (tmp_path / "nftables.conf").exists()


def test_rules_the_kernel_refuses_are_undone_at_once(node: FakePrograms, spec: FilterSpec, tmp_path: Path) -> None:
    load(FilterSpec(spec.path, "old rules\n", "t"))
    bad = FilterSpec(spec.path, "refused-by-kernel\n", "t")
    with pytest.raises(NodeError) as caught:
        packet_filter.arm(packet_filter.plan(bad, predict=False), bad)
    assert caught.value.code == "GW419"
    assert (tmp_path / "nftables.conf").read_text() == "old rules\n"
    assert kernel(node) == "old rules\n"
    assert not packet_filter.pending()


def test_confirmation_after_the_undo_is_an_error(node: FakePrograms, spec: FilterSpec) -> None:
    with pytest.raises(NodeError) as caught:
        packet_filter.confirm("t")
    assert caught.value.facts[:3] == ("GW402", "packet_filter.t", "undone by its timer")


def test_second_change_waits_for_the_undo_of_the_first(node: FakePrograms, spec: FilterSpec) -> None:
    packet_filter.arm(packet_filter.plan(spec, predict=False), spec)
    with pytest.raises(NodeError) as caught:
        packet_filter.arm(packet_filter.plan(spec, predict=False), spec)
    assert caught.value.code == "GW413"


def test_rules_that_wait_for_their_confirmation_are_taken_back_at_once(node: FakePrograms, spec: FilterSpec) -> None:
    assert load(FilterSpec(spec.path, "old rules\n", "t"))
    packet_filter.arm(packet_filter.plan(spec, predict=False), spec)
    packet_filter.take_back()
    assert kernel(node) == "old rules\n"
    assert not packet_filter.pending()


def test_confirmed_rules_are_not_taken_back(node: FakePrograms, spec: FilterSpec) -> None:
    assert load(spec)
    packet_filter.take_back()
    assert kernel(node) == "new rules\n"
