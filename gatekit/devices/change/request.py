"""What is asked of the change engine, what it says when it refuses, and how it reports a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from gatekit.devices.change.model import ChangeSet, Observed, Outcome, Probe
from gatekit.devices.change.platform import Login, Platform
from gatekit.devices.change.way_back import Pace
from gatekit.errors import DeviceError
from gatekit.plan.network_device import Part

EDITED = "Ask who it is; let that edit be saved or discarded, then run again."
OURS = (
    "Our own earlier change was not finished, and its timer should have ended it by now: ask who else is editing; when "
    "nobody is, power the device off and on."
)
UNSAVED = (
    "Its running state is not its saved one. Ask who changed it; save it when it is wanted, otherwise restart the "
    "device, then run again."
)
UNFINISHED = (
    "Our own earlier change was not finished, and nothing of it is saved: restart the device, and its last saved "
    "state is back; then run again."
)
MOVED = "Make the plan once more and look at it: what was approved does not fit any more."
CONSENT = "Set interruption_allowed (the play's variable of that name) when nobody depends on the connection."
NOT_PROVEN = "The device is as it was. Compare the named answer with the plan; correct it, then run again."
NOT_KEPT = "It was kept, and does not show it: look at the device before anything else."
BY_VENDOR = "Only routes of ours are taken away by themselves; a whole device is reset by hand, see its handbook."
FAULT = "A fault of ours or of a library: report it with this text."


@runtime_checkable
class Removes(Protocol):
    """A platform that can take our part away again: our routes on the hospital's L3 switch."""

    def removal(self, observed: Observed, part: Part) -> ChangeSet:
        """Return what takes every line of our part away and nothing else; pure."""


class RevertedError(DeviceError):
    """The change was taken back and the device is proven to be as it was; ``outcome`` has the evidence.

    Code, path and value are those of the reason: GW429 for evidence, GW422 for a refused line, GW402 for a device
    that could not be reached any more.
    """

    def __init__(self, reason: DeviceError, outcome: Outcome) -> None:
        super().__init__(*reason.facts)
        self.outcome = outcome

    def __reduce__(self) -> tuple[type[RevertedError], tuple[DeviceError, Outcome]]:
        """Travel between processes whole."""
        return RevertedError, (DeviceError(*self.facts), self.outcome)


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """One device, what it has to be, and under what conditions.

    ``probes`` have to pass after the change; ``ways`` are asked before it too, and those that pass then have to pass
    again.
    ``seen``: fingerprint of the state that the approved plan was made for. ``later``: the login once our own
    password is renewed by this change. ``check``: predict only. ``absent``: our part has to go.
    ``undo_after_s`` in device seconds.
    """

    platform: Platform
    login: Login
    part: Part
    secrets: Mapping[str, str] = field(repr=False)
    plan_sha256: str
    probes: tuple[Probe, ...] = ()
    ways: tuple[Probe, ...] = ()
    undo_after_s: int = 300
    seen: str | None = None
    interruption_allowed: bool = False
    check: bool = False
    absent: bool = False
    later: Login | None = None
    pace: Pace = field(default_factory=Pace)
