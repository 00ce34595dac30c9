"""Every fault pydantic knows becomes one of ours."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import ErrorType

from gatekit.intent.data_centre import DataCentre
from gatekit.intent.faults import BY_PATTERN, FAULTS, translate, written
from gatekit.intent.load import Site

KINDS: tuple[str, ...] = typing.get_args(ErrorType)
CONTEXT = {"ge": 1, "le": 2, "min_length": 1, "actual_length": 0, "expected": "'a' or 'b'", "discriminator": "'kind'"}


def fault(kind: str, *loc: str | int) -> dict[str, Any]:
    return {"type": kind, "loc": loc, "msg": "Input is odd", "ctx": CONTEXT}


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_pydantic_knows_has_a_code_and_a_fix(kind: str) -> None:
    place = ("boundary",) if kind.startswith("union_tag") else ("hospital", "id")
    error = translate(Site, {"hospital": {"id": 1}, "boundary": {"kind": 1}}, fault(kind, *place))
    assert error.code in {"GW102", "GW103", "GW104", "GW105"}
    assert error.fix


def test_fault_we_do_not_know_is_a_wrong_value_in_pydantics_words() -> None:
    error = translate(Site, {"hospital": {"id": 1}}, fault("a_fault_of_tomorrow", "hospital", "id"))
    assert error.facts == ("GW104", "hospital.id", 1, "Correct the value: Input is odd.")


def test_faults_of_the_table_exist_in_pydantic() -> None:
    assert set(FAULTS) <= set(KINDS)
    assert {row.fault for row in BY_PATTERN} <= set(KINDS)


def test_faults_of_an_empty_file_name_every_required_key_once() -> None:
    for kind in (Site, DataCentre):
        with pytest.raises(ValidationError) as caught:
            kind.model_validate_json("{}", strict=True)
        errors = [translate(kind, {}, row) for row in caught.value.errors()]
        required = [name for name, field in kind.model_fields.items() if field.is_required()]
        assert [error.path for error in errors] == required
        assert {error.code for error in errors} == {"GW103"}


def test_place_is_written_as_in_the_file() -> None:
    assert written(("networks", 1, "name")) == "networks[1].name"
    assert written(()) == ""
