"""The role's own look at the zip it is about to bring: the site file's judgement, and the WildFly it was given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatekit.controller.distribution import checked_distribution
from gatekit.errors import IntentRefused
from tests.fixtures.dcm4chee_distribution import build
from tests.sites import example_plan


@pytest.fixture
def archive(tmp_path: Path) -> dict[str, Any]:
    """Return the plan of an archive whose zip stands below the site's folder."""
    (tmp_path / "files").mkdir()
    artefact = {"path": "files/arc.zip", "sha256": build(tmp_path / "files/arc.zip")}
    found = example_plan().vm1.archive.model_dump(mode="json")
    return found | {"engine": "dcm4chee", "distribution": {"version": "5.34.3", "artefact": artefact}}


def wildfly(**changed: str) -> dict[str, Any]:
    return example_plan().vm1.wildfly.model_dump(mode="json") | changed


def refused(archive: dict[str, Any], folder: Path, **changed: str) -> list[tuple[str, str, object, str]]:
    with pytest.raises(IntentRefused) as caught:
        checked_distribution(archive, wildfly(**changed), str(folder))
    return [error.facts for error in caught.value]


def test_ap_2_the_plans_distribution_is_found_below_the_sites_folder(archive: dict[str, Any], tmp_path: Path) -> None:
    assert checked_distribution(archive, wildfly(), str(tmp_path)) == str(tmp_path / "files/arc.zip")


def test_ap_2_a_wildfly_it_does_not_run_on_is_refused_together_with_another_sha256(
    archive: dict[str, Any], tmp_path: Path
) -> None:
    actual = archive["distribution"]["artefact"]["sha256"]
    archive["distribution"]["artefact"]["sha256"] = "0" * 64
    known = "Known pairs: 5.34.2 on 38.0.1.Final, 5.34.3 on 39.0.1.Final."
    fix = f"The file's sha256 is {actual}: fetch the right file, or write this one's."
    assert refused(archive, tmp_path, version="38.0.1.Final") == [
        ("GW145", "archive.distribution.version", "5.34.3 on WildFly 38.0.1.Final", known),
        ("GW142", "archive.distribution.sha256", "0" * 64, fix),
    ]


def test_ap_2_a_zip_exchanged_after_the_site_was_planned_is_refused(archive: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "files/arc.zip"
    archive["distribution"]["artefact"]["sha256"] = build(path, flavour="psql-secure")
    fix = "Bring the one for PostgreSQL without Keycloak: dcm4chee-arc-5.34.3-psql.zip."
    assert refused(archive, tmp_path) == [
        ("GW145", "archive.distribution.path", "dcm4chee-arc-5.34.3-psql-secure", fix)
    ]


def test_a_plan_without_a_distribution_is_refused(archive: dict[str, Any], tmp_path: Path) -> None:
    fix = "Name dcm4chee's zip with its sha256 in the site file."
    wanted = [("GW103", "archive.distribution", "dcm4chee", fix)]
    assert refused(archive | {"distribution": None}, tmp_path) == wanted
