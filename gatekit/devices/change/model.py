"""What passes between the engine and a platform. Frozen; no secret value is in any of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from gatekit.model import Frozen


class Touch(StrEnum):
    """What a change set can take down while it is applied."""

    MANAGEMENT = "management"  # our own way in
    TUNNEL = "tunnel"
    ROUTES = "routes"
    POLICY = "policy"
    OTHER = "other"


class Observed(Frozen):
    """A device as it was found.

    ``running`` and ``startup`` are its configuration without lines that change by themselves, secrets
    replaced by ``<hidden>``; ``startup`` is None where the platform keeps no second copy. ``fingerprint``
    is the sha256 of ``running``. ``open_edit`` says who has an uncommitted edit or an armed timer of
    their own, in the device's words; None when nobody.
    """

    running: str
    startup: str | None
    fingerprint: str
    open_edit: str | None
    version: str
    model: str


class ChangeSet(Frozen):
    """What has to be sent, and what takes it back; both in order, one line each.

    Lines name secrets as ``<secret NAME>``. ``diff`` is for people: unified, secrets hidden.
    ``interrupts``: traffic may stop for a moment although the change is right.
    """

    forward: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    touches: frozenset[Touch] = frozenset()
    interrupts: bool = False
    diff: str = ""

    @property
    def empty(self) -> bool:
        """Return whether nothing has to be sent."""
        return not self.forward


class Ending(StrEnum):
    """How a change ended."""

    UNCHANGED = "unchanged"
    PREDICTED = "predicted"  # check mode: nothing was sent
    CONFIRMED = "confirmed"  # kept and saved
    REVERTED = "reverted"  # the evidence was against it; the device is as it was


class ProbeResult(Frozen):
    """One answer of another host about the way through the device."""

    name: str
    passed: bool
    found: str


type Probe = Callable[[], ProbeResult]
"""Asks through the changed device, never from it. Must end by itself."""


class Outcome(Frozen):
    """What became of one change, for the module's result and the evidence."""

    ending: Ending
    change_set: ChangeSet
    before: Observed
    after: Observed | None
    probes: tuple[ProbeResult, ...] = ()
    reason: str = ""  # why it was reverted
    seconds: dict[str, float]  # step -> duration
