"""OP-2 as patterns: what of DICOMweb and the viewer may be asked, by example and by counter-example."""

from __future__ import annotations

import re

import pytest

from gatekit.plan.vm1.model import ApachePlan, PathRule
from gatekit.render.apache.access import parts_of
from tests.sites import example_plan

PLAN = example_plan("pattern4").vm1.apache
OPEN = ApachePlan.model_validate({**PLAN.model_dump(), "images_may_be_downloaded": True})
STUDY = "/dicom-web/studies/1.2.3"
INSTANCE = f"{STUDY}/series/1.2.4/instances/1.2.5"
IMAGE = "f689ddd2-662f8fe1-8b18180d-ec2a2cee-937917af"


def labels(path: str, plan: ApachePlan = PLAN) -> list[str]:
    return [part.label for rule in plan.paths for part in parts_of(rule, plan) if re.search(part.pattern, path)]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/dicom-web/studies", "/dicom-web/:query"),
        ("/dicom-web/instances", "/dicom-web/:query"),
        (f"{STUDY}/series/1.2.4/instances", "/dicom-web/:query"),
        (f"{INSTANCE}/metadata", "/dicom-web/:metadata"),
        (f"{INSTANCE}/rendered", "/dicom-web/:rendered"),
        (f"{INSTANCE}/frames/1,2,3/rendered", "/dicom-web/:rendered"),
        (f"{STUDY}/thumbnail", "/dicom-web/:rendered"),
        ("/web-viewer/app/viewer.html", "/web-viewer/:page"),
        ("/web-viewer/libs/images/ui-icons_444444_256x240.png", "/web-viewer/:page"),
        (f"/web-viewer/series/{IMAGE}", "/web-viewer/:image"),
        (f"/web-viewer/instances/jpeg95-{IMAGE}_0", "/web-viewer/:image"),
        ("/gateway/patients/1/sync", "/gateway/:any"),
    ],
)
def test_op_2_what_is_looked_at_belongs_to_one_part(path: str, label: str) -> None:
    assert labels(path) == [label]


ORIGINALS = [
    STUDY,
    f"{STUDY}/series/1.2.4",
    INSTANCE,
    f"{INSTANCE}/frames/1",
    f"{INSTANCE}/frames/1%2C2",
    f"{STUDY}/bulkdata/7fe00010",
    "/dicom-web/bulk/1",
]


@pytest.mark.parametrize("path", ORIGINALS)
def test_op_2_originals_belong_to_no_part_unless_the_site_allows_them(path: str) -> None:
    assert labels(path) == []
    assert labels(path, OPEN) == ["/dicom-web/:original"]


@pytest.mark.parametrize(
    "path",
    [
        "/dicom-web/",
        "/dicom-web/servers",
        f"{STUDY}/",
        f"{STUDY}/archive",
        f"{STUDY}.zip",
        f"{STUDY}/rendered/x",
        f"{STUDY[:-1]}x/metadata",
        f"{STUDY}/../../system",
        "/dicom-web/studies/" + "1" * 65 + "/metadata",
        "/web-viewer/",
        f"/web-viewer/instances/{IMAGE}/file",
        "/web-viewer/app/../series",
        "/web-viewer/app/a/b.js",
        "/x/dicom-web/studies",
    ],
)
def test_everything_else_belongs_to_no_part_at_any_site(path: str) -> None:
    assert labels(path) == []
    assert labels(path, OPEN) == []


def test_dots_of_a_path_are_dots() -> None:
    row = {**PLAN.paths[0].model_dump(), "path": "/a.b/", "content": "application"}
    (part,) = parts_of(PathRule.model_validate(row), PLAN)
    assert re.search(part.pattern, "/a.b/c")
    assert not re.search(part.pattern, "/axb/c")


def test_one_resource_is_not_a_prefix() -> None:
    row = {**PLAN.paths[0].model_dump(), "path": "/status", "content": "application"}
    (part,) = parts_of(PathRule.model_validate(row), PLAN)
    assert re.search(part.pattern, "/status")
    assert not re.search(part.pattern, "/status2")
    assert not re.search(part.pattern, "/status/x")
