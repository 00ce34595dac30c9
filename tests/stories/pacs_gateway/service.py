"""The daemon between a PACS and an archive that are a fake: one process, whose timing a story can choose."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from gatekit.plan.vm1.model import PacsGatewayPlan
from tests.stories.pacs_gateway.daemon import ROOT, Daemon, free_port
from tests.stories.pacs_gateway.hospital import patient_id

GIVEN = json.loads((ROOT / "tests/golden/cases/pattern4/plan.json").read_text())["vm1"]["pacs_gateway"]
MAIN = PacsGatewayPlan.model_validate(GIVEN)
QUICK = {"settle_s": 0.5, "settle_limit_s": 20.0, "backoff_first_s": 0.2, "archive_full_wait_s": 0.5}


class Service(Daemon):
    """The daemon and the hospital it asks, on loopback."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.hospital_port = free_port()
        self.hospital: subprocess.Popen[bytes] | None = None
        self.configure()

    @property
    def program(self) -> tuple[str, ...]:
        configuration = self.folder / "pacs_gateway.json"
        return ("tests.stories.pacs_gateway.fast_daemon", str(configuration), str(self.hospital_port))

    def configure(self, *, limits: dict[str, float] | None = None, **changes: Any) -> None:
        """Write the configuration: the example site's, with what this story needs otherwise."""
        source = GIVEN["sources"][0] | {"patient_id": {"digits": 8, "issuer": ""}} | changes.pop("source", {})
        self.lay_down(GIVEN, {"sources": [source]} | changes, QUICK | (limits or {}))

    def open_hospital(self, patients: int, studies: int, instances: int, send_s: float) -> None:
        words = [self.hospital_port, patients, studies, instances, send_s]
        command = [sys.executable, "-m", "tests.stories.pacs_gateway.hospital", *(str(word) for word in words)]
        self.hospital = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.hospital.stdout is not None
        assert self.hospital.stdout.readline() == b"ready\n"

    def end(self) -> None:
        super().end()
        if self.hospital is not None:
            self.hospital.kill()
            self.hospital.wait()
            assert self.hospital.stdout is not None
            self.hospital.stdout.close()

    def ask(self, number: int, **wish: Any) -> dict[str, Any]:
        return self.ask_for(patient_id(number), **wish)

    def sent(self) -> dict[str, int]:
        """Return what the hospital counted: instances sent, held by the archive, and sent more than once."""
        with socket.create_connection(("127.0.0.1", self.hospital_port)) as line:
            line.sendall(b'{"verb": "count"}\n')
            counted: dict[str, int] = json.loads(line.makefile().readline())
        return counted
