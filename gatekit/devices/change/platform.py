"""What a platform has to bring; one instance per operating system, in gatekit/devices/<platform>/__init__.py.

A platform holds no state. What it knows of a product (ports, groups, firmware) stands in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from netmiko import BaseConnection

from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.plan.network_device import Part


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach one device. Exactly one of ``password`` and ``identity_file`` is given."""

    device: str  # name in the plan, for messages
    host: str
    port: int
    user: str
    known_hosts: Path  # strict: a key that is not in it ends the login (GW416)
    password: str | None = None
    identity_file: Path | None = None

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"Login({self.device}, {self.user}@{self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Refusals:
    """How a device says no to one line (vendor reference 0.6), and what only looks like it."""

    refused: tuple[re.Pattern[str], ...]
    harmless: tuple[re.Pattern[str], ...] = ()

    def found_in(self, answer: str) -> str | None:
        """Return the first line of the answer that is a refusal, or None."""
        for line in answer.splitlines():
            if any(one.search(line) for one in self.harmless):
                continue
            if any(one.search(line) for one in self.refused):
                return line.strip()
        return None


@dataclass(frozen=True, slots=True)
class UndoTimer:
    """The device's own way back: what it is called, and what it costs.

    ``unit_s``: the device counts in steps of so many seconds; a wish is rounded up to it.
    ``reboots``: going back restarts the device. ``source``: clause of the vendor reference.
    """

    name: str
    unit_s: int
    reboots: bool
    source: str


class Transaction(Protocol):
    """One change on one open session, from the first line until it is kept or gone.

    The engine calls ``arm``, ``push`` and ``activate`` on the session that changes, and ``keep`` on a new
    one that has just proved that management still works. After ``undo`` the device is as it was before
    ``arm``; it must work from either session, and from the new one alone when the old one is dead.
    Without a timer it may meet lines that were never pushed: an inverse that the device refuses as absent is
    no fault. It may also come after the timer has fired. The engine proves the end by reading the device.
    """

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Start the undo timer; where there is none (``Platform.undo`` is None), do what makes the inverse safe.

        Raises:
            DeviceError: GW413 when somebody else is editing, GW422 when the device refuses.
        """

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time.

        Raises:
            DeviceError: GW422 at the first refused line, which is named as rendered: without secrets.
        """

    def activate(self, session: Session) -> None:
        """Bring what was pushed into force, where that is a step of its own (a commit under the timer)."""

    def keep(self, session: Session) -> None:
        """Stop the timer and save, so that a power cut keeps the new state; verified on the device."""

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Take everything back now and leave no timer; nothing of the change is saved."""

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return how long the device may take to come back by itself when no session reaches it."""


class Platform(Protocol):
    """One operating system of network devices.

    A platform of L3 switches also has ``removal(observed, part) -> ChangeSet``, which takes our route away
    and nothing else (``request.Removes``).
    """

    name: str  # as in the catalogue's ``platform``
    undo: UndoTimer | None
    refusals: Refusals
    secret_rule: SecretRule

    def connect(self, login: Login) -> BaseConnection:
        """Return an open netmiko connection with strict host keys; must not disturb other admins."""

    def prepare(self, session: Session) -> None:
        """Pager off, width, language: whatever a reading needs, without changing the configuration."""

    def render(self, part: Part) -> str:
        """Return the whole configuration of our part; secrets as ``<secret NAME>``."""

    def observe(self, session: Session, part: Part) -> Observed:
        """Return the device as it is; reads only, and works on a second session while the first is still open."""

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        """Return what leads from what was observed to what ``render`` says; pure.

        Only what is ours is compared: the sections that ``render`` writes, on an L3 switch exactly our
        routes. A line that bears a secret is compared without it, and sent again only when the secret is
        among ``renewed_secrets``.
        """

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return what a configuration text lets through, where it sends and how it encrypts.

        Reads the device's language on its own, not through the renderer: the tests compare it with
        ``meaning_of(part)`` and must turn red when either is wrong.

        Raises:
            DeviceError: GW427 for a line in a section of ours whose meaning it does not know.
        """

    def transaction(self) -> Transaction:
        """Return a new transaction."""


type Secrets = Mapping[str, str]
