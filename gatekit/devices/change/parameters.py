"""Turns the module's parameters (dicts of the plan) into our types, at once and only here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gatekit.devices.change.model import Ending, Outcome, Probe
from gatekit.devices.change.part import part_from_json, part_name
from gatekit.devices.change.platform import Login
from gatekit.devices.change.probing import answers, connects
from gatekit.devices.change.record import FINGERPRINT_KEY, Confirmed, DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.way_back import Pace
from gatekit.devices.platforms import platform_named
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.network_device import Part
from gatekit.probes.programs import run_probe
from gatekit.probes.target import ProbeTarget

__all__ = ["PROBE_OPTIONS", "asked_probes", "change_request", "device_record", "report"]

type Parameters = Mapping[str, Any]
PROBE_OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "target": {"type": "dict"},
    "question": {"type": "dict", "required": True},
    "expected": {"type": "list", "elements": "str", "default": ["accepted"]},
    "if_it_worked": {"type": "bool", "default": False},
}
"""Argument spec of one probe, for every module that takes some; its text: ``doc_fragment_plugins/device_probes``."""
PROVE_S = 45.0
"""How long a probe may fail after a change: a tunnel is negotiated anew, and its peer may have to notice first."""
PROBE_LIMIT_S = 20.0
"""One question from another host, its login included."""
EARLIER = {"confirmed": 0, "earlier": 1}
"""States of the record, newest first, by the module's word for them."""


def change_request(parameters: Parameters, *, check: bool) -> ChangeRequest:
    """Return what the module is asked for.

    Raises:
        RenderError: GW301 for an unknown platform.
        IntentError: GW104 for a part or a probe that is none, GW112 for a unit that the CPE does not have.
        DeviceError: GW407 when no such state is remembered.
    """
    part = part_from_json(parameters["kind"], parameters["part"], parameters["unit"])
    absent, plan_sha256 = parameters["state"] == "absent", parameters["plan_sha256"]
    if parameters["state"] in EARLIER:
        kept = _remembered(device_record(parameters, part), EARLIER[parameters["state"]])
        part, absent, plan_sha256 = kept.wanted(), kept.absent, kept.plan_sha256
    login, later = _logins(parameters, part_name(part))
    probes = [(probe, bool(row.get("if_it_worked"))) for probe, row in asked_probes(parameters["probes"])]
    return ChangeRequest(
        platform=platform_named(parameters["platform"]),
        login=login,
        later=later,
        part=part,
        secrets={name: str(value) for name, value in parameters["secrets"].items() if name != FINGERPRINT_KEY},
        plan_sha256=plan_sha256,
        probes=tuple(probe for probe, is_way in probes if not is_way),
        ways=tuple(probe for probe, is_way in probes if is_way),
        pace=Pace(prove_s=PROVE_S),
        undo_after_s=parameters["undo_after_s"],
        seen=parameters["seen"],
        interruption_allowed=parameters["interruption_allowed"],
        absent=absent,
        check=check,
    )


def device_record(parameters: Parameters, part: Part) -> DeviceRecord:
    """Return what is remembered of the device; IntentError GW107 without the vault's key."""
    key = str(parameters["secrets"].get(FINGERPRINT_KEY, ""))
    return DeviceRecord(Path(parameters["record"]), part_name(part), key)


def report(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the module's result: what was sent and proven, without the device's whole text."""
    return {
        "changed": outcome.ending in {Ending.PREDICTED, Ending.CONFIRMED},
        "ending": str(outcome.ending),
        "lines": list(outcome.change_set.forward),
        "interrupts": outcome.change_set.interrupts,
        "touches": sorted(outcome.change_set.touches),
        "diff": {"prepared": outcome.change_set.diff},
        "seen": outcome.before.fingerprint,
        "device": {"model": outcome.before.model, "version": outcome.before.version},
        "probes": [probe.model_dump() for probe in outcome.probes],
        "seconds": outcome.seconds,
    }


def _remembered(record: DeviceRecord, number: int) -> Confirmed:
    states = record.read().confirmed
    if number < len(states):
        return states[number]
    fix = "There is nothing to go back to: give the part of an earlier plan.json instead."
    raise DeviceError("GW407", f"{record.device}.record", f"{len(states)} confirmed states", fix)


def _logins(parameters: Parameters, device: str) -> tuple[Login, Login | None]:
    """Return the login that works now and, while our password is being renewed, the one that will."""
    identity = parameters["identity_file"]

    def login(password: str | None) -> Login:
        return Login(
            device=device,
            host=parameters["host"],
            port=parameters["port"],
            user=parameters["user"],
            known_hosts=Path(parameters["known_hosts"]),
            password=password,
            identity_file=None if identity is None else Path(identity),
        )

    wanted, previous = login(parameters["password"]), parameters["previous_password"]
    return (wanted, None) if previous is None else (login(previous), wanted)


def asked_probes(rows: Iterable[Parameters]) -> Iterator[tuple[Probe, Parameters]]:
    """Yield the probe that each row asks for, and the row; IntentError GW104 for a row that is none."""
    for number, row in enumerate(rows):
        question, expected = row["question"], frozenset(row["expected"])
        if row["target"] is not None:
            target = _target(row["target"], f"probes.{number}.target")
            ask = partial(run_probe, row["name"], target, limit_s=PROBE_LIMIT_S)
            yield answers(row["name"], ask, question, expected), row
        elif question.get("op") == "tcp" and expected == {"accepted"}:
            yield connects(row["name"], str(question["address"]), int(question["port"])), row
        else:
            fix = "The controller itself only asks for a TCP connection; give the target that asks this."
            raise IntentError("GW104", f"probes.{number}.question", question.get("op"), fix)


def _target(row: Parameters, path: str) -> ProbeTarget:
    try:
        return ProbeTarget.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join([path, *(str(step) for step in first["loc"])])
        raise IntentError("GW104", where, first["msg"], "Give the target as targets.json has it.") from error
