"""Stop everything in order: ``python3 -m gatekit_ups.shutdown SETTINGS.json``, run by gatekit-ups-shutdown.service.

SETTINGS: ``host`` (address, port, user, password_file, ca_file), ``machines`` (name, stop_s, in order), ``order_s``
(for the orders that need no guest), ``ups`` (name, port, user, password_file), ``journal``. Passwords are read from
files of root's alone and appear nowhere.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from .esxi_host import EsxiHost, Login
from .journal import Clock, Journal
from .nut_server import Account, UpsError, arm
from .sequence import Machine, Sequence


class SystemClock:
    """The node's own clock."""

    def now_s(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def date(self) -> str:
        """Return the time of day in UTC."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def shut_down(settings: dict[str, Any], clock: Clock) -> None:
    """Stop the machines, arm the UPS, stop the host; return in every case."""
    journal = Journal(Path(settings["journal"]), clock)
    journal.note("shutdown", "begins; there is no way back")
    host = settings["host"]
    login = Login(host["address"], host["port"], host["user"], _secret(host), host["ca_file"])
    sequence = Sequence(lambda: EsxiHost(login), journal, clock, settings["order_s"])
    sequence.stop_machines(tuple(Machine(**row) for row in settings["machines"]))
    _arm(settings["ups"], journal)
    sequence.stop_host()
    journal.note("shutdown", "ends; this machine goes last")


def _arm(ups: dict[str, Any], journal: Journal) -> None:
    try:
        arm(ups["port"], ups["name"], Account(ups["user"], _secret(ups)))
        journal.note("ups", "cuts its output after its delay, and gives it back with the mains")
    except UpsError as refused:
        journal.note("ups", f"could not be told to cut its output: {refused}")


def _secret(account: dict[str, Any]) -> str:
    return Path(account["password_file"]).read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    shut_down(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), SystemClock())
