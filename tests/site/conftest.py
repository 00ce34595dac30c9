"""The verification of a built site, twin or real: ``pytest tests/site --gatekit-site build/<site>``.

Each check is one test; the answers are gathered once, for the selected checks only. The evidence is
written when all have spoken, whole or not at all; the exit status says whether every check held.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from gatekit.errors import VerifyError
from gatekit.verify.evidence import evidence_bytes, record_of
from gatekit.verify.gather import Answers, verdict_of
from gatekit.verify.model import Check, Kind
from gatekit.whole_file import write_atomically
from tests.site.verification import Examine, Site

SITE = pytest.StashKey[Site]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gatekit-only", action="append", default=[], metavar="ID", help="only checks of this id (glob)")
    parser.addoption("--gatekit-site", type=Path, help="build/<site>: plan.json, targets.json; evidence goes there")


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Without a site there is nothing to verify; the unit tests do not come here."""
    return True if config.getoption("--gatekit-site", default=None) is None else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "checks(*kinds): one test for each check of these kinds")
    folder = config.getoption("--gatekit-site", default=None)
    if folder is None:
        return
    try:
        config.stash[SITE] = Site(folder, lambda line: _say(config, line))
    except VerifyError as error:
        raise pytest.UsageError(str(error)) from error


def _say(config: pytest.Config, line: str) -> None:
    """Print a progress line now, past pytest's capture."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(line, file=sys.stderr, flush=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test the checks of its kinds, named by ``@pytest.mark.checks``."""
    marker = metafunc.definition.get_closest_marker("checks")
    if marker is not None:
        kinds: tuple[Kind, ...] = marker.args
        only: list[str] = metafunc.config.getoption("--gatekit-only")
        rows = [
            check
            for check in metafunc.config.stash[SITE].listing.checks
            if check.kind in kinds and (not only or any(fnmatchcase(check.id, glob) for glob in only))
        ]
        metafunc.parametrize("check", rows, ids=[check.id for check in rows])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A kind without a check at this site (e.g. every service is built) has no test, rather than a skipped one."""
    items[:] = [item for item in items if not isinstance(item, pytest.Function) or _check_of(item) is not None]


def _check_of(item: pytest.Item) -> Check | None:
    check = item.callspec.params.get("check") if isinstance(item, pytest.Function) else None
    return check if isinstance(check, Check) else None


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    return request.config.stash[SITE]


@pytest.fixture(scope="session")
def answers(request: pytest.FixtureRequest, site: Site) -> Answers:
    return site.ask([check for check in map(_check_of, request.session.items) if check is not None])


@pytest.fixture
def examine(site: Site, answers: Answers) -> Examine:
    """Judge one check, record the verdict, and return what is wrong in one sentence; nothing when the check holds."""

    def judge(check: Check) -> str:
        verdict, duration_s = verdict_of(site.plan, check, answers)
        site.records[check.id] = record_of(check, verdict, duration_s)
        wrong = f"{check.title.en}: expected {check.expected.en}; observed {verdict.observed.en}"
        return "" if verdict.ok else wrong

    return judge


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the evidence, also when checks failed; a selection of checks goes to a file of its own."""
    site = session.config.stash.get(SITE, None)
    if site is None or not site.records:
        return
    evidence = site.evidence()
    path = site.folder / ("evidence.json" if evidence.complete else "evidence.partial.json")
    write_atomically(path, evidence_bytes(evidence))
    failed = [record for record in evidence.records if not record.ok]
    site.progress(f"{len(evidence.records)} checks, {len(failed)} failed, {len(evidence.not_run)} not run: {path}")
