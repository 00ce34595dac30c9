"""The operator's zip is judged before anything is touched: sha256, version, flavour, WildFly pair, wholeness."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from gatekit.controller.distribution import checked_distribution, read_distribution
from gatekit.errors import IntentError
from tests.fixtures.dcm4chee_distribution import build, zipped
from tests.sites import example_plan

WILDFLY = "39.0.1.Final"
AGAIN = "It is not whole; fetch the distribution again."


def refused(path: Path, sha256: str, version: str = "5.34.3", wildfly: str = WILDFLY):
    with pytest.raises(IntentError) as caught:
        read_distribution(path, sha256, version, wildfly)
    return caught.value.facts


def test_ap_2_a_whole_distribution_of_the_right_version_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "any-name.zip"
    facts = read_distribution(path, build(path), "5.34.3", WILDFLY)
    assert facts.model_dump() == {
        "path": str(path),
        "version": "5.34.3",
        "ear": "deploy/dcm4chee-arc-ear-5.34.3-psql.ear",
        "viewer": "deploy/dcm4chee-arc-ui2-5.34.3.war",
        "modules": ("jboss-modules/dcm4che-jboss-modules-5.34.3.zip",),
    }


def test_ap_2_the_plans_distribution_is_found_below_the_sites_folder(tmp_path: Path) -> None:
    plan = example_plan()
    artefact = {"path": "files/arc.zip", "sha256": ""}
    (tmp_path / "files").mkdir()
    artefact["sha256"] = build(tmp_path / "files/arc.zip")
    archive = plan.vm1.archive.model_dump(mode="json")
    archive |= {"engine": "dcm4chee", "distribution": {"version": "5.34.3", "artefact": artefact}}
    found = checked_distribution(archive, plan.vm1.wildfly.model_dump(mode="json"), str(tmp_path))
    assert found["path"] == str(tmp_path / "files/arc.zip")


def test_ap_2_another_sha256_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    actual = build(path)
    fix = f"The file's sha256 is {actual}: fetch the right file, or write this one's."
    assert refused(path, "0" * 64) == ("GW142", "archive.distribution.sha256", "0" * 64, fix)


def test_ap_2_a_missing_zip_is_refused(tmp_path: Path) -> None:
    fix = "Put the distribution's zip where the site file says, readable for your account."
    wanted = ("GW142", "archive.distribution.path", "arc.zip: No such file or directory", fix)
    assert refused(tmp_path / "arc.zip", "0" * 64) == wanted


@pytest.mark.parametrize("flavour", ["psql-secure", "mysql", "oracle"])
def test_ap_2_another_flavour_is_refused(tmp_path: Path, flavour: str) -> None:
    path = tmp_path / "dcm4chee-arc-5.34.3-psql.zip"  # its name promises what it is not
    fix = "Bring the one for PostgreSQL without Keycloak: dcm4chee-arc-5.34.3-psql.zip."
    wanted = ("GW145", "archive.distribution.path", f"dcm4chee-arc-5.34.3-{flavour}", fix)
    assert refused(path, build(path, flavour=flavour)) == wanted


def test_ap_2_another_version_than_the_site_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    fix = "It holds 5.34.2: write that version, or bring dcm4chee-arc-5.34.3-psql.zip."
    wanted = ("GW145", "archive.distribution.version", "5.34.3", fix)
    assert refused(path, build(path, version="5.34.2")) == wanted


def test_ap_2_a_wildfly_it_does_not_run_on_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    fix = "Known pairs: 5.34.2 on 38.0.1.Final, 5.34.3 on 39.0.1.Final."
    wanted = ("GW145", "archive.distribution.version", "5.34.3 on WildFly 38.0.1.Final", fix)
    assert refused(path, build(path), wildfly="38.0.1.Final") == wanted


@pytest.mark.parametrize(
    "name", ["ldap/slapd/dicom.ldif", "sql/psql/create-psql.sql", "cli/adjust-managed-executor.cli"]
)
def test_ap_2_a_zip_that_lacks_a_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "arc.zip"
    sha256 = build(path, **{name.replace("/", "__"): None})
    assert refused(path, sha256) == ("GW145", "archive.distribution.path", name, AGAIN)


def test_ap_2_two_archives_in_one_zip_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    sha256 = build(path, **{"deploy__other-psql.ear": b"x"})
    code, _place, value, fix = refused(path, sha256)
    both = "deploy/dcm4chee-arc-ear-5.34.3-psql.ear, deploy/other-psql.ear"
    assert (code, value) == ("GW145", both)
    assert fix == "It has to hold exactly one deploy/*-psql.ear; fetch the distribution again."


def test_ap_2_a_name_that_leads_out_of_the_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    sha256 = build(path, **{"ldap__..__..__..__etc__passwd": b"x"})
    assert refused(path, sha256) == ("GW145", "archive.distribution.path", "ldap/../../../etc/passwd", AGAIN)


def test_ap_2_what_is_no_distribution_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arc.zip"
    fix = "Bring dcm4chee-arc-5.34.3-psql.zip as its project packed it, with one top folder."
    path.write_bytes(zipped({"a/b": "x", "c/d": "y"}))
    assert refused(path, sha256(path.read_bytes()).hexdigest()) == (
        "GW145",
        "archive.distribution.path",
        "arc.zip",
        fix,
    )
    path.write_bytes(b"no zip")
    code, place, value, _fix = refused(path, sha256(b"no zip").hexdigest())
    assert (code, place, value) == ("GW142", "archive.distribution.path", "arc.zip")
