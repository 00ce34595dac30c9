from __future__ import annotations

import getpass
import hashlib
import zipfile
from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly import installation
from gatekit.portable.wildfly.installation import Layout

CONFIGURATION = ("application-roles", "application-users", "mgmt-groups", "logging")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "opt").mkdir()
    return Layout(str(tmp_path / "opt/wildfly"), str(tmp_path / "state/server"), "gatekit.xml", getpass.getuser())


def archive(folder: Path, version: str, inner: str = "") -> tuple[str, str]:
    path = folder / f"{version}.zip"
    with zipfile.ZipFile(path, "w") as file:
        home = inner or f"wildfly-{version}"
        file.writestr(f"{home}/jboss-modules.jar", "jar")
        file.writestr(f"{home}/standalone/configuration/standalone.xml", f"<server version='{version}'/>")
        for name in CONFIGURATION:
            file.writestr(f"{home}/standalone/configuration/{name}.properties", name)
    return str(path), hashlib.sha256(path.read_bytes()).hexdigest()


def install(layout: Layout, folder: Path, version: str, *, link: bool = True) -> installation.InstallationChange:
    path, sha256 = archive(folder, version)
    change = installation.plan(layout, version, sha256, path, link=link)
    installation.apply(change)
    return installation.plan(layout, version, sha256, path, link=link)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_first_version_is_unpacked_linked_and_gives_its_configuration(layout: Layout, tmp_path: Path) -> None:
    again = install(layout, tmp_path, "38.0.1.Final")
    assert again.changed is False
    assert str(Path(layout.link).readlink()) == "wildfly-38.0.1.Final"
    assert installation.linked_version(layout) == "38.0.1.Final"
    names = sorted(path.name for path in layout.configuration_folder.iterdir())
    assert names == sorted(["gatekit.xml", *(f"{name}.properties" for name in CONFIGURATION)])
    assert not (tmp_path / "38.0.1.Final.zip").exists()


def test_archive_is_wanted_only_when_its_version_is_not_there(layout: Layout, tmp_path: Path) -> None:
    missing = installation.plan(layout, "38.0.1.Final", "0" * 64, str(tmp_path / "none.zip"), link=True)
    assert (missing.changed, missing.archive_wanted) == (True, True)
    assert install(layout, tmp_path, "38.0.1.Final").archive_wanted is False


def test_wrong_archive_is_thrown_away_and_nothing_else_is_touched(layout: Layout, tmp_path: Path) -> None:
    install(layout, tmp_path, "38.0.1.Final")
    path, actual = archive(tmp_path, "39.0.1.Final")
    before = tree(tmp_path / "opt") + tree(tmp_path / "state")
    with pytest.raises(NodeError) as refused:
        installation.apply(installation.plan(layout, "39.0.1.Final", "0" * 64, path, link=False))
    assert refused.value.facts[:3] == ("GW142", path, actual)
    assert tree(tmp_path / "opt") + tree(tmp_path / "state") == before
    assert not Path(path).exists()


def test_archive_of_another_version_is_refused(layout: Layout, tmp_path: Path) -> None:
    path, sha256 = archive(tmp_path, "39.0.1.Final", inner="wildfly-preview-39.0.1.Final")
    with pytest.raises(NodeError) as refused:
        installation.apply(installation.plan(layout, "39.0.1.Final", sha256, path, link=True))
    assert refused.value.facts[:3] == ("GW142", path, ["wildfly-preview-39.0.1.Final"])
    assert tree(tmp_path / "opt") == []


def test_damaged_archive_leaves_nothing(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "39.0.1.Final.zip"
    path.write_bytes(b"no zip")
    sha256 = hashlib.sha256(b"no zip").hexdigest()
    with pytest.raises(NodeError) as refused:
        installation.apply(installation.plan(layout, "39.0.1.Final", sha256, str(path), link=True))
    assert refused.value.code == "GW418"
    assert tree(tmp_path / "opt") == []


def test_other_version_in_use_is_refused_but_can_be_put_beside(layout: Layout, tmp_path: Path) -> None:
    install(layout, tmp_path, "38.0.1.Final")
    with pytest.raises(NodeError) as refused:
        installation.plan(layout, "39.0.1.Final", "0" * 64, "", link=True)
    assert refused.value.facts[:3] == ("GW409", layout.link, "38.0.1.Final")
    assert "playbooks/wildfly_upgrade.yml" in refused.value.fix
    assert install(layout, tmp_path, "39.0.1.Final", link=False).changed is False
    assert installation.linked_version(layout) == "38.0.1.Final"
    assert "38.0.1" in (layout.configuration_folder / "gatekit.xml").read_text()


@pytest.mark.parametrize("marker", ["f" * 64, None])
def test_folder_of_another_hand_or_archive_is_not_ours(layout: Layout, tmp_path: Path, marker: str | None) -> None:
    home = layout.home("38.0.1.Final")
    home.mkdir()
    if marker:
        (home / installation.MARKER).write_text(marker)
    with pytest.raises(NodeError) as refused:
        installation.plan(layout, "38.0.1.Final", "0" * 64, "", link=True)
    assert refused.value.facts[:3] == ("GW409", str(home), marker or "unpacked by another hand")


def test_killed_run_is_taken_up(layout: Layout, tmp_path: Path) -> None:
    left = tmp_path / "opt/.wildfly-38.0.1.Final.unpacking/wildfly-38.0.1.Final"
    left.mkdir(parents=True)
    (left / "half").write_text("")
    assert install(layout, tmp_path, "38.0.1.Final").changed is False
    assert "half" not in tree(tmp_path / "opt")


def test_configuration_that_is_there_is_never_replaced(layout: Layout, tmp_path: Path) -> None:
    install(layout, tmp_path, "38.0.1.Final")
    (layout.configuration_folder / "gatekit.xml").write_text("ours")
    assert install(layout, tmp_path, "38.0.1.Final").changed is False
    assert (layout.configuration_folder / "gatekit.xml").read_text() == "ours"
