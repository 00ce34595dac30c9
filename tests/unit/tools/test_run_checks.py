"""The runner: several at a time, one holder of a thing at a time, and nothing begins after the first red one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import run_checks
from tools.run_checks import Check, run_all


@pytest.fixture(autouse=True)
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_checks, "AT_ONCE", 2)


def noting(log: Path, name: str, seconds: float = 0.2, status: int = 0, **more: object) -> Check:
    """Return a check that notes its beginning and end, and ends with ``status``."""
    program = (
        f"import sys, time; log = open({str(log)!r}, 'a', buffering=1); log.write('begin {name}\\n');"
        f"time.sleep({seconds}); log.write('end {name}\\n'); sys.exit({status})"
    )
    return Check(name, (sys.executable, "-c", program), **more)  # type: ignore[arg-type]  # the fields of Check


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines()


def test_what_may_run_beside_others_does(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run_all(iter([noting(log, "one", 0.5, beside=True), noting(log, "two", 0.5, beside=True)]))
    assert {line.split()[0] for line in lines(log)[:2]} == {"begin"}


def test_what_may_not_waits_for_the_ones_before_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run_all(iter([noting(log, "one", beside=True), noting(log, "two", beside=True), noting(log, "alone")]))
    assert lines(log)[-2:] == ["begin alone", "end alone"]


def test_two_that_hold_the_same_thing_never_run_together_and_a_third_passes_them(tmp_path: Path) -> None:
    log = tmp_path / "log"
    twins = [noting(log, name, 0.4, beside=True, holds=run_checks.TWIN) for name in ("first", "second")]
    assert run_all(iter([*twins, noting(log, "other", beside=True)]))
    seen = lines(log)
    assert seen.index("end first") < seen.index("begin second")
    assert seen.index("begin other") < seen.index("end first")


def test_what_runs_beside_leaves_the_processor_to_those_that_wait_for_one_another(tmp_path: Path) -> None:
    said = {}
    for name, more in (("beside", {}), ("site", {"holds": run_checks.TWIN})):
        noted = tmp_path / name
        program = f"import os; open({str(noted)!r}, 'w').write(str(os.nice(0)))"
        assert run_all(iter([Check(name, (sys.executable, "-c", program), beside=True, **more)]))
        said[name] = int(noted.read_text())
    assert said["beside"] == said["site"] + 5


@pytest.mark.parametrize("beside", [True, False])
def test_nothing_begins_after_the_first_red_one(tmp_path: Path, beside: bool) -> None:
    log = tmp_path / "log"
    checks = [noting(log, "red", 0.1, status=3, beside=beside), noting(log, "long", 0.6, beside=beside)]
    assert not run_all(iter([*checks, noting(log, "never", beside=beside)]))
    assert "begin never" not in lines(log)


def test_each_example_hospital_has_its_story() -> None:
    examples = {folder.name for folder in (run_checks.ROOT / "inventories").glob("pattern*")}
    assert examples == {*run_checks.SITES, *run_checks.WITH_CPE}


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """All checks of a whole run, in their order; no image is built for it."""
    monkeypatch.setattr(run_checks, "images", lambda: None)
    return list(run_checks.whole())


def test_the_whole_run_leaves_no_part_out_and_what_must_come_last_does(everything: list[Check]) -> None:
    parts = {check.name for part in run_checks.PARTS.values() for check in part()}
    assert {check.name for check in everything} == parts
    assert [check.name for check in everything if check.last] == ["story twin", "peer"]
    assert [check.name for check in everything[-2:]] == ["story twin", "peer"]


def test_every_file_of_tests_has_its_place_in_the_whole_run(everything: list[Check]) -> None:
    run = {word for check in everything for word in check.command if word.startswith("tests/")}
    by_themselves = set(run_checks.BY_THEMSELVES)
    files = [str(path.relative_to(run_checks.ROOT)) for path in run_checks.ROOT.glob("tests/**/test_*.py")]
    left_out = [file for file in files if not any(file.startswith(f"{place}/") for place in run | by_themselves)]
    assert len(files) > 300
    assert left_out == []
    assert not run & by_themselves
