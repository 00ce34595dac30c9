"""Read the product files next to this module, once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen

type Role = Literal["firewall", "cpe", "l3_switch"]
type Level = Literal["HIGH", "BASE"]
type Encryption = Literal["aes256-gcm16", "aes256-cbc"]


ON_HOST = frozenset({"linux", "frr"})
"""Platforms that are Linux hosts, on which Ansible's modules run."""


class Product(Frozen):
    """What one product can do.

    ``tier`` 1: proved by packets or the real software; 2: proved against a simulator and the
    vendor's reference. ``suites`` are the crypto levels it can negotiate, ``dh_groups`` the IANA
    groups it offers from 14 upwards, ascending, so that the last one is its strongest; all three
    crypto fields are empty for what ends no tunnel. ``supported`` says whether gatekit renders it
    today; a product that is not supported can be validated and planned, and is refused with GW301
    before any login. ``platform`` names its operating system: the folders in render/, devices/ and
    simulators/ are called so. ``ports`` are the usual names of its ports by what they lead to (untrust,
    dmz, trust; lan, wan). ``source`` says where the facts come from, ``firmware`` what they hold for,
    ``unverified`` what no source or real device has confirmed. ``syslog`` is how it sends its log: some
    know UDP alone.
    """

    name: str
    title: str
    platform: str
    ports: Mapping[str, str]
    roles: frozenset[Role]
    tier: Literal[1, 2]
    suites: tuple[Level, ...]
    dh_groups: tuple[int, ...]
    encryption: tuple[Encryption, ...]
    supported: bool
    source: str
    firmware: str
    unverified: tuple[str, ...] = ()
    syslog: Literal["tcp", "udp"] = "tcp"

    @property
    def changed_on_host(self) -> bool:
        """Return whether modules on the device itself change it, logged in by key (docs/adr/0015).

        Every other is changed from the controller, by an account with a password.
        """
        return self.platform in ON_HOST


@cache
def products() -> Mapping[str, Product]:
    """Return every product by name, in alphabetical order; read-only."""
    folder = resources.files(__package__) / "products"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    rows = [Product.model_validate(facts_in("products", name)) for name in names]
    return MappingProxyType({row.name: row for row in rows})
