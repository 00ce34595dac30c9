"""LDIF sources of a change: files of one folder, or texts; file references stay inside that folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import NodeError
from ..secrets import reveal
from .ldif import Record, parse
from .wanted import Ownership

__all__ = ["Source", "read"]


@dataclass(frozen=True, slots=True)
class Source:
    """One LDIF text: a file below the folder, or the text itself, which may name secrets as ``<secret NAME>``."""

    file: str = ""
    text: str = ""
    ownership: Ownership = "attributes"


def read(source: Source, folder: str, secrets: Mapping[str, str]) -> tuple[Record, ...]:
    """Return the records of a source.

    Raises:
        NodeError: GW104 for what is not LDIF or leads out of the folder, GW407 for a file that is missing,
            GW107 for a secret that is not given.
    """
    if bool(source.file) == bool(source.text):
        raise NodeError("GW104", "sources", source.file or "a source", "Give either file or text.")
    if source.text:
        # Put in after parsing: a secret's value may hold whatever LDIF gives a meaning to.
        records = parse(source.text.encode(), "text", lambda url: _referenced(folder, url))
        return tuple(_revealed(record, secrets) for record in records)
    content = _inside(folder, source.file, source.file)
    below = os.path.dirname(source.file)  # a reference counts from its own file
    return parse(content, source.file, lambda url: _referenced(folder, url, below))


def _referenced(folder: str, url: str, below: str = "") -> bytes:
    scheme, _, path = url.partition(":")
    if scheme.lower() != "file" or not path:
        raise NodeError("GW104", "sources", url, "Only file: references inside the given folder are followed.")
    return _inside(folder, os.path.join(below, path.removeprefix("//")), url)


def _inside(folder: str, name: str, shown: str) -> bytes:
    if not folder:
        raise NodeError("GW104", "folder", shown, "Give the folder the files stand in.")
    root = Path(folder).resolve()
    path = (root / name).resolve()
    if os.path.isabs(name) or not path.is_relative_to(root):
        raise NodeError("GW104", "sources", shown, f"Name a file inside {folder}, without '..' or a link out of it.")
    try:
        return path.read_bytes()
    except OSError as err:
        fix = f"Put it into {folder}, or leave it out of the sources."
        raise NodeError("GW407", "sources", shown, fix) from err


def _revealed(record: Record, secrets: Mapping[str, str]) -> Record:
    def value(given: bytes) -> bytes:
        return reveal(record.where, given.decode(), secrets).encode() if b"<secret " in given else given

    return replace(
        record,
        attributes=tuple((name, tuple(map(value, values))) for name, values in record.attributes),
        changes=tuple(replace(change, values=tuple(map(value, change.values))) for change in record.changes),
    )
