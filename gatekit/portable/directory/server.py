"""slapd's own configuration (cn=config): made before the first start, then kept as an entry like any other."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .. import commands
from ..changes import Change
from ..errors import NodeError
from . import entry_changes, names, passwords, session
from .entry_changes import EntryChange
from .ldif import Change as AttributeChange
from .ldif import Record, parse, write
from .wanted import fold

__all__ = ["Server", "ServerChange", "apply", "plan"]

_BASE = "cn=config"
_PASSWORD = "olcRootPW"  # noqa: S105 - the attribute's name
_START_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Server:
    """Where the configuration stands, what it says, and who may do everything."""

    folder: str
    configuration: str  # LDIF of cn=config, without schema and password
    schemas: tuple[str, ...]  # absolute paths of the distribution's schema files, loaded once
    database: str  # name of the entry that holds the password
    account: str
    unit: str


@dataclass(frozen=True)
class ServerChange(Change):
    """Either the first configuration, written beside its place and renamed, or changes sent to the running server."""

    first: bytes
    sent: EntryChange | None

    @property
    def changed(self) -> bool:
        """Return whether anything has to be written or sent."""
        return bool(self.first) or (self.sent is not None and self.sent.changed)


def plan(server: Server, password: str, *, predict: bool) -> ServerChange:
    """Return the change of the configuration; a stopped server that has one is started, except to predict.

    Raises:
        NodeError: GW402 when the server does not answer, GW104 for malformed LDIF, GW407 for a schema not there.
    """
    records = parse(server.configuration.encode(), "configuration", _no_files)
    if not os.path.isdir(server.folder):
        text = b"" if predict else _first(server, records, password)
        shown = {record.dn: sorted(name for name, _ in record.attributes) for record in records}
        return ServerChange({}, shown, text or b"predicted", None)
    if not session.serves():
        if predict:
            return ServerChange({}, {}, b"", None)  # what a stopped server would answer cannot be asked
        _start(server)
    live = session.search(_BASE)
    change = _with_password(server, password, live, entry_changes.plan(fold([("attributes", records)]), (), live))
    return ServerChange(change.before, change.after, b"", change)


def _no_files(url: str) -> bytes:
    raise NodeError("GW104", "configuration", url, "The configuration refers to no files.")


def _first(server: Server, records: Iterable[Record], password: str) -> bytes:
    """Return the whole first configuration: schema in its place, the password where it belongs."""
    text = []
    for record in records:
        if names.key(record.dn) == names.key(server.database):
            whole = (*record.attributes, (_PASSWORD, (passwords.stored(password),)))
            text.append(_as_entry(replace(record, attributes=whole)))
        else:
            text.append(_as_entry(record))
        if names.key(record.dn) == "cn=schema,cn=config":
            text += [_schema(path) for path in server.schemas]
    return b"\n".join(text)


def _as_entry(record: Record) -> bytes:
    return write([record]).replace(b"changetype: add\n", b"", 1)


def _schema(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as err:
        raise NodeError("GW407", "schemas", path, "Install the package that brings it first: slapd.") from err


def _with_password(server: Server, password: str, live: entry_changes.Live, change: EntryChange) -> EntryChange:
    dn, attributes = live.get(names.key(server.database), ("", {}))
    (_, values) = attributes.get(_PASSWORD.lower(), (_PASSWORD, ()))
    if not dn or (len(values) == 1 and passwords.matches(password, values[0])):
        return change
    record = Record(
        "password", dn, "modify", changes=(AttributeChange("replace", _PASSWORD, (passwords.stored(password),)),)
    )
    before = {**change.before, "password": "another, or none"}
    after = {**change.after, "password": "as given"}
    return replace(change, before=before, after=after, configuration=(*change.configuration, record))


def _start(server: Server) -> None:
    commands.run(["systemctl", "daemon-reload"])  # the unit may be new as well
    outcome = commands.run(["systemctl", "start", "--", server.unit], timeout_s=_START_TIMEOUT_S)
    if outcome.status != 0 or not session.serves():
        raise NodeError(
            "GW402", f"units.{server.unit}", outcome.reason, f"Read its journal: journalctl -u {server.unit}."
        )


def apply(server: Server, change: ServerChange) -> None:
    """Write the first configuration or send the changes.

    Raises:
        NodeError: GW419 when slapd does not accept the first configuration (nothing is in place then), GW406.
    """
    if change.sent is not None:
        session.apply(change.sent.configuration, whole=False)
    elif change.first:
        _write_first(server, change.first)


def _write_first(server: Server, text: bytes) -> None:
    staged = Path(f"{server.folder}.gatekit-{time.time_ns()}")
    for left_over in staged.parent.glob(f"{Path(server.folder).name}.gatekit-*"):  # of a run that was killed
        shutil.rmtree(left_over)
    staged.mkdir(mode=0o700)
    try:
        source = staged / "first.ldif"
        source.touch(mode=0o600)
        source.write_bytes(text)
        outcome = commands.run(["slapadd", "-n", "0", "-F", str(staged), "-l", str(source)])
        source.unlink()
        if outcome.status != 0:
            raise NodeError("GW419", server.folder, outcome.reason, "slapd refused its first configuration.")
        for path in (staged, *staged.rglob("*")):
            shutil.chown(path, server.account, server.account)
        os.rename(staged, server.folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
