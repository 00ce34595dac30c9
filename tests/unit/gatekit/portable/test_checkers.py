from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable import checkers, files
from gatekit.portable.errors import NodeError
from gatekit.portable.files import FileSpec
from tests.unit.gatekit.portable.conftest import FakePrograms


def test_checker_sees_the_staged_file_and_the_target_is_untouched(
    tmp_path: Path, programs: FakePrograms, me: dict[str, str]
) -> None:
    programs.add("judge", "grep -q new $1")
    change = files.plan([FileSpec(f"{tmp_path}/x", content="new", checker="judge %s", **me)], {})
    assert checkers.check(change, {}, predict=False) == ()
    assert not (tmp_path / "x").exists()


def test_refusal_names_the_real_path_and_no_secret(tmp_path: Path, programs: FakePrograms, me: dict[str, str]) -> None:
    programs.add("judge", 'echo "$1:1: bad word $(cat $1)" >&2; exit 1')
    path = f"{tmp_path}/x"
    change = files.plan([FileSpec(path, content="key <secret psk>", checker="judge %s", **me)], {"psk": "s3cr3t"})
    with pytest.raises(NodeError) as caught:
        checkers.check(change, {"psk": "s3cr3t"}, predict=False)
    assert caught.value.facts == (
        "GW419",
        path,
        f"{path}:1: bad word key <secret psk>",
        "judge refused it; correct the plan or the template.",
    )


def test_included_files_are_judged_as_one_staged_set(
    tmp_path: Path, programs: FakePrograms, me: dict[str, str]
) -> None:
    programs.add("judge", 'for part in $(sed -n "s/^include //p" $1); do cat $part; done > $(dirname $0)/seen')
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/live").write_text("live\n")
    (tmp_path / "parts/gone").write_text("gone\n")
    (tmp_path / "parts/changed").write_text("old\n")
    main = f"{tmp_path}/main"
    specs = [
        FileSpec(main, content=f"include {tmp_path}/parts/*\ninclude {tmp_path}/other\n", checker="judge %s", **me),
        FileSpec(f"{tmp_path}/parts/changed", content="new\n", checked_with=main, **me),
        FileSpec(f"{tmp_path}/parts/gone", "absent", checked_with=main),
        FileSpec(f"{tmp_path}/other", content="other\n", checked_with=main, **me),
    ]
    checkers.check(files.plan(specs, {}), {}, predict=False)
    assert (programs.folder / "seen").read_text() == "new\nlive\nother\n"


def test_checker_runs_when_only_an_included_file_changes(
    tmp_path: Path, programs: FakePrograms, me: dict[str, str]
) -> None:
    programs.add("judge", "exit 0")
    main = FileSpec(f"{tmp_path}/main", content="m", checker="judge %s", **me)
    files.apply(files.plan([main], {}), {})
    part = FileSpec(f"{tmp_path}/part", content="p", checked_with=main.path, **me)
    checkers.check(files.plan([main, part], {}), {}, predict=False)
    assert len(programs.calls) == 1
    files.apply(files.plan([main, part], {}), {})
    checkers.check(files.plan([main, part], {}), {}, predict=False)
    assert len(programs.calls) == 1


def test_missing_checker_is_predicted_in_check_mode_and_refused_otherwise(tmp_path: Path, me: dict[str, str]) -> None:
    path = f"{tmp_path}/x"
    change = files.plan([FileSpec(path, content="x", checker="not-installed-yet %s", **me)], {})
    assert checkers.check(change, {}, predict=True) == (path,)
    with pytest.raises(NodeError) as caught:
        checkers.check(change, {}, predict=False)
    assert caught.value.facts[:3] == ("GW407", f"{path}.checker", "not-installed-yet")
