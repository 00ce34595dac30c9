"""Plain tables for a person at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["difference_table", "fault_lines", "peer_table", "request_table"]

_PARTS = {
    "studies": "missing study",
    "series": "missing series",
    "instances": "missing instance",
    "undecided": "not moved: no date or modality",
    "withheld": "not moved again: moved before in vain",
    "only_in_archive": "only in the archive",
}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows under their heads, columns as wide as their widest cell."""
    cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def difference_table(differences: Iterable[Mapping[str, Any]]) -> str:
    """Return what each PACS has and the archive has not, one line an entity, and the sums."""
    rows = [
        (found["pacs"], text, one["study"], one["series"], one["instance"])
        for found in differences
        for part, text in _PARTS.items()
        for one in found[part]
    ]
    if not rows:
        return "Archive and PACS are equal."
    to_move = sum(text.startswith("missing") for _, text, *_ in rows)
    return table(("PACS", "what", "study", "series", "instance"), rows) + f"\n{to_move} to move."


def request_table(requests: Iterable[Mapping[str, Any]]) -> str:
    """Return one line a request."""
    heads = ("request", "PACS", "state", "reason", "faults", "moved", "created")
    names = ("id", "pacs", "state", "reason", "faults", "moved_instances", "created_at")
    rows = [["" if row[name] is None else row[name] for name in names] for row in requests]
    return table(heads, rows) if rows else "No requests."


def peer_table(peers: Iterable[Mapping[str, Any]]) -> str:
    """Return one line a peer."""
    rows = [(row["name"], row["ae_title"], "yes" if row["usable"] else "NO") for row in peers]
    return table(("peer", "AE title", "usable"), rows)


def fault_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the fault of each request or peer that has one, with what to do."""
    for row in rows:
        fault = row["fault"]
        if fault:
            yield f"{row.get('id') or row['name']}: {fault['path']}: {fault['value']}. {fault['fix']} [{fault['code']}]"
