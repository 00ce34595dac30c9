"""LDIF sources into the local directory: read them, ask slapd once, decide, send."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import entry_changes, names, session, sources
from .entry_changes import EntryChange, Live
from .ldif import Record
from .sources import Source
from .wanted import Ownership, fold

__all__ = ["Request", "apply", "divided", "plan"]

_CONFIGURATION = "cn=config"


@dataclass(frozen=True, slots=True)
class Request:
    """What has to be in the directory; see the module directory_entries."""

    suffix: str
    folder: str = ""
    schemas: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    absent: tuple[str, ...] = ()


def plan(request: Request, secrets: Mapping[str, str], *, predict: bool) -> tuple[EntryChange, int]:
    """Return the change, and how many entries the sources name; nothing is sent.

    Args:
        request: what has to be there.
        secrets: values for texts that name them.
        predict: in check mode, where no folder or no server may be there yet: as if it were empty.
    Raises:
        NodeError: as ``sources.read``, ``wanted.fold``, ``entry_changes.plan``; GW402 when no server answers.
    """
    early = predict and bool(request.folder) and not os.path.isdir(request.folder)
    wanted = fold(_records(request, secrets, early=early))
    configures = any(names.within(key, _CONFIGURATION) for key in (*wanted, *request.absent))
    live: Live = {}
    if not predict or session.serves():
        live = session.live((*([_CONFIGURATION] if configures else []), request.suffix))
    return entry_changes.plan(wanted, request.absent, live, predict=predict), len(wanted)


def _records(
    request: Request, secrets: Mapping[str, str], *, early: bool
) -> Iterator[tuple[Ownership, tuple[Record, ...]]]:
    rows = (*(Source(file=name) for name in request.schemas), *request.sources)
    for source in rows:
        if not (early and source.file):
            yield source.ownership, sources.read(source, request.folder, secrets)


def apply(change: EntryChange) -> None:
    """Send the change: configuration first, then removals from below, then the entries in one transaction.

    Raises:
        NodeError: GW402 no answer, GW406 refused; of the entries nothing is in place then. What was removed stays
            removed: the next run has only the rest to do.
    """
    session.apply(change.configuration, whole=False)
    # slapd 2.6 with back-mdb ends every transaction that removes an entry with error 80 [tried on Debian 13].
    removed, kept = divided(change.content)
    session.apply(removed, whole=False)
    session.apply(kept, whole=True)


def divided(content: Sequence[Record]) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return removals and all the rest, each in their order."""
    removed = tuple(record for record in content if record.verb == "delete")
    return removed, tuple(record for record in content if record.verb != "delete")
