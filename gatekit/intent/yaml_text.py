"""Read a YAML file a person wrote, strictly: what could surprise is refused with its place.

Refused: bytes that are not UTF-8, an empty file, more than 256 KiB, nesting deeper than 20, anchors
and aliases (a bomb needs them, a site file does not), tags (no object is ever built), keys given
twice, keys that are not plain words, characters that are none, more than one document.

Numbers are decimal and nothing else: YAML 1.1 would read 0104 as 68 and 1:30 as 90. Such a scalar
stays the text that was written, and so do dates; the model judges them.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import yaml

from gatekit.errors import IntentError, IntentRefused

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
LONGEST_KEY = 64
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
FRACTION = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
TRUE = ("true", "yes", "on")


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping in ``path``.

    Raises:
        IntentRefused: one GW101 naming the line, or every doubled (GW111) or unusable (GW101) key.
    """
    return parse_mapping(_text(path), path.name)


def parse_mapping(text: str, name: str) -> dict[str, Any]:
    """Return the mapping in ``text``; ``name`` stands for the file in errors."""
    reader = _Reader(name)
    mapping = reader.mapping_of(text)
    if reader.errors:
        raise IntentRefused(reader.errors)
    return mapping


def _refuse(name: str, value: object, fix: str) -> IntentRefused:
    return IntentRefused([IntentError("GW101", name, value, fix)])


def _text(path: Path) -> str:
    name = path.name
    if not path.is_file():
        raise _refuse(name, "missing", f"Create the file {path.parent.name}/{name}; inventories/README.md says how.")
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _refuse(name, error.strerror or "unreadable", "Make the file readable for your account.") from error
    if len(raw) > LARGEST_BYTES:
        raise _refuse(name, "too large", f"Use the site's own file: {LARGEST_BYTES // 1024} KiB is the most we read.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fix = "Save the file as UTF-8 (it looks like another encoding, perhaps Shift_JIS)."
        raise _refuse(f"{name}:{line}", f"byte 0x{raw[error.start]:02x}", fix) from error


class _Guarded(yaml.SafeLoader):
    """Composes while every event is looked at first: one pass over the text."""

    def __init__(self, reader: _Reader, text: str) -> None:
        super().__init__(text)
        self.depth = self.documents = 0
        self._reader = reader

    def get_event(self) -> yaml.Event:
        """Return the next event that may be composed."""
        event: yaml.Event = super().get_event()  # type: ignore[no-untyped-call]  # its stub has no types
        self._reader.look_at(event, self)
        return event


class _Reader:
    """Turns one document into plain Python, collecting bad keys instead of stopping at the first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors: list[IntentError] = []

    def mapping_of(self, text: str) -> dict[str, Any]:
        root = self._composed(text)
        if root is None or root.tag.endswith(":null"):
            raise _refuse(self.name, "empty", "Fill the file; inventories/README.md says how.")
        if not isinstance(root, yaml.MappingNode):
            kind = "a list" if isinstance(root, yaml.SequenceNode) else "a single value"
            raise _refuse(self.name, kind, "Write a mapping (key: value) at the top level.")
        value: dict[str, Any] = self._value(root, "")
        return value

    def _composed(self, text: str) -> yaml.Node | None:
        try:
            return _Guarded(self, text).get_single_node()
        except yaml.MarkedYAMLError as error:
            where = f"{self.name}:{error.problem_mark.line + 1}" if error.problem_mark else self.name
            raise _refuse(where, error.problem or "not YAML", "Mend the YAML at this line or the one above.") from error
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") + 1
            value = f"character U+{error.character:04X}"
            raise _refuse(f"{self.name}:{line}", value, "Remove the character: YAML does not allow it.") from error
        except (ValueError, OverflowError) as error:  # PyYAML on "\Uffffffff": no such character
            fix = "Mend the escape \\U in a text in double quotes: there is no such character."
            raise _refuse(self.name, "an escape", fix) from error

    def look_at(self, event: yaml.Event, loader: _Guarded) -> None:
        """Refuse what must never be composed, before anything is made of it.

        The names of anchors, aliases and tags are not shown: an unquoted password may begin like one.
        """
        where = self._line_of(event)
        if isinstance(event, yaml.AliasEvent):
            raise _refuse(where, "an alias (*)", "Write the value out, or put text that begins with * in quotes.")
        if getattr(event, "anchor", None):
            raise _refuse(where, "an anchor (&)", "Remove the anchor, or put text that begins with & in quotes.")
        if getattr(event, "tag", None):
            raise _refuse(where, "a tag (!)", "Remove the tag, or put text that begins with ! in quotes.")
        if isinstance(event, yaml.DocumentStartEvent):
            loader.documents += 1
            if loader.documents > 1:
                raise _refuse(where, "a second document (---)", "Write one document only.")
        loader.depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if loader.depth > DEEPEST:
            raise _refuse(where, f"nested {loader.depth} deep", f"Nest {DEEPEST} deep at most.")

    def _line_of(self, part: yaml.Event | yaml.Node) -> str:
        return f"{self.name}:{part.start_mark.line + 1}" if part.start_mark else self.name

    def _value(self, node: yaml.Node, path: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, f"{path}[{index}]") for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        text: str = node.value
        kind = node.tag.rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in TRUE
        if kind == "int" and DECIMAL.fullmatch(text):
            return int(text)
        if kind == "float" and FRACTION.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        bad = next((char for char in text if 0xD800 <= ord(char) <= 0xDFFF), None)
        if bad is not None:
            self.errors.append(IntentError("GW101", path, f"U+{ord(bad):04X}", "Remove the escape: no such character."))
        return text

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            where = self._line_of(key_node)
            if not _plain_word(key_node):
                key = key_node.value[:LONGEST_KEY] if isinstance(key_node, yaml.ScalarNode) else "a collection"
                self.errors.append(IntentError("GW101", where, key, "Use a plain word as key."))
                continue
            key = key_node.value
            here = f"{path}.{key}" if path else key
            if key in found:
                fix = "Give the key once: remove this line or the one above that has the same key."
                self.errors.append(IntentError("GW111", here, where, fix))
                continue
            found[key] = self._value(value_node, here)
        return found


def _plain_word(node: yaml.Node) -> bool:
    text = node.value
    return (
        isinstance(node, yaml.ScalarNode)
        and node.tag == "tag:yaml.org,2002:str"
        and 1 <= len(text) <= LONGEST_KEY
        and text.isprintable()
    )
