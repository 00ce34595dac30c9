"""Wait until the server says it is running; the unit's ExecStartPost, so that "started" means exactly that.

python3 -m wildfly_start.wildfly.running PORT USER PASSWORD_FILE TIMEOUT_S

systemd gives the server's process as MAINPID; when that is gone nobody will ever answer, and waiting ends at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from ..errors import NodeError
from .management import Endpoint, Management

__all__ = ["main"]

UP = ("running", "reload-required", "restart-required")


def main(words: list[str]) -> int:
    """Return 0 when it runs, 1 with the reason on standard error when it ended or does not run in time."""
    port, user, file, timeout_s = words
    password = Path(file).read_text(encoding="utf-8").strip()
    server = int(os.environ.get("MAINPID", "0"))

    def sleep_while_it_lives(seconds: float) -> None:
        if server and not _lives(server):
            raise NodeError("GW420", "wildfly.process", "it ended", "Read journalctl -u wildfly.")
        time.sleep(seconds)

    try:
        endpoint = Endpoint(int(port), user, password)
        with contextlib.closing(Management(endpoint, timeout_s=10, sleep=sleep_while_it_lives)) as management:
            management.wait_until(UP, float(timeout_s))
    except NodeError as err:
        print(err, file=sys.stderr)
        return 1
    return 0


def _lives(process: int) -> bool:
    """Return whether the process is there; it belongs to another account, so being refused means yes."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
