"""A Linux CPE in hand: which unit it is, whose tunnel it was given, and forgetting all of it.

Such a unit carries no serial number that a program could read: it is labelled when it is commissioned, with the
number that stands on it. ``root`` is / on the node.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .commands import available, run
from .errors import NodeError

__all__ = ["Found", "examine", "label", "refuse_another", "refuse_in_use", "refuse_labelled", "wipe"]

LABEL = "etc/gatekit/serial-number"
CONNECTIONS = "etc/swanctl/conf.d"
KEPT = ("etc/gatekit", "var/lib/gatekit", "run/gatekit")
"""Our own folders: the label, records, copies that an undo timer kept."""
OURS_ALONE = ("gatekit-", "strongswan", "ulogd")
"""Beginnings of the units that nothing else on such a unit needs."""
_LOCAL_IDENTITY = re.compile(r"\blocal\s*\{[^}]*?\bid\s*=\s*(?:fqdn:)?([^\s}]+)")
_OTHER_UNIT = "Connect the unit whose serial number the site file has, or put this one's into the site file."
_FOREIGN = (
    "Make sure that nobody needs what is on it; then wipe it (playbooks/cpe_wipe.yml), or agree to replacing it by "
    "naming its serial number (unit_erase_serial)."
)
_TUNNEL_UP = "This unit carries a tunnel now. Take its line off, make sure that it is the right one, and run again."


@dataclass(frozen=True, slots=True)
class Found:
    """What a unit is: its label, the identities of its tunnels, and which of our files are on it."""

    serial: str
    identities: tuple[str, ...]
    files: tuple[str, ...]

    def condition(self, identity: str) -> str:
        """Return ``factory``, ``ours`` or ``foreign``: whose tunnel the unit has."""
        if not self.identities:
            return "ours" if self.files else "factory"
        return "ours" if set(self.identities) == {identity} else "foreign"


def examine(root: Path, paths: Iterable[str]) -> Found:
    """Return what is on the unit; ``paths``: the files that our role lays down."""
    folder = root / CONNECTIONS
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.conf"))]
    written = root / LABEL
    return Found(
        serial=written.read_text(encoding="ascii").strip() if written.is_file() else "",
        identities=tuple(sorted({name for text in texts for name in _LOCAL_IDENTITY.findall(text)})),
        files=tuple(path for path in paths if (root / path.lstrip("/")).exists()),
    )


def refuse_another(found: Found, serial: str, identity: str, *, erase_serial: str) -> None:
    """Return when this is the unit that is meant and nobody else's tunnel is on it.

    Raises:
        NodeError: GW409 for another label, or another site's tunnel whose end nobody agreed to.
    """
    if found.serial not in {"", serial}:
        raise NodeError("GW409", "cpe.serial", f"serial number {found.serial}, not {serial}", _OTHER_UNIT)
    if found.condition(identity) == "foreign" and erase_serial != serial:
        raise NodeError("GW409", "cpe.configuration", f"tunnel of {', '.join(found.identities)}", _FOREIGN)


def refuse_labelled(found: Found, serial: str) -> None:
    """Return when the unit bears exactly this label; GW409 for another, or for a unit in use that bears none."""
    if found.serial != serial:
        value = f"serial number {found.serial or '(no label)'}, not {serial}"
        raise NodeError("GW409", "cpe.serial", value, _OTHER_UNIT)


def refuse_in_use() -> None:
    """Return when no tunnel is up; GW408 otherwise. A unit without strongSwan, or with it stopped, has none."""
    if not available("swanctl"):
        return
    said = run(["swanctl", "--list-sas"])
    if said.status == 0 and said.output.strip():
        raise NodeError("GW408", "cpe.tunnel", "up", _TUNNEL_UP)


def label(root: Path, serial: str) -> bool:
    """Write the unit's label; return whether it was not there."""
    path = root / LABEL
    if path.is_file() and path.read_text(encoding="ascii").strip() == serial:
        return False
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    path.write_text(f"{serial}\n", encoding="ascii")
    return True


def wipe(root: Path, paths: Iterable[str], units: Iterable[str], table: str) -> tuple[str, ...]:
    """Forget everything that the site gave the unit; return what was removed.

    Our units stop first, so that nothing writes its files again; the log goes with them.

    Raises:
        NodeError: GW420 when a unit does not stop, GW418 when a file cannot be removed.
    """
    for unit in units:
        if unit.startswith(OURS_ALONE):
            _systemctl("disable", "--now", unit)
    if available("nft") and run(["nft", "list", "table", *table.split()]).status == 0:
        run(["nft", "delete", "table", *table.split()])
    connections = [str(path.relative_to(root)) for path in sorted((root / CONNECTIONS).glob("*.conf"))]
    named = dict.fromkeys((*(path.lstrip("/") for path in paths), *connections, *KEPT))
    gone = [path for path in named if _remove(root / path)]
    _systemctl("daemon-reload")
    if available("journalctl"):
        run(["journalctl", "--rotate", "--vacuum-time=1s"])
    return tuple(gone)


def _remove(path: Path) -> bool:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        else:
            return False
    except OSError as error:
        raise NodeError("GW418", str(path), type(error).__name__, "Remove it by hand, then run again.") from error
    return True


def _systemctl(*words: str) -> None:
    done = run(["systemctl", *words])
    absent = "does not exist" in done.error or "not loaded" in done.error or "not found" in done.error
    if done.status != 0 and not absent:
        raise NodeError("GW420", f"unit.{words[-1]}", done.reason, "Look at `systemctl status` of it, then run again.")
