"""A platform that is the hospital's L3 switch and nothing else: our one route (NW-4; vendor reference 7)."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from typing import Protocol

from netmiko import BaseConnection

from gatekit.devices.change import switch_route
from gatekit.devices.change.meaning import Meaning
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Login, Refusals, UndoTimer
from gatekit.devices.change.secret_rule import SecretRule
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue
from gatekit.devices.change.switch_reading import Reading
from gatekit.devices.change.switch_route import Routing, Spelling
from gatekit.devices.change.switch_transaction import SwitchTransaction
from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePart, Part, SwitchRoutePlan


class RenderedRoute(Protocol):
    """What a product's folder in ``gatekit.render`` says."""

    def route_lines(self, plan: SwitchRoutePlan) -> str:
        """Return our line, ended by a newline."""

    def removal_lines(self, plan: SwitchRoutePlan) -> str:
        """Return the line that takes ours away, ended by a newline."""


class SwitchPlatform(ABC):
    """See ``gatekit.devices.change.platform.Platform``. A product's folder says what is its own.

    ``reading``, ``rendering``: its modules that read a configuration and write our line.
    """

    name: str
    title: str
    undo: UndoTimer | None = None
    refusals: Refusals
    secret_rule = SecretRule()
    dialogue: Dialogue
    reading: Reading
    rendering: RenderedRoute
    negation: str = "no "
    show_running: str = "show running-config"
    show_startup: str = "show startup-config"
    show_routes: str = "show ip route"

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection; nothing but Enter is typed."""
        return self.dialogue.connect(login)

    @abstractmethod
    def prepare(self, session: Session) -> None:
        """Turn the pager off, for this session; GW404."""

    @abstractmethod
    def release(self, session: Session) -> tuple[str, str]:
        """Return version and model; ``unknown`` where the box does not say."""

    def open_edit(self, session: Session, *, is_saved: bool) -> str | None:  # noqa: ARG002 - most boxes do not say
        """Return who has a timer armed, in the device's words; None where nobody has or the box does not say.

        ``is_saved``: running and startup configuration are the same.
        """
        return None

    def spelling(self, plan: SwitchRoutePlan) -> Spelling:
        """Return our line and its removal, as ``render`` writes them."""
        return Spelling(self.rendering.route_lines(plan).strip(), self.rendering.removal_lines(plan).strip())

    def routing(self, configuration: str) -> Routing:
        """Return what a configuration says about ways, read on its own."""
        return self.reading.routing(configuration)

    def running(self, session: Session) -> str:
        """Return the running configuration, comparable."""
        return self.reading.settled(self.dialogue.shown(session, self.show_running))

    def startup(self, session: Session) -> str:
        """Return the saved configuration, comparable with it."""
        return self.reading.settled(self.dialogue.shown(session, self.show_startup))

    def render(self, part: Part) -> str:
        """Return our one line."""
        return f"{self.spelling(self._switch(part)).line}\n"

    def observe(self, session: Session, part: Part) -> Observed:
        """Return the switch as it is; GW421 when it has learnt a way into our network from somewhere else."""
        plan = self._switch(part)
        self.dialogue.stop_configuring(session)
        running, startup = self.running(session), self.startup(session)
        switch_route.refuse_learnt(self.reading.learnt(self.dialogue.shown(session, self.show_routes)), plan)
        version, model = self.release(session)
        return Observed(
            running=running,
            startup=startup,
            fingerprint=hashlib.sha256(running.encode()).hexdigest(),
            open_edit=self.open_edit(session, is_saved=running == startup),
            version=version,
            model=model,
        )

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:  # noqa: ARG002 - no secret of ours is on it
        """Return what puts our line there; GW421, GW425 where it would be wrong."""
        plan = self._switch(part)
        return switch_route.change_set(self.routing(observed.running), plan, self.spelling(plan))

    def removal(self, observed: Observed, part: Part) -> ChangeSet:
        """Return what takes our line away again."""
        plan = self._switch(part)
        return switch_route.removal(self.routing(observed.running), plan, self.spelling(plan))

    def meaning(self, configuration: str, part: Part) -> Meaning:
        """Return where our network leads; GW427."""
        return switch_route.meaning(self.routing(configuration), self._switch(part))

    def transaction(self) -> SwitchTransaction:
        """Return a new transaction."""
        return SwitchTransaction(self)

    def _switch(self, part: Part) -> SwitchRoutePlan:
        if isinstance(part, SwitchRoutePlan):
            return part
        plan = part.plan if isinstance(part, CpePart) else part
        fix = f"Choose a product of this role; {self.title} is an L3 switch here."
        raise RenderError("GW302", f"{plan.name}.product", plan.product, fix)


def found_in(text: str, form: str) -> str:
    """Return the first group of a form in a text, or ``unknown``."""
    match = re.search(form, text, re.MULTILINE)
    return match[1] if match else "unknown"
