"""Scalars mean what was written, not what YAML 1.1 makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatekit.errors import IntentRefused
from gatekit.intent.yaml_text import parse_mapping, read_mapping


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("443", 443, id="number"),
        pytest.param("-1", -1, id="negative"),
        pytest.param("0104", "0104", id="octal-stays-text"),
        pytest.param("0x1F", "0x1F", id="hexadecimal-stays-text"),
        pytest.param("1_000", "1_000", id="underscores-stay-text"),
        pytest.param("190:20:30", "190:20:30", id="base-60-stays-text"),
        pytest.param("12:00:00:00:01:01", "12:00:00:00:01:01", id="mac-address-stays-text"),
        pytest.param("9" * 5000, "9" * 5000, id="endless-number-stays-text"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param(".inf", ".inf", id="infinity-stays-text"),
        pytest.param(".nan", ".nan", id="not-a-number-stays-text"),
        pytest.param("1.5e+400", "1.5e+400", id="overflow-stays-text"),
        pytest.param("2026-12-01", "2026-12-01", id="date-stays-text"),
        pytest.param("2026-13-41", "2026-13-41", id="odd-date-stays-text"),
        pytest.param("yes", True, id="yes"),
        pytest.param("OFF", False, id="off"),
        pytest.param("~", None, id="null"),
        pytest.param('"443"', "443", id="quoted"),
        pytest.param("=", "=", id="equals-sign"),
        pytest.param("北総合病院", "北総合病院", id="japanese"),
    ],
)
def test_scalar_is_read_as(written: str, value: Any) -> None:
    found = parse_mapping(f"key: {written}\n", "site.yml")["key"]
    assert found == value
    assert type(found) is type(value)


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "site.yml"
    path.write_bytes("\ufeffa: 1\r\nb:\r\n  - x\r\n".encode())
    assert read_mapping(path) == {"a": 1, "b": ["x"]}


def test_deepest_nesting_is_read_and_one_more_is_refused() -> None:
    assert parse_mapping("a: " + "[" * 19 + "]" * 19, "site.yml")
    with pytest.raises(IntentRefused) as caught:
        parse_mapping("a: " + "[" * 20 + "]" * 20, "site.yml")
    assert caught.value.errors[0].facts == ("GW101", "site.yml:1", "nested 21 deep", "Nest 20 deep at most.")


def test_every_bad_key_is_reported() -> None:
    with pytest.raises(IntentRefused) as caught:
        parse_mapping("a: 1\na: 2\n1: x\nb: {c: 1, c: 2}\n", "site.yml")
    assert [(error.code, error.path, error.value) for error in caught.value] == [
        ("GW111", "a", "site.yml:2"),
        ("GW101", "site.yml:3", "1"),
        ("GW111", "b.c", "site.yml:4"),
    ]


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntentRefused) as caught:
        read_mapping(tmp_path)
    assert caught.value.errors[0].facts[:3] == ("GW101", tmp_path.name, "missing")
