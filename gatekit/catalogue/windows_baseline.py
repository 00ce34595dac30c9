"""The baseline of Windows on VM3, read once from hardening/windows.yml."""

from __future__ import annotations

from functools import cache
from typing import Literal

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen


class RegistryItem(Frozen):
    """One value below a key of the registry; ``restart`` is the service that reads it when it starts."""

    id: str
    name: str
    type: Literal["String", "DWord"]
    value: str | int
    why: str
    restart: str = ""
    reboot: bool = False


class NamedItem(Frozen):
    """One service to switch off."""

    id: str
    why: str


class PolicyItem(Frozen):
    """One line of the local security policy, as secedit writes it."""

    id: str
    value: str
    why: str


class AuditItem(Frozen):
    """One subcategory of the audit policy; ``events``: 1 success, 2 failure, 3 both."""

    id: str
    guid: str
    events: Literal[1, 2, 3]
    why: str


class WindowsBaseline(Frozen):
    """See hardening/windows.yml for the meaning of each."""

    registry: dict[str, tuple[RegistryItem, ...]]  # key -> values
    services_off: tuple[NamedItem, ...]
    security_policy: dict[str, tuple[PolicyItem, ...]]
    audit: tuple[AuditItem, ...]
    features_absent: tuple[str, ...]


@cache
def windows_baseline() -> WindowsBaseline:
    """Return the items of hardening/windows.yml."""
    return WindowsBaseline.model_validate(facts_in("hardening", "windows.yml"))
