"""The shape of FortiOS text: config, edit, set, next, end; and numbers that stay with their object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network

from gatekit.errors import RenderError

INDENT = "    "
FIRST_ID, ID_COUNT = 100_000_000, 900_000_000
NAME_LIMITS = {"interface": 15, "name": 35}  # characters; tunnels are interfaces


def quoted(*values: str) -> str:
    """Return values in quotes, one blank between them, quotes and backslashes escaped."""
    return " ".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)


def masked(network: IPv4Network) -> str:
    """Return address and netmask; `show` gives this form whatever was typed."""
    return f"{network.network_address} {network.netmask}"


def host_masked(address: IPv4Address, prefix_length: int) -> str:
    """Return a host's address and its network's mask."""
    return f"{address} {IPv4Network((0, prefix_length)).netmask}"


def entry(key: str, lines: Iterable[str]) -> list[str]:
    """Return ``edit key``, the lines one level in, ``next``."""
    return [f"edit {key}", *(INDENT + line for line in lines), "next"]


def table(name: str, lines: Iterable[str]) -> list[str]:
    """Return ``config name``, the lines one level in, ``end``; nothing for an empty table."""
    inner = [INDENT + line for line in lines]
    return [f"config {name}", *inner, "end"] if inner else []


def stable_ids(names: Iterable[str]) -> Mapping[str, int]:
    """Return a nine-digit id for each name, made from the name alone: a name more or less renumbers nobody.

    Ids are keys, not the order. Two names of one id (one chance in a million for a site) go to the next free
    one, in the alphabet's order.
    """
    ids: dict[str, int] = {}
    taken: set[int] = set()
    for name in sorted(names):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % ID_COUNT
        while number in taken:
            number = (number + 1) % ID_COUNT
        taken.add(number)
        ids[name] = FIRST_ID + number
    return ids


def short_enough(path: str, value: str, limit: str) -> str:
    """Return the value.

    Raises:
        RenderError: GW302 when FortiOS takes only shorter ones.
    """
    if len(value) > NAME_LIMITS[limit]:
        raise RenderError("GW302", path, value, f"FortiOS takes at most {NAME_LIMITS[limit]} characters here.")
    return value
