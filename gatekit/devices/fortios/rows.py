"""Strict access to one entry: every line of it is either asked for, known to mean nothing, or refused (GW427)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.fortios.known import DEFAULTS, MEANINGLESS
from gatekit.devices.fortios.tree import Node, Values
from gatekit.errors import DeviceError

UNKNOWN = "Remove the line on the device, or teach gatekit what it means."


@dataclass(frozen=True, slots=True)
class Row:
    """One entry, or a table's own lines; ``key`` is empty then."""

    device: str
    table: str
    key: str
    node: Node

    def refuse(self, what: str) -> DeviceError:
        """Return the error for a line whose meaning is not known; ``what`` bears no secret."""
        return DeviceError("GW427", f"{self.device}.{self.table}", f"{self.key} {what}".strip(), UNKNOWN)

    def only(self, keys: Collection[str], inner: Collection[str] = ()) -> None:
        """Refuse every line and every table inside that is not among these, not a default and not meaningless."""
        meaningless = MEANINGLESS.get(self.table, frozenset())
        for key, values in self.node.settings.items():
            if key not in keys and key not in meaningless and values not in {(), DEFAULTS.get((self.table, key))}:
                raise self.refuse(key)
        for name, table in self.node.tables.items():
            if name not in inner and name not in meaningless and not table.empty:
                raise self.refuse(f"config {name}")

    def values(self, key: str) -> Values:
        """Return the values of a line, its default when it is absent, () when there is none."""
        return self.node.settings.get(key) or DEFAULTS.get((self.table, key), ())

    def value(self, key: str) -> str | None:
        """Return the one value of a line, its default when it is absent, None when there is none."""
        values = self.values(key)
        if len(values) > 1:
            raise self.refuse(f"{key}: more than one value")
        return values[0] if values else None

    def required(self, key: str, allowed: Collection[str] = ()) -> str:
        """Return the one value of a line that has to be there, and has to be one of ``allowed`` when given."""
        value = self.value(key)
        if value is None or (allowed and value not in allowed):
            raise self.refuse(f"{key} {'is missing' if value is None else value}")
        return value

    def number(self, key: str, otherwise: int = 0) -> int:
        """Return a line's number."""
        value = self.value(key)
        if value is None:
            return otherwise
        if not value.isdecimal():
            raise self.refuse(f"{key} {value}")
        return int(value)

    def network(self, key: str) -> IPv4Network:
        """Return a network given as address and mask; everything when the line is absent."""
        values = self.values(key)
        try:
            return IPv4Network("/".join(values)) if values else IPv4Network("0.0.0.0/0")
        except ValueError:
            raise self.refuse(f"{key} {' '.join(values)}") from None

    def address(self, key: str) -> IPv4Address:
        """Return an address that has to be there."""
        value = self.required(key)
        try:
            return IPv4Address(value)
        except ValueError:
            raise self.refuse(f"{key} {value}") from None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The tables of one device's text."""

    device: str
    tables: dict[str, Node]

    def own(self, table: str) -> Row:
        """Return a table's own lines."""
        return Row(self.device, table, "", self.tables.get(table, Node()))

    def rows(self, table: str) -> Iterator[Row]:
        """Yield a table's entries in their order."""
        for key, node in self.tables.get(table, Node()).entries.items():
            yield Row(self.device, table, key, node)

    def row(self, table: str, key: str) -> Row | None:
        """Return one entry, or None."""
        node = self.tables.get(table, Node()).entries.get(key)
        return None if node is None else Row(self.device, table, key, node)
