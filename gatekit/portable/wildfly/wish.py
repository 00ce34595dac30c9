"""What has to be on the server, as frozen types; JSON is read here and nowhere else.

A role brings a part of the whole under its own name (``owner``). Only what an owner added is removed when its wish
no longer has it; what others added, or a person by hand, stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import NodeError
from .addresses import Address, parse_address

__all__ = ["SECRET", "DeploymentWish", "ResourceWish", "Wish", "read_wish"]

Attributes = tuple[tuple[str, Any], ...]
SECRET = re.compile(r"<secret ([a-z][a-z0-9_]*)>")


@dataclass(frozen=True, slots=True)
class ResourceWish:
    """One resource; of a present one exactly the attributes named here are kept, None meaning undefined.

    A text ``<secret NAME>`` within an attribute stands for the credential store's alias of that secret.
    """

    path: str
    address: Address
    state: Literal["present", "absent"]
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class DeploymentWish:
    """One application; ``file`` is its archive on the node, needed only when it has to be deployed."""

    name: str
    sha256: str
    file: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything one owner wants."""

    owner: str
    resources: tuple[ResourceWish, ...]
    deployments: tuple[DeploymentWish, ...]
    secrets: tuple[str, ...]  # names of what the credential store has to hold, sorted
    credential_store: Address


def read_wish(given: Mapping[str, Any]) -> Wish:
    """Return the wish of a module's parameters.

    Raises:
        NodeError: GW104 an address of the wrong form, GW111 an address or a deployment given twice.
    """
    resources = tuple(_resource(row) for row in given["resources"])
    deployments = tuple(DeploymentWish(row["name"], row["sha256"], row["file"]) for row in given["deployments"])
    _refuse_twice("resources", [row.path for row in resources])
    _refuse_twice("deployments", [row.name for row in deployments])
    store = parse_address(given["credential_store"])
    return Wish(given["owner"], resources, deployments, _secret_names(resources), store)


def _secret_names(resources: tuple[ResourceWish, ...]) -> tuple[str, ...]:
    return tuple(sorted({name for row in resources for _, value in row.attributes for name in _named_in(value)}))


def _named_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _named_in(part)
    elif isinstance(value, str) and (match := SECRET.fullmatch(value)):
        yield match.group(1)


def _resource(row: Mapping[str, Any]) -> ResourceWish:
    attributes = tuple(sorted((row.get("attributes") or {}).items()))
    return ResourceWish(row["address"], parse_address(row["address"]), row.get("state") or "present", attributes)


def _refuse_twice(place: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NodeError("GW111", f"wish.{place}", ", ".join(twice), "Give each once.")
