"""One RTX as it is found. Reads only."""

from __future__ import annotations

import hashlib
import re

from gatekit.devices.change.model import Observed
from gatekit.devices.change.session import Session
from gatekit.devices.yamaha_rtx.configuration import armed, columns_of, comparable, unfolded
from gatekit.devices.yamaha_rtx.connection import show
from gatekit.errors import DeviceError

SAVED = "show config 0"  # the file it boots from, unless somebody chose another
_MODEL = re.compile(r"^# (\S+) (Rev\.\S+)", re.MULTILINE)


def observe(session: Session) -> Observed:
    """Return running and saved configuration, comparable, and whose timer runs.

    Raises:
        DeviceError: GW423 when it does not introduce itself as a Yamaha router, GW402 when it does not answer.
    """
    shown, saved = both(session)
    said = _MODEL.search(shown)
    if said is None:
        fix = "Check the product in the site file, and that the account may become administrator."
        raise DeviceError("GW423", f"{session.device}.model", "no Yamaha header in show config", fix)
    running = comparable(shown)
    return Observed(
        running=running,
        startup=comparable(saved),
        fingerprint=hashlib.sha256(running.encode()).hexdigest(),
        open_edit=armed(shown),
        version=said.group(2),
        model=said.group(1),
    )


def running(session: Session) -> str:
    """Return the running configuration, unfolded, with its header."""
    shown = show(session, "show config")
    return unfolded(shown, columns_of(shown))


def both(session: Session) -> tuple[str, str]:
    """Return the running and the saved configuration; the running one says where the console folds both."""
    shown = show(session, "show config")
    columns = columns_of(shown)
    return unfolded(shown, columns), unfolded(show(session, SAVED), columns)
