"""From what is and what has to be to what differs: pure, nothing is asked or touched here.

What an owner added is written into the server's own configuration, as the system property ``gatekit.<owner>``, by
the operation that adds it: so the record cannot disagree with the deed, and it travels with the configuration.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..changes import Change
from ..errors import NodeError
from .addresses import Address, found_at, parse_address
from .management import Operation, operation
from .wish import SECRET, DeploymentWish, ResourceWish, Wish

__all__ = ["Deployed", "Observation", "Record", "ServerChange", "alias_of", "plan", "property_address"]


@dataclass(frozen=True)
class Deployed:
    """One application as the server has it."""

    sha1: str  # of its content; "" when it is not one archive
    status: str  # OK, FAILED, STOPPED
    enabled: bool


@dataclass(frozen=True)
class Observation:
    """The server as it is; an empty one stands for a server that is not there yet."""

    model: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    deployments: Mapping[str, Deployed] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Record:
    """What an owner added so far."""

    resources: tuple[str, ...] = ()
    deployments: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # name: (sha256, sha1)
    aliases: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the value of the system property."""
        rows = {name: list(sums) for name, sums in sorted(self.deployments.items())}
        parts = {"resources": list(self.resources), "deployments": rows, "aliases": sorted(self.aliases)}
        return json.dumps(parts, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True)
class ServerChange(Change):
    """Everything that differs; ``uploads`` are the applications whose archive the node has to hold."""

    owner: str
    store: Operation | None  # adds the credential store, before everything else
    early: tuple[Operation, ...]  # up to the deployments
    uploads: tuple[DeploymentWish, ...]
    replaced: frozenset[str]  # names of uploads that stand there already
    late: tuple[Operation, ...]  # after the deployments
    record: Record
    recorded: str | None  # the property's text now
    state: str

    @property
    def needs_operation(self) -> bool:
        """Return whether something has to be written, not only the server to be reloaded."""
        return bool(self.store or self.early or self.uploads or self.late) or self.record.as_text() != self.recorded

    @property
    def changed(self) -> bool:
        """Return whether the server has to be touched."""
        return self.needs_operation or self.before != self.after


def alias_of(name: str, value: str, key: str) -> str:
    """Return the alias of a secret: its name and a keyed fingerprint, since a store never gives a value back."""
    return f"{name}.{hmac.new(key.encode(), f'{name}={value}'.encode(), hashlib.sha256).hexdigest()[:16]}"


def property_address(owner: str) -> Address:
    """Return where an owner's record stands."""
    return (("system-property", f"gatekit.{owner}"),)


def plan(found: Observation, wish: Wish, secrets: Mapping[str, str], key: str) -> ServerChange:
    """Return the change that brings the server to the wish.

    Raises:
        NodeError: GW107 when a secret the wish names is not given.
    """
    planner = _Planner(found, wish, {name: alias_of(name, _secret(name, secrets), key) for name in wish.secrets})
    return planner.change()


def _secret(name: str, secrets: Mapping[str, str]) -> str:
    if name not in secrets:
        raise NodeError("GW107", f"secrets.{name}", "wildfly", f"Put {name} into the vault.")
    return secrets[name]


class _Planner:
    """Collects steps and what people see of them, in the order the server takes them."""

    def __init__(self, found: Observation, wish: Wish, aliases: Mapping[str, str]) -> None:
        self.found, self.wish, self.aliases = found, wish, aliases
        self.recorded = _recorded_text(found.model, wish.owner)
        self.record = _read_record(self.recorded)
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}
        self.store: Operation | None = None
        self.early: list[Operation] = []
        self.late: list[Operation] = []
        self.added: set[str] = set()
        self.gone: list[Address] = []

    def change(self) -> ServerChange:
        self._undeploy()
        self._remove_unwanted()
        self._keep_resources()
        uploads = tuple(self._deployments_to_upload())
        self._forget_aliases()
        self._settle_state()
        standing = frozenset(row.name for row in uploads if row.name in self.found.deployments)
        return ServerChange(
            self.before,
            self.after,
            self.wish.owner,
            self.store,
            tuple(self.early),
            uploads,
            standing,
            tuple(self.late),
            self._next_record(),
            self.recorded,
            self.found.state,
        )

    def _shows(self, what: str, before: Any, after: Any) -> None:
        self.before[what], self.after[what] = before, after

    def _undeploy(self) -> None:
        wanted = {row.name for row in self.wish.deployments}
        for name in sorted(set(self.record.deployments) - wanted):
            if name in self.found.deployments:
                address = (("deployment", name),)
                self.early += [operation("undeploy", address), operation("remove", address)]
                self._shows(f"/deployment={name}", "deployed", "absent")

    def _remove_unwanted(self) -> None:
        """Remove what this owner added once and wants no more, last first."""
        wanted = {row.path for row in self.wish.resources}
        for path in reversed(self.record.resources):
            if path not in wanted:
                self._remove(path, parse_address(path))

    def _remove(self, path: str, address: Address) -> None:
        inside = any(address[: len(parent)] == parent for parent in self.gone)
        if not inside and found_at(self.found.model, address) is not None:
            self.gone.append(address)
            self.early.append(operation("remove", address))
            self._shows(path, "present", "absent")

    def _keep_resources(self) -> None:
        self._add_aliases()
        for row in self.wish.resources:
            if row.state == "present":
                self._keep(row)
            else:
                self._remove(row.path, row.address)

    def _keep(self, row: ResourceWish) -> None:
        now = found_at(self.found.model, row.address)
        wanted = {name: self._resolved(value) for name, value in row.attributes}
        if now is None:
            given = {name: value for name, value in wanted.items() if value is not None}
            adding = {**operation("add", row.address), **given}
            if row.address == self.wish.credential_store:
                self.store = adding
            else:
                self.early.append(adding)
            self.added.add(row.path)
            self._shows(row.path, "absent", given)
            return
        differs = {name: value for name, value in wanted.items() if plain(now.get(name)) != plain(value)}
        for name, value in differs.items():
            verb = operation("undefine-attribute", row.address, name=name)
            if value is not None:
                verb = operation("write-attribute", row.address, name=name, value=value)
            self.early.append(verb)
        if differs:
            self._shows(row.path, {name: plain(now.get(name)) for name in differs}, differs)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._resolved(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._resolved(part) for part in value]
        match = SECRET.fullmatch(value) if isinstance(value, str) else None
        return self.aliases[match.group(1)] if match else value

    def _add_aliases(self) -> None:
        for name, alias in sorted(self.aliases.items()):
            if alias not in self.found.aliases:
                step = operation("add-alias", self.wish.credential_store, alias=alias)
                self.early.append({**step, "secret-value": f"<secret {name}>"})  # composites() puts the value in
                self._shows(f"credential {alias}", "absent", "present")

    def _forget_aliases(self) -> None:
        wanted, names = set(self.aliases.values()), set(self.aliases)
        for alias in sorted(self.found.aliases - wanted):
            if alias in self.record.aliases or alias.split(".")[0] in names:
                self.late.append(operation("remove-alias", self.wish.credential_store, alias=alias))
                self._shows(f"credential {alias}", "present", "absent")

    def _deployments_to_upload(self) -> Iterator[DeploymentWish]:
        for row in self.wish.deployments:
            now, recorded = self.found.deployments.get(row.name), self.record.deployments.get(row.name)
            address, path = (("deployment", row.name),), f"/deployment={row.name}"
            if now is None:
                self._shows(path, "absent", {"sha256": row.sha256})
                yield row
            elif recorded is None or recorded != (row.sha256, now.sha1):
                before = recorded[0] if recorded and recorded[1] == now.sha1 else "of another hand"
                self._shows(path, {"sha256": before}, {"sha256": row.sha256})
                yield row
            elif not now.enabled or now.status != "OK":
                self.late.append(operation("redeploy" if now.enabled else "deploy", address))
                self._shows(path, {"status": now.status}, {"status": "OK"})

    def _settle_state(self) -> None:
        if self.found.state not in ("", "running"):
            self._shows("server", self.found.state, "running")

    def _next_record(self) -> Record:
        wanted = [row.path for row in self.wish.resources if row.state == "present"]
        mine = tuple(path for path in wanted if path in self.added or path in self.record.resources)
        kept = {row.name: self.record.deployments.get(row.name, ("", "")) for row in self.wish.deployments}
        return Record(mine, kept, tuple(self.aliases.values()))


def plain(value: Any) -> Any:
    """Return a value as we write it: expressions as text, undefined members of an object left out."""
    if isinstance(value, Mapping):
        if set(value) == {"EXPRESSION_VALUE"}:
            return value["EXPRESSION_VALUE"]
        return {name: plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value


def _recorded_text(model: Mapping[str, Any], owner: str) -> str | None:
    found = found_at(model, property_address(owner))
    return None if found is None else str(found.get("value"))


def _read_record(text: str | None) -> Record:
    """Return the record; one that somebody broke counts as none, so nothing is removed for it."""
    try:
        parts = json.loads(text or "{}")
        deployments = {str(name): (str(sums[0]), str(sums[1])) for name, sums in parts.get("deployments", {}).items()}
        resources = tuple(str(path) for path in parts.get("resources", ()))
        return Record(resources, deployments, tuple(str(alias) for alias in parts.get("aliases", ())))
    except (ValueError, AttributeError, IndexError, TypeError):
        return Record()
