"""A device's part of the plan as JSON and back: for modules and for the record of what was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import ValidationError

from gatekit.errors import IntentError
from gatekit.plan.network_device import CpePart, CpePlan, FirewallPlan, Part, SwitchRoutePlan

type Kind = Literal["firewall", "cpe", "l3_switch"]
KINDS: tuple[str, ...] = get_args(Kind.__value__)


def kind_of(part: Part) -> Kind:
    """Return what a part is for."""
    match part:
        case FirewallPlan():
            return "firewall"
        case CpePart():
            return "cpe"
        case SwitchRoutePlan():
            return "l3_switch"


def part_name(part: Part) -> str:
    """Return the plan's own name of the device, which a record and messages use; units of a CPE differ."""
    return f"{part.plan.name}_{part.unit.role}" if isinstance(part, CpePart) else part.name


def part_as_json(part: Part) -> dict[str, Any]:
    """Return a part as plan.json has it; a CPE's without its unit, which ``unit_of`` names."""
    plan = part.plan if isinstance(part, CpePart) else part
    document: dict[str, Any] = plan.model_dump(mode="json")
    return document


def unit_of(part: Part) -> str | None:
    """Return which unit of a CPE it is: main or spare."""
    return part.unit.role if isinstance(part, CpePart) else None


def part_from_json(kind: str, document: Mapping[str, Any], unit: str | None = None) -> Part:
    """Return the part that a plan's document describes.

    Raises:
        IntentError: GW104 when it is none of that kind, GW112 for a unit that the CPE does not have.
    """
    try:
        match kind:
            case "firewall":
                return FirewallPlan.model_validate(document)
            case "l3_switch":
                return SwitchRoutePlan.model_validate(document)
            case _:
                return _cpe(CpePlan.model_validate(document), unit or "main")
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(["part", *(str(step) for step in first["loc"])])
        fix = "Give this part of the plan as plan.json has it."
        raise IntentError("GW104", where, first["msg"], fix) from error


def _cpe(plan: CpePlan, role: str) -> CpePart:
    for unit in plan.units:
        if unit.role == role:
            return CpePart(plan, unit)
    known = ", ".join(unit.role for unit in plan.units)
    raise IntentError("GW112", "unit", role, f"This site's CPE has: {known}.")
