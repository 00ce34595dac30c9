"""Renderers as Ansible calls them: a plan's dict in, what the modules take out. No decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gatekit.plan.appliance import VmPlan
from gatekit.plan.model import PackageSource, ProxyPlan
from gatekit.render import guest, squid
from gatekit.render.text import as_file_set

__all__ = ["guest_files", "guest_names", "guest_package_sources", "guest_packet_filter", "plain", "proxy_files"]


def plain(value: Any) -> Any:
    """Return Ansible's value as plain dicts, lists and scalars.

    ansible-core hands filters containers that template their members when asked through Python; pydantic
    reads a dict's storage directly and would see the templates.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return value


def guest_files(vm: Mapping[str, Any], operator_keys: Iterable[str]) -> list[dict[str, str]]:
    """Return the base system's files of one VM of the plan for file_set."""
    return as_file_set(guest.guest_files(VmPlan.model_validate(plain(vm)), plain(operator_keys)))


def guest_names(vm: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the resolver's files of one VM of the plan for file_set."""
    return as_file_set(guest.guest_names(VmPlan.model_validate(plain(vm))))


def guest_packet_filter(vm: Mapping[str, Any]) -> str:
    """Return the rules of one VM of the plan for the module packet_filter."""
    return guest.packet_filter(VmPlan.model_validate(plain(vm))).content


def guest_package_sources(source: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the plan's package source for the ``sources`` of package_set."""
    files = guest.package_sources(PackageSource.model_validate(plain(source)))
    return [file.model_dump(include={"path", "content", "owner", "group", "mode"}) for file in files]


def proxy_files(plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the proxy's and its settings server's files for file_set."""
    proxy = ProxyPlan.model_validate(plain(plan))
    return as_file_set((*squid.proxy_files(proxy), *squid.settings_files(proxy)))
