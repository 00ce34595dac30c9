"""The insides of the operator's zip: version, flavour and wholeness, each fault with its fix, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.intent.distribution import distribution_faults
from tests.fixtures.dcm4chee_distribution import build, zipped

PLACE = "archive.distribution"
AGAIN = "fetch the distribution again."
type Facts = tuple[str, str, object, str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "arc.zip"


def faults(path: Path, version: str = "5.34.3") -> list[Facts]:
    return [error.facts for error in distribution_faults(PLACE, path, version)]


def test_ap_2_a_whole_distribution_of_the_right_version_is_accepted_under_any_name(path: Path) -> None:
    build(path)
    assert faults(path) == []


@pytest.mark.parametrize("flavour", ["psql-secure", "mysql", "oracle"])
def test_ap_2_another_flavour_is_refused_whatever_the_file_is_called(tmp_path: Path, flavour: str) -> None:
    path = tmp_path / "dcm4chee-arc-5.34.3-psql.zip"  # its name promises what it is not
    build(path, flavour=flavour)
    fix = "Bring the one for PostgreSQL without Keycloak: dcm4chee-arc-5.34.3-psql.zip."
    assert faults(path) == [("GW145", f"{PLACE}.path", f"dcm4chee-arc-5.34.3-{flavour}", fix)]


def test_ap_2_another_version_than_the_site_files_is_refused(path: Path) -> None:
    build(path, version="5.34.2")
    fix = "It holds 5.34.2: write that version, or bring dcm4chee-arc-5.34.3-psql.zip."
    assert faults(path) == [("GW145", f"{PLACE}.version", "5.34.3", fix)]


@pytest.mark.parametrize("name", ["ldap/slapd/dicom.ldif", "sql/psql/create-psql.sql", "ldap/vendor-data.zip"])
def test_ap_2_a_zip_that_lacks_a_file_is_refused(path: Path, name: str) -> None:
    build(path, **{name.replace("/", "__"): None})
    assert faults(path) == [("GW145", f"{PLACE}.path", name, f"It lacks these; {AGAIN}")]


def test_ap_2_a_zip_that_lacks_much_is_refused_with_all_of_it(path: Path) -> None:
    path.write_bytes(zipped({"dcm4chee-arc-5.34.3-psql/cli/a.cli": "x"}))
    first = "ldap/slapd/dicom.ldif, ldap/slapd/dcm4che.ldif, ldap/slapd/dcm4chee-archive.ldif, and 10 more"
    assert faults(path) == [
        ("GW145", f"{PLACE}.path", first, f"It lacks these; {AGAIN}"),
        ("GW145", f"{PLACE}.path", "no deploy/*-psql.ear", f"It has to hold exactly one deploy/*-psql.ear; {AGAIN}"),
        ("GW145", f"{PLACE}.path", "no deploy/*.war", f"It has to hold exactly one deploy/*.war; {AGAIN}"),
        (
            "GW145",
            f"{PLACE}.path",
            "no jboss-modules/*.zip",
            f"It has to hold the archive's modules for WildFly; {AGAIN}",
        ),
    ]


def test_ap_2_two_archives_in_one_zip_are_refused(path: Path) -> None:
    build(path, **{"deploy__other-psql.ear": b"x"})
    both = "deploy/dcm4chee-arc-ear-5.34.3-psql.ear, deploy/other-psql.ear"
    fix = f"It has to hold exactly one deploy/*-psql.ear; {AGAIN}"
    assert faults(path) == [("GW145", f"{PLACE}.path", both, fix)]


def test_ap_2_a_name_that_leads_out_of_the_zip_is_refused(path: Path) -> None:
    build(path, **{"ldap__..__..__..__etc__passwd": b"x"})
    fix = f"Names in it lead out of its folder; {AGAIN}"
    assert faults(path) == [("GW145", f"{PLACE}.path", "ldap/../../../etc/passwd", fix)]


def test_ap_2_what_is_no_distribution_is_refused(path: Path) -> None:
    path.write_bytes(zipped({"a/b": "x", "c/d": "y"}))
    fix = "Bring dcm4chee-arc-5.34.3-psql.zip as its project packed it, with one top folder."
    assert faults(path) == [("GW145", f"{PLACE}.path", "arc.zip", fix)]
    path.write_bytes(b"no zip")
    assert faults(path) == [("GW142", f"{PLACE}.path", "arc.zip", f"It is no zip; {AGAIN}")]
