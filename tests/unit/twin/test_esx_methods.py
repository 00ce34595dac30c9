"""The simulator's table of methods against pyVmomi's own: who may call what, and what counts as a write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyVmomi import VmomiSupport, vim

from twin.esx_build import SOURCE

PYVMOMI: Any = VmomiSupport
TABLE = json.loads((SOURCE / "methods.json").read_text())
LISTED = {method: privilege for privilege, methods in TABLE["privileges"].items() for method in methods}

ASKED_FOR_THE_FILE_BESIDES = {
    "CreateVirtualDisk_Task", "DeleteVirtualDisk_Task", "MoveVirtualDisk_Task", "CopyVirtualDisk_Task",
}  # fmt: skip
"""VIM names System.View for these and asks for Datastore.FileManagement when it sees the path."""


def _declared() -> dict[str, set[str]]:
    """Return the privileges VIM names for each method, without those it decides by the arguments."""
    assert vim.ServiceInstance is not None  # the types are loaded when one of them is named
    declared: dict[str, set[str]] = {}
    for name in list(PYVMOMI._managedDefMap):
        for method in PYVMOMI.GetVmodlType(name)._methodInfo.values():
            if method.privId:
                declared.setdefault(method.wsdlName, set()).add(method.privId)
    return declared


DECLARED = _declared()


@pytest.mark.parametrize("method", sorted(set(LISTED) & set(DECLARED) - ASKED_FOR_THE_FILE_BESIDES))
def test_a_method_needs_the_privilege_that_vim_names(method: str) -> None:
    assert LISTED[method] in DECLARED[method]


def test_no_method_stands_under_two_privileges() -> None:
    named = [method for methods in TABLE["privileges"].values() for method in methods]
    assert len(named) == len(set(named)) > 150


def test_a_method_is_called_a_read_only_where_its_name_says_so() -> None:
    verbs = ("Query", "Refresh", "List", "Retrieve", "Decode", "Test", "fetch", "SessionIsActive")
    assert [method for method in TABLE["reads"] if not method.startswith(verbs)] == []
    assert set(TABLE["reads"]) <= set(LISTED)
