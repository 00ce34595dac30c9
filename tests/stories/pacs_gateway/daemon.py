"""The daemon as its unit starts it, as a process of this machine that can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from gatekit.errors import DicomError
from gatekit.pacs_gateway.rest_client import RestClient
from tests.stories.pacs_gateway.database import ADDRESS, PASSWORD

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Daemon:
    """One daemon, restarted at will, its configuration and its log in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.client = RestClient(self.port, timeout_s=10.0)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "daemon.log"
        (folder / "credentials").mkdir()
        (folder / "credentials/database_password").write_text(PASSWORD)
        (folder / "credentials/patient_hash_key").write_text("key of this story")

    @property
    def program(self) -> tuple[str, ...]:
        """Return the module to run with its arguments; it is what gatekit-pacs-gateway runs."""
        return ("gatekit.pacs_gateway.daemon", str(self.folder / "pacs_gateway.json"))

    def lay_down(self, plan: dict[str, Any], changes: dict[str, Any], limits: dict[str, float]) -> None:
        """Write the configuration: a plan's part as JSON on this machine, with what a story needs otherwise."""
        in_twelve_hours = datetime.now(ZoneInfo(plan["time_zone"])) + timedelta(hours=12)
        here = {"port": self.port, "storage_folder": str(self.folder), "minimum_free_gb": 0}
        no_sweep_now = {"sweep_at": f"{in_twelve_hours:%H:%M}"}
        document = {"gateway": plan | here | no_sweep_now | changes, "database_host": ADDRESS, "limits": limits}
        (self.folder / "pacs_gateway.json").write_text(json.dumps(document))

    def start(self, *, ready: bool = True) -> None:
        environment = os.environ | {"CREDENTIALS_DIRECTORY": str(self.folder / "credentials")}
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", *self.program]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        if ready:
            self.wait_until(self.is_ready, 20)

    def kill(self) -> None:
        """Kill -9, wherever the daemon is."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(40)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def is_ready(self) -> bool:
        try:
            return bool(self.client.call("GET", "/health", accepted=(200, 503))["ready"])
        except DicomError:
            return False

    def ask_for(self, patient: str, **wish: Any) -> dict[str, Any]:
        asked: dict[str, Any] = self.client.call("POST", f"/patients/{patient}/sync", wish)["requests"][0]
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

    @staticmethod
    def wait_until(true: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"not within {seconds} s"
            time.sleep(0.1)
