"""One server: observed with one question, changed with composite operations, proved by asking again."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..commands import run
from ..errors import NodeError
from ..secrets import scrub
from .addresses import found_at
from .change_set import Deployed, Observation, ServerChange
from .composite import composites
from .management import Management, Refused, operation
from .wish import Wish

__all__ = ["apply", "missing_files", "observe"]

READY = ("running", "reload-required", "restart-required")
_BLOCK = 1 << 20
_RELOAD_BEGINS_S = 30


def observe(management: Management, wish: Wish, *, start_timeout_s: float, predict: bool) -> Observation:
    """Return the server as it is, after waiting for one that is still starting: it would show half a model.

    ``predict``: in check mode a server that does not answer is one that comes first, an empty one.

    Raises:
        NodeError: GW401, GW402 as ``Management.ask``; GW420 when it does not finish its start.
    """
    steps = [
        operation("read-attribute", name="server-state"),
        operation("read-resource", recursive=True),
        operation("read-children-resources", child_type="deployment", include_runtime=True),
    ]
    reading = operation("composite", steps=steps)
    try:
        said = _answered(management, reading)
    except NodeError as err:
        if err.code not in ("GW402", "GW410"):
            raise
        if predict and err.code == "GW402":
            return Observation()
        said = {}
    if not said or said["step-1"]["result"] not in READY:
        management.wait_until(READY, start_timeout_s)
        said = _answered(management, reading)
    state, model, deployments = (said[f"step-{number}"]["result"] for number in (1, 2, 3))
    aliases: list[str] = []
    if found_at(model, wish.credential_store) is not None and wish.secrets:
        aliases = _answered(management, operation("read-aliases", wish.credential_store))
    return Observation(model, state, {n: _deployed(row) for n, row in deployments.items()}, frozenset(aliases))


def _answered(management: Management, asked: dict[str, Any]) -> Any:
    try:
        return management.ask(asked)
    except Refused as err:
        fix = "The server would not be read; look into its log: journalctl -u wildfly."
        raise NodeError("GW410", "wildfly.management", str(err), fix) from err


def _deployed(row: Mapping[str, Any]) -> Deployed:
    content = (row.get("content") or [{}])[0]
    packed = content.get("hash", {}).get("BYTES_VALUE", "")
    return Deployed(base64.b64decode(packed).hex(), str(row.get("status") or "STOPPED"), row.get("enabled") is True)


def missing_files(change: ServerChange) -> tuple[str, ...]:
    """Return the sha256 of every archive that is needed and is not on the node."""
    return tuple(row.sha256 for row in change.uploads if not Path(row.file).is_file())


def apply(
    management: Management, change: ServerChange, secrets: Mapping[str, str], *, unit: str, start_timeout_s: float
) -> None:
    """Do the change, and reload or restart the server whenever it asks for that.

    Raises:
        NodeError: GW142 an archive with another sha256, GW406 the server refused and undid the operation,
            GW420 it did not come back.
    """
    sha1_of = {row.name: _checked_sha1(row.name, row.file, row.sha256) for row in change.uploads}
    if change.needs_operation:
        try:
            aliases = _added_store(management, change)
            for asked in composites(change, secrets, sha1_of, aliases):
                management.ask(asked)
                _settle(management, unit, start_timeout_s)
        except Refused as err:
            # It undoes its configuration, but not every service it stopped on the way [ran: metrics, 38.0.1.Final].
            _reload(management, start_timeout_s)
            fix = "The server undid the operation and was reloaded. Correct what it names, then run again."
            raise NodeError("GW406", "wildfly.composite", scrub(str(err), secrets), fix) from err
    _settle(management, unit, start_timeout_s)


def _settle(management: Management, unit: str, timeout_s: float) -> None:
    """Reload or restart the server when it asks for that, and wait until it runs."""
    state = management.wait_until(READY, timeout_s)
    if state == "reload-required":
        _reload(management, timeout_s)
    elif state == "restart-required":
        restart_unit(unit, timeout_s)
        management.wait_until(("running",), timeout_s)


def _added_store(management: Management, change: ServerChange) -> list[str]:
    """Add the credential store and return what its file already holds, from an operation that was undone."""
    if change.store is None:
        return []
    management.ask(change.store)
    held: list[str] = management.ask({"operation": "read-aliases", "address": change.store["address"]})
    return held


def _reload(management: Management, timeout_s: float) -> None:
    """Reload and wait for the server that comes up, not for the one that still answers."""
    try:
        management.ask(operation("reload"))
    except NodeError as err:
        if err.code != "GW402":  # the answer may be cut off by the reload itself
            raise
    management.wait_until(("", "stopping", "starting"), _RELOAD_BEGINS_S)
    management.wait_until(("running",), timeout_s)


def restart_unit(unit: str, timeout_s: float) -> None:
    """Restart the unit, which a few attributes ask for.

    Raises:
        NodeError: GW420 with systemd's words.
    """
    outcome = run(["systemctl", "restart", "--", unit], timeout_s=timeout_s)
    if outcome.status != 0:
        raise NodeError("GW420", f"units.{unit}", outcome.reason, f"Read its journal: journalctl -u {unit}.")


def _checked_sha1(name: str, file: str, sha256: str) -> str:
    """Return the sha1 by which the server names the content, read in one go with the sha256 that proves it."""
    wanted, named = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    with open(file, "rb") as stream:
        while block := stream.read(_BLOCK):
            wanted.update(block)
            named.update(block)
    if wanted.hexdigest() != sha256:
        fix = f"It is not the file of sha256 {sha256}; bring that one. Nothing was changed."
        raise NodeError("GW142", f"wildfly.deployments.{name}", wanted.hexdigest(), fix)
    return named.hexdigest()
