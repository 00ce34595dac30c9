"""Nested tuples as an answer file's XML, in the order they are written: Setup minds the order."""

from __future__ import annotations

import xml.etree.ElementTree as ET

__all__ = ["Node", "component", "document", "listed"]

type Node = tuple[str, str | tuple[Node, ...]] | tuple[str, str | tuple[Node, ...], dict[str, str]]
"""Name, text or children, and attributes."""

UNATTEND = "urn:schemas-microsoft-com:unattend"
STATE = "http://schemas.microsoft.com/WMIConfig/2002/State"
IDENTITY = {
    "processorArchitecture": "amd64",
    "publicKeyToken": "31bf3856ad364e35",
    "language": "neutral",
    "versionScope": "nonSxS",
}
"""What every component of 64-bit Windows carries (reference B.1.1)."""


def component(name: str, *settings: Node) -> Node:
    """Return one component with its settings."""
    return ("component", settings, {"name": name, **IDENTITY})


def listed(name: str, *children: Node, text: str = "", **attributes: str) -> Node:
    """Return an item of a list, which Setup adds to what is there; ``key`` is the list's own key."""
    marks = {"wcm:action": "add"} | {f"wcm:{key}": value for key, value in attributes.items()}
    return (name, text or children, marks)


def document(passes: dict[str, tuple[Node, ...]]) -> str:
    """Return the answer file: pass -> components."""
    root = ET.Element("unattend", {"xmlns": UNATTEND, "xmlns:wcm": STATE})
    for name, components in passes.items():
        settings = ET.SubElement(root, "settings", {"pass": name})
        for node in components:
            _append(settings, node)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _append(parent: ET.Element, node: Node) -> None:
    name, content = node[0], node[1]
    element = ET.SubElement(parent, name, node[2] if len(node) == 3 else {})
    if isinstance(content, str):
        element.text = content
        return
    for child in content:
        _append(element, child)
