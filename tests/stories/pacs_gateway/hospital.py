"""A PACS and an archive in a process of their own, that outlive the daemon and count what is sent.

Each connection asks in lines of JSON. A C-MOVE runs in a thread of its own to its end, whoever hangs up: that is
what a PACS may do when its peer dies. Sending an instance takes some milliseconds, so that a kill meets moves half
done. Run: ``python -m tests.stories.pacs_gateway.hospital PORT PATIENTS STUDIES INSTANCES SEND_S``.
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import Ask, Level, Move, Patient, Side

NOBODY = Patient("nobody")
DAY = date(2026, 11, 1)
SLOW_EACH = 50
"""Every 50th patient's images come 200 times slower: their moves outlive the restart of the daemon."""


def patient_id(number: int) -> str:
    return f"{number:08}"


class Hospital:
    """All patients; ``sent`` counts every instance that left the PACS."""

    def __init__(self, patients: int, studies: int, instances: int, send_s: float) -> None:
        self.send_s = send_s
        self.pacs = {patient_id(number): _peer(number, studies, instances) for number in range(patients)}
        self.archive = {name: MemoryPeer(set()) for name in self.pacs}
        self.sent: Counter[tuple[str, str]] = Counter()
        self.moves = 0
        self.lock = threading.Lock()

    def answer(self, asked: dict[str, Any]) -> Any:
        if asked.get("patient") not in (None, *self.pacs):
            return {"unknown": asked["patient"]}
        if asked["verb"] == "find":
            side = self.pacs if asked["side"] == Side.PACS else self.archive
            ask = Ask(Side(asked["side"]), Level(asked["level"]), tuple(asked["studies"]), tuple(asked["series"]))
            with self.lock:
                return [_row(row) for row in side[asked["patient"]].find(NOBODY, ask)]
        if asked["verb"] == "move":
            mover = threading.Thread(target=self.move, args=(asked["patient"], asked))
            mover.start()
            mover.join()
            return "sent"
        with self.lock:
            held = sum(len(peer.instances) for peer in self.archive.values())
            twice = sum(count > 1 for count in self.sent.values())
            return {"sent": self.sent.total(), "held": held, "twice": twice, "moves": self.moves}

    def move(self, patient: str, asked: dict[str, Any]) -> None:
        wanted = Move(Level(asked["level"]), asked["study"], tuple(asked["series"]), tuple(asked["instances"]))
        with self.lock:
            self.moves += 1
            selected = sorted(self.pacs[patient].selected(wanted))
        slow = 200 if int(patient) % SLOW_EACH == SLOW_EACH - 1 else 1
        for instance in selected:
            time.sleep(self.send_s * slow)
            with self.lock:
                self.sent[patient, instance.instance] += 1
                self.archive[patient].instances.add(instance)


def _peer(number: int, studies: int, instances: int) -> MemoryPeer:
    return MemoryPeer(
        {
            Instance(f"1.{number}.{study}", f"1.{number}.{study}.1", f"1.{number}.{study}.1.{one}", "CT", DAY)
            for study in range(studies)
            for one in range(instances)
        }
    )


def _row(row: Any) -> dict[str, Any]:
    told = asdict(row)
    if told.get("study_date"):
        told["study_date"] = told["study_date"].isoformat()
    return told


def main(port: int, patients: int, studies: int, instances: int, send_s: float) -> None:
    hospital = Hospital(patients, studies, instances, send_s)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError):  # the daemon was killed; what it asked for goes on
                for line in self.rfile:
                    self.wfile.write(json.dumps(hospital.answer(json.loads(line))).encode() + b"\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", port), Talk) as server:
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:5]), float(sys.argv[5]))
