"""A reading of one host as a row of words, and the check it becomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gatekit.model import Text
from gatekit.verify.flow_checks import tier
from gatekit.verify.model import Check, Kind, NotRun, Reading
from gatekit.verify.targets import Targets

__all__ = ["NO_HOST", "Row", "check_of", "unless"]

NO_HOST = Text(ja="この拠点では読み取り接続がない", en="no connection to read this device at this site")


@dataclass(frozen=True, slots=True)
class Row:
    """One reading in words; the host is added where it is used."""

    id: str
    kind: Kind
    requirement: str
    title: Text
    expected: Text
    commands: tuple[str, ...]
    judge: str
    twice: bool = False


def check_of(targets: Targets, host: str, row: Row) -> Check:
    """Return the check that reads ``row`` on ``host``."""
    return Check(
        id=row.id,
        kind=row.kind,
        requirement=row.requirement,
        title=row.title,
        source=host,
        destination=host,
        protocol="",
        port="",
        expected=row.expected,
        tier=tier(targets, host),
        asks=Reading(host, row.commands, row.judge, row.twice),
    )


def unless(check: Check, reason: Text | None) -> Check | NotRun:
    """Return the check, or why it is not run."""
    return check if reason is None else NotRun(check.id, check.requirement, check.title, reason)
