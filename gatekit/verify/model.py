"""The types of verification: a check, what it asks, and the verdict. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from gatekit.model import Text

type Scalar = str | int | float | bool | None


class Kind(StrEnum):
    """What a check is about; tests/site has one test function for each."""

    REACH = "reach"  # a permitted flow, its listener answers
    PATH = "path"  # a permitted flow whose listener is not built: the packets arrive
    MUST_NOT_REACH = "must_not_reach"
    RESOLVER = "resolver"
    PROXY = "proxy"
    PAC = "pac"
    PORTAL = "portal"
    TUNNEL = "tunnel"
    PATTERN = "pattern"
    ADDRESS = "address"
    OVERLAP = "overlap"
    TRUST_ADDRESS = "trust_address"
    ROUTE = "route"
    ZONES = "zones"
    SERVICE = "service"
    PUBLICATION = "publication"  # what the portal gets from VM1, and what it does not
    SYNCHRONISATION = "synchronisation"  # archive and PACS, patient by patient
    LISTENING = "listening"
    ESXI = "esxi"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of ``gatekit/portable/probe.py`` on the check's source."""

    op: str
    arguments: tuple[tuple[str, Scalar], ...]

    def as_job(self, identity: str) -> dict[str, Scalar]:
        """Return it as the probe reads it."""
        return {"id": identity, "op": self.op, **dict(self.arguments)}


@dataclass(frozen=True, slots=True)
class ScanRow:
    """Ports of one address that must not answer; ``counts`` says which answers are a violation.

    ``any``: a reset or a port-unreachable already shows that a filter let the packet through.
    ``accepted``: no filter of ours lies between (same network, a host without one), only an open port counts.
    """

    address: str
    protocol: Literal["tcp", "udp"]
    ports: str  # as gatekit.portable.port_scan.port_ranges writes them
    counts: Literal["any", "accepted"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Commands read on one host, and the name of the judge in ``gatekit.verify.judges`` that understands them."""

    host: str
    commands: tuple[str, ...]
    judge: str
    twice: bool = False  # once before and once after the packets: the judge gets both


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to prove. ``accepts`` are the outcome words that prove it (operations only)."""

    id: str
    kind: Kind
    requirement: str
    title: Text
    source: str
    destination: str
    protocol: str
    port: str
    expected: Text
    tier: int
    asks: Operation | ScanRow | Reading
    accepts: tuple[str, ...] = ()
    detail: str = ""  # the answer must contain exactly this, e.g. an address
    proof: str = ""  # marker to look for in the syslog server's log


@dataclass(frozen=True, slots=True)
class NotRun:
    """Something the plan raises and this site cannot prove, with the reason."""

    id: str
    requirement: str
    title: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class CheckList:
    """Every check of one site, and everything that cannot be checked there."""

    checks: tuple[Check, ...]
    not_run: tuple[NotRun, ...]
    controls: Mapping[str, tuple[tuple[str, int], ...]]  # source -> ports known to answer, for its scan


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a check holds, and what was seen."""

    ok: bool
    observed: Text

    def __bool__(self) -> bool:
        raise TypeError("a Verdict has no truth value; ask for .ok")
