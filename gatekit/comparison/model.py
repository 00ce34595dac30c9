"""What a comparison of the plan with the devices found. Frozen, JSON both ways; no secret value is in any of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from gatekit.model import Frozen

type Purpose = Literal["change", "drift"]
"""``change``: what a run of the job would do. ``drift``: what is no longer as it was left. Also the document's name."""


class Finding(StrEnum):
    """What became of one device in the comparison."""

    AS_PLANNED = "as_planned"
    DIFFERS = "differs"
    NOT_REACHED = "not_reached"  # nobody answers at its address: not there yet, or without power
    REFUSED = "refused"  # it answers, and must not be changed like this: host key, login, somebody's edit
    BY_VENDOR = "by_vendor"  # the hospital's network vendor changes it, by our request sheet
    NOT_COMPARED = "not_compared"  # left out by a tag or limit, or the run ended before it


class Difference(Frozen):
    """One task's difference at one place. ``lines`` begin with ``+`` or ``-``; empty where a task shows none."""

    subject: str  # the task's name
    where: str  # a file's path, or empty
    lines: tuple[str, ...]


class DeviceFinding(Frozen):
    """One device. ``steps``: what is sent or done, in order, where its platform says so; secrets by name.

    ``interrupts``: whether traffic stops for a moment; None where that is not known beforehand. ``touches``: what
    the steps can take down. ``seen``: fingerprint of the state that was compared, of a vendor's device.
    """

    name: str
    platform: str
    finding: Finding = Finding.NOT_COMPARED
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    steps: tuple[str, ...] = ()
    interrupts: bool | None = None
    touches: tuple[str, ...] = ()
    seen: str = ""


class Comparison(Frozen):
    """One site, every device in the order in which it is built."""

    schema_version: Literal[1] = 1
    purpose: Purpose
    site: str
    plan_sha256: str
    devices: tuple[DeviceFinding, ...]

    def found(self, *findings: Finding) -> tuple[DeviceFinding, ...]:
        """Return the devices of these findings, in their order."""
        return tuple(device for device in self.devices if device.finding in findings)
