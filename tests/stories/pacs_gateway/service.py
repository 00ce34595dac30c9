"""The daemon as a process that can be killed, and the hospital it asks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from gatekit.errors import DicomError
from gatekit.pacs_gateway.rest_client import RestClient
from gatekit.plan.vm1.model import PacsGatewayPlan
from tests.stories.pacs_gateway.database import ADDRESS, PASSWORD
from tests.stories.pacs_gateway.hospital import patient_id

ROOT = Path(__file__).resolve().parents[3]
GIVEN = json.loads((ROOT / "tests/golden/cases/pattern4/plan.json").read_text())["vm1"]["pacs_gateway"]
MAIN = PacsGatewayPlan.model_validate(GIVEN)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Service:
    """One daemon, restarted at will, its configuration and its log in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.hospital_port = free_port(), free_port()
        self.client = RestClient(self.port, timeout_s=10.0)
        self.daemon: subprocess.Popen[bytes] | None = None
        self.hospital: subprocess.Popen[bytes] | None = None
        self.log = folder / "daemon.log"
        (folder / "credentials").mkdir()
        (folder / "credentials/database_password").write_text(PASSWORD)
        (folder / "credentials/patient_hash_key").write_text("key of this story")
        self.configure()

    def configure(self, *, limits: dict[str, float] | None = None, **changes: Any) -> None:
        """Write the configuration: the example site's, with what this story needs otherwise."""
        source = GIVEN["sources"][0] | {"patient_id": {"digits": 8, "issuer": ""}} | changes.pop("source", {})
        sweep_at = (
            f"{datetime.now(ZoneInfo(MAIN.time_zone)) + timedelta(hours=12):%H:%M}"  # no sweep in the middle of a story
        )
        gateway = GIVEN | {
            "sweep_at": sweep_at,
            "port": self.port,
            "storage_folder": str(self.folder),
            "minimum_free_gb": 0,
            "sources": [source],
        }
        quick = {"settle_s": 0.5, "settle_limit_s": 20.0, "backoff_first_s": 0.2, "archive_full_wait_s": 0.5}
        document = {
            "gateway": gateway | changes,
            "database_host": ADDRESS,
            "limits": quick | (limits or {}),
        }
        (self.folder / "pacs_gateway.json").write_text(json.dumps(document))

    def open_hospital(self, patients: int, studies: int, instances: int, send_s: float) -> None:
        words = [self.hospital_port, patients, studies, instances, send_s]
        command = [sys.executable, "-m", "tests.stories.pacs_gateway.hospital", *(str(word) for word in words)]
        self.hospital = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.hospital.stdout is not None
        assert self.hospital.stdout.readline() == b"ready\n"

    def start(self, *, ready: bool = True) -> None:
        words = [self.folder / "pacs_gateway.json", self.hospital_port]
        command = [sys.executable, "-m", "tests.stories.pacs_gateway.fast_daemon", *(str(word) for word in words)]
        environment = os.environ | {"CREDENTIALS_DIRECTORY": str(self.folder / "credentials")}
        with self.log.open("ab") as log:
            self.daemon = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        if ready:
            self.wait_until(self.is_ready, 20)

    def kill(self) -> None:
        """Kill -9, wherever the daemon is."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def stop(self) -> int:
        assert self.daemon is not None
        self.daemon.terminate()
        return self.daemon.wait(40)

    def end(self) -> None:
        for running in (self.daemon, self.hospital):
            if running is not None and running.poll() is None:
                running.kill()
                running.wait()
            if running is not None and running.stdout is not None:
                running.stdout.close()

    def is_ready(self) -> bool:
        try:
            return bool(self.client.call("GET", "/health", accepted=(200, 503))["ready"])
        except DicomError:
            return False

    def ask(self, number: int, **wish: Any) -> dict[str, Any]:
        asked: dict[str, Any] = self.client.call("POST", f"/patients/{patient_id(number)}/sync", wish)["requests"][0]
        return asked

    def request(self, number: str) -> dict[str, Any]:
        return self.client.call("GET", f"/requests/{number}")

    def states(self) -> dict[str, int]:
        rows = self.client.call("GET", "/requests?limit=1000")["requests"]
        states = [row["state"] for row in rows]
        return {state: states.count(state) for state in sorted(set(states))}

    def metrics(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as reply:
            text: str = reply.read().decode()
        return text

    def sent(self) -> dict[str, int]:
        """Return what the hospital counted: instances sent, held by the archive, and sent more than once."""
        with socket.create_connection(("127.0.0.1", self.hospital_port)) as line:
            line.sendall(b'{"verb": "count"}\n')
            counted: dict[str, int] = json.loads(line.makefile().readline())
        return counted

    @staticmethod
    def wait_until(true: Any, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"not within {seconds} s"
            time.sleep(0.1)
