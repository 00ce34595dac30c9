"""A wrong file beside the site file is a fault of the site file, told with all the others, before any login."""

from __future__ import annotations

from hashlib import sha256 as digest
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekit.errors import IntentRefused
from gatekit.intent.load import load_intent
from tests.fixtures.dcm4chee_distribution import build, zipped
from tests.refusals.case import example, set_at

PLACE = "archive.distribution"
type Facts = tuple[str, str, object, str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return example(4, tmp_path)


def name(folder: Path, **edits: object) -> None:
    """Let the site file name dcm4chee with the zip beside it; ``edits`` by path, ``__`` standing for a dot."""
    path = folder / "site.yml"
    tree: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree["archive"] = tree["archive"] | {"engine": "dcm4chee", "distribution": {"path": "arc.zip", "sha256": "0" * 64}}
    for place, value in edits.items():
        set_at(tree, place.replace("__", "."), value)
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")


def refused(folder: Path) -> list[Facts]:
    with pytest.raises(IntentRefused) as caught:
        load_intent(folder)
    return [error.facts for error in caught.value]


def wildfly(folder: Path, version: str) -> dict[str, str]:
    path = folder / "wildfly.zip"
    path.write_bytes(zipped({f"wildfly-{version}/jboss-modules.jar": b"x"}))
    return {"path": path.name, "sha256": sha256(path)}


def sha256(path: Path) -> str:
    return digest(path.read_bytes()).hexdigest()


def test_ap_2_a_whole_distribution_with_the_wildfly_it_runs_on_is_accepted(folder: Path) -> None:
    sha = build(folder / "arc.zip")
    name(folder, archive__distribution__sha256=sha, application={"wildfly": wildfly(folder, "39.0.1.Final")})
    assert load_intent(folder).site.archive.engine == "dcm4chee"


def test_ap_2_another_sha256_is_refused_and_its_contents_are_not_judged(folder: Path) -> None:
    actual = build(folder / "arc.zip", flavour="mysql")
    name(folder)
    fix = f"The file's sha256 is {actual}: fetch the right file, or write this one's."
    assert refused(folder) == [("GW142", f"{PLACE}.sha256", "0" * 64, fix)]


def test_ap_2_a_missing_distribution_is_refused(folder: Path) -> None:
    name(folder)
    assert refused(folder) == [
        ("GW142", f"{PLACE}.path", "arc.zip", "Put the file itself, not a link, into pattern4/.")
    ]


def test_ap_2_another_wildfly_beside_the_site_file_than_the_archive_runs_on_is_refused(folder: Path) -> None:
    sha = build(folder / "arc.zip")
    name(folder, archive__distribution__sha256=sha, application={"wildfly": wildfly(folder, "38.0.1.Final")})
    fix = "dcm4chee 5.34.3 runs on WildFly 39.0.1.Final: bring wildfly-39.0.1.Final.zip, or leave this key out."
    assert refused(folder) == [("GW145", "application.wildfly.path", "wildfly-38.0.1.Final", fix)]


def test_ap_2_what_is_no_zip_is_refused_as_wildfly_too(folder: Path) -> None:
    sha = build(folder / "arc.zip")
    (folder / "wildfly.zip").write_bytes(b"no zip")
    given = {"path": "wildfly.zip", "sha256": sha256(folder / "wildfly.zip")}
    name(folder, archive__distribution__sha256=sha, application={"wildfly": given})
    assert refused(folder) == [
        ("GW142", "application.wildfly.path", "wildfly.zip", "It is no zip; fetch it again."),
    ]


def test_ap_2_every_fault_of_every_file_is_told_together_with_those_of_the_site_file(folder: Path) -> None:
    sha = build(folder / "arc.zip", flavour="psql-secure", version="5.34.2")
    lost = {"path": "collector.war", "sha256": "0" * 64, "name": "collector", "context": "/gateway"}
    application = {"wildfly": wildfly(folder, "38.0.1.Final"), "deployments": [lost]}
    name(folder, archive__distribution__sha256=sha, application=application)
    wanted = "dcm4chee-arc-5.34.3-psql.zip"
    assert [facts[:3] for facts in refused(folder)] == [
        ("GW111", "application.deployments[0].context", "/gateway"),
        ("GW145", f"{PLACE}.version", "5.34.3"),
        ("GW145", f"{PLACE}.path", "dcm4chee-arc-5.34.2-psql-secure"),
        ("GW145", "application.wildfly.path", "wildfly-38.0.1.Final"),
        ("GW142", "application.deployments[0].path", "collector.war"),
    ]
    assert refused(folder)[1][3] == f"It holds 5.34.2: write that version, or bring {wanted}."
    assert refused(folder)[2][3] == f"Bring the one for PostgreSQL without Keycloak: {wanted}."
