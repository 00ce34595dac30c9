"""Whom to ask, from the plan: every PACS and every linked system of the site file, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gatekit.connection.model import System
from gatekit.errors import VerifyError
from gatekit.plan.model import LinkedSystem, Plan
from gatekit.plan.vm1.model import PacsSource


def systems(plan: Plan) -> tuple[System, ...]:
    """Return every system of the site."""
    return tuple(system for system, _question in _asked(plan, {}, {}))


def probe_systems(plan_json: str, vault: Mapping[str, str], host_keys: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the module ``connection_probe`` is given.

    ``plan_json`` is the text of plan.json, ``host_keys`` maps an sftp system's name to SHA256:...

    Raises:
        VerifyError: GW601 for a host key of a system that is not asked by sftp.
    """
    hospital = Plan.model_validate_json(plan_json)
    known = {row.name for row in hospital.linked_systems if row.protocol == "sftp" and row.direction == "from_gateway"}
    for name in sorted(set(host_keys) - known):
        fix = f"Name one of the site file's sftp systems: {', '.join(sorted(known)) or 'there is none'}."
        raise VerifyError("GW601", "connection_test_host_keys", name, fix)
    return [question for _system, question in _asked(hospital, vault, host_keys)]


def _asked(
    plan: Plan, vault: Mapping[str, str], host_keys: Mapping[str, str]
) -> Iterator[tuple[System, dict[str, Any]]]:
    for source in plan.vm1.pacs_gateway.sources:
        yield _pacs(source, plan.vm1.pacs_gateway.ae_title)
    for row in plan.linked_systems:
        if row.direction == "from_gateway":
            yield _system(row), _outward(row, vault, host_keys)
        else:
            ours = {"protocol": "own_listener", "address": str(plan.vm("vm1").address)}
            yield _system(row), {"name": row.name, "port": row.port, **ours}


def _pacs(source: PacsSource, our_title: str) -> tuple[System, dict[str, Any]]:
    system = System(
        key=f"pacs.{source.name}",
        kind="pacs",
        protocol="dicom",
        address=source.address,
        port=source.port,
        direction="from_gateway",
        ae_titles=(our_title, source.ae_title),
    )
    question = {
        "calling_ae_title": our_title,
        "called_ae_title": source.ae_title,
        "information_model": source.information_model,
    }
    if source.test_patient is not None:
        question["test_patient"] = source.test_patient
    return system, {**_where(system), **question}


def _system(row: LinkedSystem) -> System:
    return System(
        key=row.name,
        kind=row.kind,
        protocol=row.protocol,
        address=row.address,
        port=row.port,
        direction=row.direction,
    )


def _where(system: System) -> dict[str, Any]:
    return {
        "name": system.key,
        "protocol": system.protocol,
        "address": str(system.address),
        "port": system.port,
    }


def _outward(row: LinkedSystem, vault: Mapping[str, str], host_keys: Mapping[str, str]) -> dict[str, Any]:
    question = _where(_system(row)) | {"path": row.test_path}
    if row.account is not None and row.password is not None and row.password in vault:
        question |= {"account": row.account, "password": vault[row.password]}
    if row.name in host_keys:
        question["host_key"] = host_keys[row.name]
    return question
