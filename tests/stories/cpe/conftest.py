"""One built site with a CPE for all stories of this folder: its twin raised from nothing, the main job run once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stories.cpe.line import Line
from tests.stories.site.job import Job, Run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gatekit-example", default="pattern1", help="folder of inventories/ with a CPE")


@pytest.fixture(scope="session")
def pattern(request: pytest.FixtureRequest) -> str:
    name: str = request.config.getoption("--gatekit-example")
    return Path(os.environ["GATEKIT_BUILT_SITE"]).name if "GATEKIT_BUILT_SITE" in os.environ else name


@pytest.fixture(scope="session")
def first_run(pattern: str) -> Run | None:
    """The first run of the job on a fresh twin; None where a person's own built site is used."""
    if "GATEKIT_BUILT_SITE" in os.environ:
        return None
    job = Job(pattern)
    job.fresh_twin()
    return job.run()


@pytest.fixture(scope="session")
def built(pattern: str, first_run: Run | None) -> Job:
    """A site that is built and proved."""
    assert first_run is None or first_run.status == 0, first_run.output[-4000:]
    return Job(pattern)


@pytest.fixture(scope="session")
def line(built: Job) -> Line:
    """The FLET'S side of the built site."""
    return Line(built.site)
