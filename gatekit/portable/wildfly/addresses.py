"""Addresses of WildFly's management model, written as its own command line does: /subsystem=undertow/server=default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import NodeError

__all__ = ["Address", "found_at", "parse_address", "wire"]

Address = tuple[tuple[str, str], ...]
"""(type, name) pairs from the root downwards."""

_STEP = re.compile(r"/([A-Za-z0-9_.-]+)=((?:[^/\\]|\\.)+)")


def parse_address(text: str) -> Address:
    r"""Return the pairs of an address; a slash within a name is written ``\/``. ``/`` alone is the root.

    Raises:
        NodeError: GW104 when the text has another form.
    """
    if text == "/":
        return ()
    steps = list(_STEP.finditer(text))
    if not steps or "".join(step.group(0) for step in steps) != text:
        raise NodeError("GW104", "wish.address", text, "Write it as /type=name/type=name.")
    return tuple((step.group(1), re.sub(r"\\(.)", r"\1", step.group(2))) for step in steps)


def wire(address: Address) -> list[dict[str, str]]:
    """Return the address as the management API takes it."""
    return [{kind: name} for kind, name in address]


def found_at(model: Mapping[str, Any], address: Address) -> Mapping[str, Any] | None:
    """Return the resource of a recursive reading, or None when it is not there."""
    node: Any = model
    for kind, name in address:
        children = node.get(kind)
        node = children.get(name) if isinstance(children, dict) else None
        if not isinstance(node, dict):
            return None
    found: Mapping[str, Any] = node
    return found
