"""What Windows Setup would say of an answer file, as far as the reference's table knows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SPACE = "{urn:schemas-microsoft-com:unattend}"
ACTION = "{http://schemas.microsoft.com/WMIConfig/2002/State}action"
IDENTITY = {
    "processorArchitecture": "amd64",
    "publicKeyToken": "31bf3856ad364e35",
    "language": "neutral",
    "versionScope": "nonSxS",
}
PASSES = ("windowsPE", "offlineServicing", "specialize", "oobeSystem")
INTERFACE = ("Ipv4Settings", "Ipv6Settings", "Identifier", "UnicastIpAddresses", "Routes")
LISTED = {
    "Disk", "CreatePartition", "ModifyPartition", "MetaData", "Interface", "IpAddress", "Route",
    "RunSynchronousCommand",
}  # fmt: skip
LONGEST_COMMAND, LONGEST_NAME = 259, 15
KNOWN: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "answer_file_settings.yml").read_text(encoding="utf-8"))


def faults(text: str) -> list[str]:
    """Return what is wrong, in the order of the file; empty: nothing that is known."""
    root = ET.fromstring(text)  # noqa: S314 - our own file
    found = [] if root.tag == f"{SPACE}unattend" else [f"root {root.tag}"]
    order = [settings.get("pass", "") for settings in root]
    if order != sorted(order, key=lambda name: PASSES.index(name) if name in PASSES else -1):
        found.append("passes out of order")
    for settings in root:
        for component in settings:
            found += _component(settings.get("pass", ""), component)
    return found


def _component(step: str, component: ET.Element) -> Iterator[str]:
    name = component.get("name", "")
    known = KNOWN.get(name)
    if known is None:
        yield f"{name}: unknown component"
        return
    if step not in known["pass"]:
        yield f"{name}: not in {step}"
    if {key: value for key, value in component.attrib.items() if key != "name"} != IDENTITY:
        yield f"{name}: identity"
    for path, element in _walk(component, ()):
        place = f"{name}/{'/'.join(path)}"
        if len(element) == 0 and "/".join(path) not in known["settings"]:
            yield f"{place}: unknown setting"
        yield from _element(place, path[-1], element)


def _element(place: str, name: str, element: ET.Element) -> Iterator[str]:
    text = element.text or ""
    if len(element) == 0 and not text.strip():
        yield f"{place}: empty"
    if (name in LISTED) != (element.get(ACTION) == "add"):
        yield f"{place}: action"
    if name == "Interface" and "TCPIP" in place:
        parts = tuple(child.tag.removeprefix(SPACE) for child in element)
        if parts != INTERFACE:
            yield f"{place}: order {' '.join(parts)}"
    if name == "PlainText" and text != "false":
        yield f"{place}: password in clear"
    if name == "ComputerName" and len(text) > LONGEST_NAME:
        yield f"{place}: longer than {LONGEST_NAME}"
    if name == "Path" and len(text) > LONGEST_COMMAND:
        yield f"{place}: longer than {LONGEST_COMMAND}"
    numbers = [child.findtext(f"{SPACE}Order") for child in element]
    if numbers and None not in numbers and numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        yield f"{place}: orders {' '.join(str(number) for number in numbers)}"


def _walk(element: ET.Element, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ET.Element]]:
    for child in element:
        here = (*path, child.tag.removeprefix(SPACE))
        yield here, child
        yield from _walk(child, here)
