"""One built site for all stories of this folder: the twin of pattern 4, from nothing, by the main job.

CI takes over a twin that is up (``replace``); a person's own built site is used when GATEKIT_BUILT_SITE names it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stories.site.job import Job, Run, killed_at_random_moments


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gatekit-example", default="pattern4", help="folder of inventories/ whose twin is raised")


@pytest.fixture(scope="session")
def killed(request: pytest.FixtureRequest) -> Job:
    """The site after a build that was killed five times."""
    job = Job(request.config.getoption("--gatekit-example"))
    job.fresh_twin()
    killed_at_random_moments(job, times=5)
    return job


@pytest.fixture(scope="session")
def first_run(killed: Job) -> Run:
    """The first run that nobody killed."""
    return killed.run()


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Job:
    """A site that is built and proved."""
    if "GATEKIT_BUILT_SITE" in os.environ:
        return Job(Path(os.environ["GATEKIT_BUILT_SITE"]).name)
    run: Run = request.getfixturevalue("first_run")
    assert run.status == 0, run.output[-4000:]
    job: Job = request.getfixturevalue("killed")
    return job


@pytest.fixture(scope="session")
def second_run(built: Job) -> Run:
    """A run on the built site, told to show everything."""
    return built.run("--diff", "-v")
