"""The edge: Ansible's dicts become types, files become options of our modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.catalogue.dcm4chee import SCHEMAS
from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.render.directory.distribution import distribution_sources
from gatekit.render.directory.files import directory_files, directory_units
from gatekit.render.directory.server import server_configuration
from gatekit.render.edge import plain
from gatekit.render.text import as_file_set

__all__ = ["role_input", "server", "sources"]


def _plan(plan: Mapping[str, Any]) -> DirectoryPlan:
    return DirectoryPlan.model_validate(plain(plan))


def role_input(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``files`` for file_set and ``units`` for unit_set."""
    return {"files": as_file_set(directory_files(_plan(plan))), "units": directory_units()}


def server(plan: Mapping[str, Any]) -> dict[str, object]:
    """Return the options of directory_server, without the password."""
    return server_configuration(_plan(plan))


def sources(plan: Mapping[str, Any]) -> dict[str, object]:
    """Return the options of directory_entries for dcm4chee's distribution, without its folder."""
    return {"suffix": _plan(plan).suffix, "schemas": list(SCHEMAS), "sources": distribution_sources()}
