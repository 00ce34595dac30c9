from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable import packages
from gatekit.portable.errors import NodeError
from gatekit.portable.files import FileSpec
from tests.unit.gatekit.portable.conftest import FakePrograms


@pytest.fixture
def node(programs: FakePrograms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A node whose dpkg knows what stands in one file, and whose apt-get writes there."""
    (programs.folder / "installed").write_text("nftables\n")
    programs.add(
        "dpkg-query",
        'shift 3; status=0; for name; do if grep -qx "$name" $(dirname $0)/installed; '
        'then echo "$name installed"; else status=1; fi; done; exit $status',
    )
    programs.add(
        "apt-get",
        'case "$*" in *" install "*) for name; do echo $name; done '
        '| sed -n "/^--$/,\\$p" >> $(dirname $0)/installed;; esac',
    )
    programs.add("systemctl", "exit 0")
    monkeypatch.setattr(packages, "_SOURCE_GLOBS", (f"{tmp_path}/sources/*",))
    (tmp_path / "sources").mkdir()
    return programs


def test_unchanged_run_asks_dpkg_once_and_no_server(node: FakePrograms) -> None:
    assert not packages.plan(["nftables"], [], [], exclusive=False).changed
    assert len(node.calls) == 1


def test_missing_package_is_predicted_without_a_source_and_installed_with_its_service_held(node: FakePrograms) -> None:
    change = packages.plan(["nftables", "squid"], [], [], exclusive=False)
    assert (change.before, change.after) == ({"squid": "absent"}, {"squid": "installed"})
    packages.apply(change, ["squid.service"])
    acted = [call for call in node.calls if not call.startswith("dpkg-query")]
    assert [call.split()[0] for call in acted] == ["apt-get", "systemctl", "apt-get", "systemctl"]
    assert acted[1] == "systemctl mask --runtime -- squid.service"
    assert acted[3] == "systemctl unmask --runtime -- squid.service"
    assert "--option=Dpkg::Options::=--force-confold" in acted[2]
    assert not packages.plan(["nftables", "squid"], [], [], exclusive=False).changed


def test_held_service_is_let_go_when_the_installation_fails(node: FakePrograms) -> None:
    node.add("apt-get", 'case "$*" in *" install "*) echo "E: no such package" >&2; exit 100;; esac')
    change = packages.plan(["squid"], [], [], exclusive=False)
    with pytest.raises(NodeError) as caught:
        packages.apply(change, ["squid.service"])
    assert caught.value.facts[:3] == ("GW424", "packages.install", "E: no such package")
    assert node.calls[-1] == "systemctl unmask --runtime -- squid.service"


def test_every_other_source_is_removed(node: FakePrograms, tmp_path: Path, me: dict[str, str]) -> None:
    (tmp_path / "sources/theirs.list").write_text("deb http://deb.example.com/ x y\n")
    ours = FileSpec(f"{tmp_path}/sources/gatekit.sources", content="Types: deb\n", **me)
    packages.apply(packages.plan([], [], [ours], exclusive=True), [])
    assert [path.name for path in (tmp_path / "sources").iterdir()] == ["gatekit.sources"]
    assert not packages.plan([], [], [ours], exclusive=True).changed


def test_unwanted_package_is_purged(node: FakePrograms) -> None:
    change = packages.plan([], ["nftables"], [], exclusive=False)
    packages.apply(change, [])
    assert node.calls[-1].endswith("purge -- nftables")
