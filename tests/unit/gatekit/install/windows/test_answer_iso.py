"""The answer ISO: both name spaces whole, the same bytes each time, no secret where it does not belong."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pycdlib import udf

from gatekit.install.windows import answer_iso, read_back
from gatekit.render.windows import MediumFile, answer_medium, sealed
from tests.sites import PATTERNS, example_plan

PASSWORD = "one-time-A1b2C3d4E5f6G7h8"
OTHER = "administrator-Z9y8X7w6V5u4T3s2"


def medium(pattern: str = "pattern4") -> tuple[MediumFile, ...]:
    plan = example_plan(pattern)
    return sealed(answer_medium(plan.windows, plan.vm("vm3")), plan.windows, {"windows_setup_password": PASSWORD})


def forms(secret: str) -> Iterator[bytes]:
    """Yield a secret as it could be found in a file: raw, UTF-16LE, base64 of both."""
    for encoding in ("utf-8", "utf-16-le"):
        raw = secret.encode(encoding)
        yield raw
        yield base64.b64encode(raw).rstrip(b"=")[:-2]  # its end depends on what follows


@pytest.mark.parametrize("pattern", PATTERNS)
def test_ap_4_both_name_spaces_hold_every_file_whole(pattern: str) -> None:
    files = medium(pattern)
    iso = answer_iso(files)
    wanted = {file.name: file.content.encode() for file in files}
    assert read_back(iso, "joliet_path") == wanted
    assert read_back(iso, "udf_path") == wanted


def test_the_same_files_give_the_same_bytes_on_another_day_in_another_time_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = answer_iso(medium())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    second = answer_iso(medium())
    monkeypatch.undo()
    time.tzset()
    assert first == second


def test_another_plan_gives_another_iso() -> None:
    assert answer_iso(medium("pattern1")) != answer_iso(medium("pattern4"))


def test_pycdlib_has_its_own_clock_and_random_back() -> None:
    answer_iso(medium())
    assert udf.time is time
    assert udf.random.__name__ == "random"


def test_the_iso_bears_the_one_time_password_in_setups_form_alone() -> None:
    iso = answer_iso(medium())
    assert base64.b64encode(f"{PASSWORD}AdministratorPassword".encode("utf-16-le")) in iso
    assert PASSWORD.encode() not in iso
    assert PASSWORD.encode("utf-16-le") not in iso
    assert not any(form in iso for form in forms(OTHER))


def test_nothing_is_left_on_the_controllers_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    answer_iso(medium())
    assert list(tmp_path.iterdir()) == []
