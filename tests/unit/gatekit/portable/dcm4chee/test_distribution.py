"""The distribution on the node: whole or not at all, under the site's AE title, without the keys everybody knows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from gatekit.portable.dcm4chee.distribution import Wanted, apply, deployments, plan
from gatekit.portable.errors import NodeError
from tests.fixtures.dcm4chee_distribution import build, ear, zipped


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    (tmp_path / "modules").mkdir()
    archive = tmp_path / "arc.zip"
    return Wanted(str(archive), build(archive), str(tmp_path / "arc"), str(tmp_path / "modules"), "KITA_GW")


def test_it_is_unpacked_whole_and_a_second_run_finds_nothing_to_do(wanted: Wanted) -> None:
    change = plan(wanted)
    assert (change.changed, change.archive_wanted) == (True, False)
    apply(change)
    folder = Path(wanted.folder)
    assert {path.name for path in folder.iterdir()} == {
        ".gatekit.json",
        "deploy",
        "jboss-modules",
        "ldap",
        "sql",
    }
    assert not Path(wanted.archive).exists()
    again = plan(wanted)
    assert (again.changed, again.archive_wanted, again.diff()) == (False, False, {"before": "{}\n", "after": "{}\n"})


def test_the_keys_everybody_knows_never_come_to_the_node(wanted: Wanted) -> None:
    apply(plan(wanted))
    names = {path.name for root in (wanted.folder, wanted.modules) for path in Path(root).rglob("*")}
    assert not {"key.p12", "ldap.properties"} & names


def test_entries_bear_the_sites_ae_title_and_words_that_only_contain_it_stay(wanted: Wanted, tmp_path: Path) -> None:
    text = b"dn: dicomAETitle=DCM4CHEE,x\r\nuri: movescu:DCM4CHEE\r\nclass: DCM4CHEE_ARC_AET\r\ncode: 99DCM4CHEE\r\n"
    sha256 = build(Path(wanted.archive), **{"ldap__default-config.ldif": text})
    apply(plan(Wanted(wanted.archive, sha256, wanted.folder, wanted.modules, wanted.ae_title)))
    assert Path(wanted.folder, "ldap/default-config.ldif").read_bytes() == (
        b"dn: dicomAETitle=KITA_GW,x\r\nuri: movescu:KITA_GW\r\nclass: DCM4CHEE_ARC_AET\r\ncode: 99DCM4CHEE\r\n"
    )


def test_its_applications_are_known_by_their_sha256(wanted: Wanted) -> None:
    assert deployments(wanted) == {}
    apply(plan(wanted))
    assert deployments(wanted)["dcm4chee-arc-ear-5.34.3-psql.ear"] == hashlib.sha256(ear()).hexdigest()
    assert set(deployments(wanted)) == {"dcm4chee-arc-ear-5.34.3-psql.ear", "dcm4chee-arc-ui2-5.34.3.war"}


def test_modules_come_without_the_driver_and_those_of_an_earlier_one_go(wanted: Wanted) -> None:
    modules = Path(wanted.modules)
    (modules / "org/postgresql/main").mkdir(parents=True)
    (modules / "org/postgresql/main/module.xml").write_text("ours")
    (modules / "old.xml").write_text("x")
    (modules / ".gatekit-dcm4chee.json").write_text(json.dumps({"sha256": "old", "files": ["old.xml"]}))
    apply(plan(wanted))
    assert (modules / "org/gatekit/standin/main/module.xml").is_file()
    assert (modules / "org/postgresql/main/module.xml").read_text() == "ours"
    assert not (modules / "old.xml").exists()


def test_lost_modules_come_back_without_the_zip(wanted: Wanted) -> None:
    apply(plan(wanted))
    (Path(wanted.modules) / ".gatekit-dcm4chee.json").unlink()
    change = plan(wanted)
    assert (change.changed, change.archive_wanted) == (True, False)
    apply(change)
    assert not plan(wanted).changed


def test_without_the_zip_it_is_asked_for(wanted: Wanted) -> None:
    Path(wanted.archive).unlink()
    assert (plan(wanted).changed, plan(wanted).archive_wanted) == (True, True)


@pytest.mark.parametrize("content", [b"another zip", zipped({"top/../../evil": "x"})], ids=["other", "leads-out"])
def test_a_wrong_zip_is_refused_and_nothing_is_left_behind(wanted: Wanted, tmp_path: Path, content: bytes) -> None:
    Path(wanted.archive).write_bytes(content)
    sha256 = wanted.sha256 if content == b"another zip" else hashlib.sha256(content).hexdigest()
    change = plan(Wanted(wanted.archive, sha256, wanted.folder, wanted.modules, wanted.ae_title))
    with pytest.raises(NodeError) as caught:
        apply(change)
    assert caught.value.code == "GW142"
    assert not Path(wanted.folder).exists()
    # One that is not the wanted zip is thrown away, so that the next run brings the right one.
    left = {"modules"} if content == b"another zip" else {"arc.zip", "modules"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_another_ae_title_on_an_archive_in_use_is_refused(wanted: Wanted) -> None:
    apply(plan(wanted))
    with pytest.raises(NodeError) as caught:
        plan(Wanted(wanted.archive, wanted.sha256, wanted.folder, wanted.modules, "OTHER"))
    fix = "The archive is called KITA_GW already and its entries bear that name: keep it."
    assert caught.value.facts == ("GW409", "archive.ae_title", "OTHER", fix)


def test_a_folder_of_another_hand_is_refused(wanted: Wanted) -> None:
    Path(wanted.folder).mkdir()
    with pytest.raises(NodeError) as caught:
        plan(wanted)
    fix = f"Move the folder away; it has to be unpacked from {wanted.sha256}."
    assert caught.value.facts == ("GW409", wanted.folder, "unpacked by another hand", fix)
