"""What one row of the safety suite says, and a box behind its port with the engine that changes it.

A row stands in its platform's own folder: ``safety.py`` there has ``ROWS``, one for each of its parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.access import secrets_named
from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ChangeSet, Observed, Outcome
from gatekit.devices.change.platform import Login, Platform
from gatekit.devices.change.record import DeviceRecord, confirmed
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.way_back import Pace
from gatekit.devices.platforms import platform_names
from gatekit.plan.network_device import Part
from gatekit.simulators import Simulator

KEY = "fingerprint-key-of-the-vault"
SPARE = "Spare-word-that-nobody-may-see-5"  # a secret that only a refused line bears
PACE = Pace(retry_s=0.05, login_s=0.3, back_s=0.5)
LIMIT_S = 30.0
AT_ONCE = 12  # nearly all of a change is waiting for the line

type Act = Callable[[Any], object]
"""Done to a box on its own thread, past every session: what a colleague at its console does."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines that end our way in: for new logins, and when ``ends_sessions`` for the open ones too."""

    lines: tuple[str, ...]
    ends_sessions: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One platform's part. ``make_box``: as planned but for one thing, all saved; its argument is the clock's speed.

    ``state``: what has to be as before. ``refused``: a line that the box does not take. ``edits``, ``saves``: what
    a colleague changes and leaves unsaved, or saves. ``undo_after_s``, in device seconds, is long enough that no
    timer runs out by itself while the box's clock runs ``speed`` times as fast as ours. ``unseen``: what no text may
    show beside the secrets.
    """

    platform: Platform
    part: Part
    make_box: Callable[[float], Any]
    state: Callable[[Any], tuple[object, ...]]
    cuts: Mapping[str, Cut]
    refused: str
    edits: Act
    saves: Act
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    undo_after_s: int = 60
    speed: float = 2.0
    unseen: tuple[str, ...] = ()


@cache
def rows() -> dict[str, Row]:
    """Return every platform's rows; a platform without a file is missing loudly."""
    found: dict[str, Row] = {}
    for platform in platform_names():
        found.update(import_module(f"tests.unit.gatekit.devices.{platform}.safety").ROWS)
    return found


class Adds:
    """A platform whose changes have lines of a test's own before or behind those that the plan wants."""

    def __init__(self, platform: Platform, *, before: tuple[str, ...] = (), behind: tuple[str, ...] = ()) -> None:
        self._platform, self._before, self._behind = platform, before, behind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    def change_set(self, observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
        found = self._platform.change_set(observed, part, renewed_secrets=renewed_secrets)
        lines = (*self._before, *found.forward, *self._behind)
        return found if found.empty else found.model_copy(update={"forward": lines})


class Bench:
    """A row's box behind a real SSH port. ``said``: the engine's progress; ``when``: what to do at one of its words."""

    def __init__(self, row: Row, box: Any, simulator: Simulator, folder: Path) -> None:
        self.row, self.box, self.simulator = row, box, simulator
        self.record = DeviceRecord(folder, "device", KEY)
        self.said: list[str] = []
        self.when: dict[str, Callable[[], object]] = {}
        self.before = self.state()

    def remember(self) -> None:
        """As after a first run: the record knows which secrets the box has."""
        text = self.row.platform.render(self.row.part)
        applied = {name: self.row.secrets[name] for name in secrets_named(text)}
        self.record.confirm(confirmed(self.row.part, text, "", plan_sha256="0" * 64), applied)

    def state(self) -> tuple[object, ...]:
        return self.simulator.run(lambda: self.row.state(self.box))

    def do(self, act: Act) -> None:
        self.simulator.run(lambda: act(self.box))

    def change(self, platform: Any = None, **conditions: Any) -> Outcome:
        request = change_request(self.row, self.simulator.login(), platform or self.row.platform, **conditions)
        return change_device(request, self.record, self._hear)

    def skip_s(self, seconds: float) -> None:
        """Let the box's own time pass at once: what falls due in it happens now."""
        self.simulator.run(lambda: self.box.clock.skip(seconds))

    def power_cycle(self) -> None:
        self.simulator.power_cycle(1.0)
        self.until_powered()

    def until_powered(self) -> None:
        wait_until(lambda: self.simulator.run(lambda: self.box.powered))

    def _hear(self, said: str) -> None:
        self.said.append(said)
        for word, act in self.when.items():
            if word in said:
                act()


def change_request(row: Row, login: Login, platform: Any, **conditions: Any) -> ChangeRequest:
    """Return the request for what the row's plan wants."""
    wanted: dict[str, Any] = {
        "platform": platform,
        "login": login,
        "part": row.part,
        "secrets": {**row.secrets, "spare_word": SPARE},
        "plan_sha256": "0" * 64,
        "undo_after_s": row.undo_after_s,
        "interruption_allowed": True,
        "pace": PACE,
        **conditions,
    }
    return ChangeRequest(**wanted)


@contextmanager
def bench(name: str, folder: Path, speed: float | None = None) -> Iterator[Bench]:
    """Open a row's box, which has the secrets already; ``speed`` of its clock, the row's where none is given."""
    row = rows()[name]
    box = row.make_box(row.speed if speed is None else speed)
    with Simulator(box) as simulator:
        opened = Bench(row, box, simulator, folder)
        opened.remember()
        yield opened


def side_by_side(subtests: pytest.Subtests, cases: Iterable[tuple[str, ...]], act: Callable[..., None]) -> None:
    """Act on every case, many at a time; each is a test of its own in the report."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way = [(case, pool.submit(act, *case)) for case in cases]
    for case, one in under_way:
        with subtests.test(" - ".join(case)):
            one.result()


def wait_until(is_so: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    ends_at = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.02)
