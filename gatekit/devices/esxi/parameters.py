"""What every module about the host is given, turned from parameters (dicts from the plan) into our types."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gatekit.devices.esxi.session import Target
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.appliance import EsxiHostPlan
from gatekit.plan.windows import WindowsPlan

__all__ = ["Parameters", "host_plan", "part_of_plan", "target", "windows_part"]

type Parameters = Mapping[str, Any]


def part_of_plan[M: BaseModel](kind: type[M], value: object, path: str) -> M:
    """Return a part of the plan; IntentError GW104 when the value is not one."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join([path, *(str(part) for part in first["loc"])])
        raise IntentError("GW104", where, first["msg"], "Give this part of the plan as plan.json has it.") from error


def host_plan(parameters: Parameters, name: str) -> EsxiHostPlan:
    """Return the host's plan; IntentError GW104 when the parameter is not one."""
    return part_of_plan(EsxiHostPlan, parameters[name], name)


def target(parameters: Parameters, plan: EsxiHostPlan) -> Target:
    """Return where to log in; DeviceError GW416 when the certificate file cannot be read."""
    path = Path(parameters["ca_pem"])
    try:
        pem = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        fix = "Give the PEM file of the site's CA, or with pinned of the host's certificate."
        raise DeviceError("GW416", "ca_pem", str(error), fix) from error
    return Target(
        name=plan.name,
        address=parameters["host"],
        port=parameters["port"],
        user=parameters["user"],
        password=parameters["password"],
        trusted_pem=pem,
        pinned=parameters["pinned"],
        connect_deadline_s=float(parameters["connect_deadline_s"]),
    )


def windows_part(parameters: Parameters) -> WindowsPlan:
    """Return Windows' plan; IntentError GW104 when the parameter is not one."""
    return part_of_plan(WindowsPlan, parameters["windows"], "windows")
