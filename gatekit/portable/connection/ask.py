"""Ask every linked system at the same time, each within its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from . import dicom, mllp, own_listener, sftp, smb, sql, web
from .dialogue import Asked, Dialogue, Ended

PROTOCOLS: dict[str, Callable[[Dialogue, Asked], None]] = {
    "dicom": dicom.ask,
    "hl7_mllp": mllp.ask,
    "http": web.ask_http,
    "https": web.ask_https,
    "own_listener": own_listener.ask,
    "sftp": sftp.ask,
    "smb": smb.ask,
    "sql": sql.ask,
}
THREADS = 16


def ask_all(systems: Iterable[Asked], timeout_s: float) -> dict[str, list[dict[str, object]]]:
    """Return, for each system, its steps: name, outcome, facts, at (UTC), duration_ms."""
    asked = tuple(systems)
    with ThreadPoolExecutor(THREADS) as threads:
        steps = threads.map(lambda system: _ask(system, timeout_s), asked)
        return {system.name: found for system, found in zip(asked, steps, strict=True)}


def _ask(asked: Asked, timeout_s: float) -> list[dict[str, object]]:
    dialogue = Dialogue(timeout_s)
    with suppress(Ended):  # its last step says why
        PROTOCOLS[asked.protocol](dialogue, asked)
    return dialogue.steps
