"""The queue is durable: killed -9 again and again between real peers, the service loses and doubles nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stories.dicom.lab import ARCHIVE, DICOM_PORT, GATEWAY, Lab, plan, source
from tests.stories.dicom.studies import slices
from tests.stories.pacs_gateway.daemon import Daemon
from tests.stories.pacs_gateway.database import Database
from tests.stories.pacs_gateway.line import Line

PATIENTS, STUDIES, KILLS = 500, 4, 10
ONES = tuple(one for number in range(PATIENTS) for one in slices(f"P{number:03}", STUDIES, 1, 1))
LINE_PORT = 11113
STALL_S = 2.0
THREADS = {"DicomThreadsCount": 16}
"""With 4 each, all in stalled moves, neither peer would answer the daemon before those have ended."""
LIMITS: dict[str, float] = {}
"""The daemon's own, as in production."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: how far the run was, and what was begun before it and not in the archive when the daemon was back."""

    at_s: float
    done: int
    on_their_way: frozenset[str]


@dataclass
class Hospital:
    """The daemon as VM1 runs it, with the archive on its own loopback, and a PACS whose line can stall."""

    lab: Lab
    line: Line
    daemon: Daemon
    database: Database

    def rows(self, query: str) -> list[Any]:
        with self.database.connect() as connection:
            return connection.execute(query).fetchall()

    def moved(self) -> int:
        """Return the studies whose C-MOVE has ended."""
        [(count,)] = self.rows("SELECT count(DISTINCT study) FROM move WHERE ended_at IS NOT NULL")
        return int(count)

    def kill(self, stalled_s: float) -> Kill:
        """Kill -9 and start again; what the PACS is sending then arrives some seconds after the daemon is back."""
        self.line.stall()
        time.sleep(stalled_s)
        self.daemon.kill()
        at_s, done = time.monotonic(), self.moved()
        begun = [study for (study,) in self.rows("SELECT study FROM move WHERE ended_at IS NULL")]
        self.daemon.start()
        time.sleep(STALL_S)
        on_their_way = frozenset(study for study in begun if not self.lab.archive.holds(study))
        self.line.flow()
        return Kill(at_s, done, on_their_way)


@pytest.fixture
def hospital(database: Database, tmp_path: Path) -> Iterator[Hospital]:
    lab = Lab("orthanc", pacs=THREADS, archive=THREADS, archive_reached_at=(GATEWAY, LINE_PORT))
    daemon, archive = Daemon(tmp_path), (ARCHIVE, DICOM_PORT)
    try:
        lab.up()
        with Line((GATEWAY, LINE_PORT), archive) as line, Line(("127.0.0.1", 0), archive) as own:
            gateway = plan(archive_port=own.port, sources=(source(parallel_moves=4),))
            daemon.lay_down(gateway.model_dump(mode="json"), {}, LIMITS)
            try:
                yield Hospital(lab, line, daemon, database)
            finally:
                daemon.end()
    finally:
        lab.close()


def moments() -> list[tuple[int, float, float]]:
    """Return one moment in each tenth of the run: so many studies moved, so many seconds later, so long in a stall.

    Every other kill falls into a stall that has begun already, when each worker waits for the end of a C-MOVE.
    """
    chance, tenth = random.Random(4), PATIENTS * STUDIES // KILLS  # noqa: S311 - moments, not secrets
    places = ((number * tenth + chance.randrange(tenth), chance.uniform(0, 0.3)) for number in range(KILLS))
    return [(*place, 0.3 * (number % 2)) for number, place in enumerate(places)]


def test_in_3_ten_kills_lose_no_request_and_move_nothing_twice(hospital: Hospital) -> None:
    hospital.lab.acquire(ONES)
    daemon, lab = hospital.daemon, hospital.lab
    daemon.start()
    asked = {daemon.ask_for(patient)["id"] for patient in sorted({one.patient_id for one in ONES})}
    asked_s, kills = time.monotonic(), []
    for after, later_s, stalled_s in moments():
        daemon.wait_until(lambda after=after: hospital.moved() >= after, 180)
        time.sleep(later_s)
        kills.append(hospital.kill(stalled_s))
    daemon.wait_until(lambda: daemon.states() == {"done": PATIENTS}, 300)

    told = daemon.client.call("GET", "/requests?limit=1000")["requests"]
    assert {row["id"] for row in told} == asked
    records = dict(hospital.rows("SELECT study, count(*) FROM move GROUP BY study"))
    outlived = {study for kill in kills for study in kill.on_their_way if records[study] == 1}
    moves, left, sent, stores = lab.pacs.moves(), lab.pacs.moves_left(), lab.pacs.sent(), lab.archive.stores()
    for kill in kills:
        print(f"killed {kill.at_s - asked_s:.1f} s after the last request: {kill.done} studies moved,", end=" ")
        print(f"{len(kill.on_their_way)} on their way")
    print(f"PACS: {moves} C-MOVEs, {left} left with nothing sent, {sent} C-STOREs; archive: {stores} C-STOREs")
    print(f"{len(outlived)} moves outlived their daemon")  # evidence, as the lines before
    assert lab.archive.instances() == {one.instance_uid for one in ONES}
    assert (sent, stores) == (len(ONES), len(ONES)), "each instance went its way once"
    assert left <= moves - sent <= sum(len(kill.on_their_way) for kill in kills), "a kill alone leaves a C-MOVE empty"
    assert hospital.rows("SELECT count(*) FROM move WHERE ended_at IS NULL") == [(0,)]
    assert moves <= sum(records.values())
    assert outlived, "no move outlived its daemon: the story proved nothing"
