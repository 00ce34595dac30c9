"""Which tables are ours, which lines mean nothing to us, and what an absent line means.

Sources: vendor reference 2.3 to 2.5; the defaults are those of FortiOS 7.0 to 7.6 from general knowledge, and are
listed as unverified in the catalogue. A default that is another one on a release shows as a change that comes
back at every run, never as a gap: what security rests on is written, not left to a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatekit.devices.fortios.tree import Node, Values
from gatekit.plan.network_device import FirewallPlan

PREFIX = "gw-"
SECRET_KEYS = frozenset({"psksecret", "password"})
HIDDEN = "<hidden>"

GLOBAL, INTERFACE, DNS = "system global", "system interface", "system dns"
ADDRESS, SERVICE = "firewall address", "firewall service custom"
PHASE_1, PHASE_2 = "vpn ipsec phase1-interface", "vpn ipsec phase2-interface"
ZONE, LOCAL_IN, POLICY = "system zone", "firewall local-in-policy", "firewall policy"
STATIC, POLICY_ROUTE = "router static", "router policy"
NTP, LOG, ADMIN = "system ntp", "log setting", "system admin"
SYSLOG = ("log syslogd setting", "log syslogd2 setting", "log syslogd3 setting", "log syslogd4 setting")

TABLES = (
    GLOBAL,
    INTERFACE,
    DNS,
    ADDRESS,
    SERVICE,
    PHASE_1,
    PHASE_2,
    ZONE,
    LOCAL_IN,
    POLICY,
    STATIC,
    POLICY_ROUTE,
    NTP,
    LOG,
    *SYSLOG,
    ADMIN,
)
"""Every table of which at least a part is ours, in the order in which one refers to another."""

WHOLE = frozenset({DNS, PHASE_1, PHASE_2, ZONE, LOCAL_IN, POLICY, STATIC, POLICY_ROUTE, NTP, *SYSLOG})
"""Ours altogether: an entry that the plan does not have goes."""

ORDERED = frozenset({LOCAL_IN, POLICY})
"""Where the first entry that fits decides."""

OUR_KEYS: Mapping[str, frozenset[str]] = {
    GLOBAL: frozenset({"hostname"}),
    LOG: frozenset({"fwpolicy-implicit-log", "local-in-deny-unicast"}),
}
"""Singletons of which only these lines are ours."""

_HARDWARE = "vdom type snmp-index alias description speed mediatype macaddr role device-identification"
MEANINGLESS: Mapping[str, frozenset[str]] = {
    INTERFACE: frozenset(f"{_HARDWARE} lldp-transmission lldp-reception monitor-bandwidth interface".split()),
    ADDRESS: frozenset({"uuid", "comment", "color"}),
    SERVICE: frozenset({"uuid", "comment", "color", "category"}),
    LOCAL_IN: frozenset({"uuid", "comments"}),
    POLICY: frozenset({"uuid", "comments", "global-label"}),
    STATIC: frozenset({"comment"}),
    PHASE_1: frozenset({"comments"}),
    PHASE_2: frozenset({"comments"}),
    ZONE: frozenset({"description"}),
    ADMIN: frozenset({"vdom", "comments", "gui-dashboard", "login-time"}),
}
"""Keys and inner tables that let nothing through and send nothing anywhere; left as they are."""

DEFAULTS: Mapping[tuple[str, str], Values] = {
    (INTERFACE, "mode"): ("static",),
    (INTERFACE, "mtu-override"): ("disable",),
    (PHASE_1, "type"): ("static",),
    (PHASE_1, "dpd-retrycount"): ("3",),
    (PHASE_1, "authmethod"): ("psk",),
    (PHASE_1, "net-device"): ("disable",),
    (PHASE_2, "pfs"): ("enable",),
    (ZONE, "intrazone"): ("deny",),
    (LOCAL_IN, "action"): ("deny",),
    (LOCAL_IN, "status"): ("enable",),
    (POLICY, "action"): ("deny",),
    (POLICY, "status"): ("enable",),
    (POLICY, "nat"): ("disable",),
    (STATIC, "dst"): ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - a route's destination, nothing listens
    (STATIC, "distance"): ("10",),
    (STATIC, "status"): ("enable",),
    (STATIC, "blackhole"): ("disable",),
    (LOG, "fwpolicy-implicit-log"): ("disable",),
    (LOG, "local-in-deny-unicast"): ("disable",),
}
"""What `show` leaves out: an absent line is this one."""

UNORDERED = frozenset({"allowaccess", "srcaddr", "dstaddr", "srcintf", "dstintf", "service", "interface", "intf"})
"""Keys whose values are a set; `show` keeps the order in which they were typed."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What of each table belongs to one firewall's plan."""

    ports: frozenset[str]
    tunnel: str | None
    operator: str

    @classmethod
    def of(cls, plan: FirewallPlan) -> Ours:
        """Return what is ours on this firewall."""
        ports = frozenset(row.port for row in plan.interfaces)
        return cls(ports, plan.tunnel.name if plan.tunnel else None, plan.operator)

    def entry(self, table: str, key: str) -> bool:
        """Return whether an entry of a table is ours: to be changed, and to be removed when the plan lacks it."""
        if table == INTERFACE:
            return key in self.ports or key == self.tunnel
        if table in {ADDRESS, SERVICE}:
            return key.startswith(PREFIX)
        return key == self.operator if table == ADMIN else table in WHOLE

    def setting(self, table: str, key: str) -> bool:
        """Return whether a line is ours, in the table itself or in one of our entries."""
        if table in OUR_KEYS:
            return key in OUR_KEYS[table]
        return key not in MEANINGLESS.get(table, frozenset())


def same(key: str, one: Values | None, other: Values | None) -> bool:
    """Return whether two values of a key are one; a secret that is set is like any other (0.4 rule 5)."""
    if one is None or other is None:
        return one is other
    if key in SECRET_KEYS:
        return True
    return sorted(one) == sorted(other) if key in UNORDERED else one == other


def part_of(ours: Ours, name: str, table: Node) -> Node:
    """Return our part of a table, defaults and meaningless lines left out."""
    if name in OUR_KEYS:
        return Node(settings=_settings(ours, name, table))
    return Node(
        settings=_settings(ours, name, table) if name in WHOLE else {},
        entries={key: _entry(ours, name, one) for key, one in table.entries.items() if ours.entry(name, key)},
        tables=_inner(ours, name, table) if name in WHOLE else {},
    )


def _entry(ours: Ours, name: str, node: Node) -> Node:
    return Node(settings=_settings(ours, name, node), tables=_inner(ours, name, node))


def _inner(ours: Ours, name: str, node: Node) -> dict[str, Node]:
    """Return the tables inside: whatever stands in something of ours is ours."""
    found = {}
    for inner, table in node.tables.items():
        path = f"{name} {inner}"
        entries = {key: _entry(ours, path, one) for key, one in table.entries.items()}
        kept = Node(settings=_settings(ours, path, table), entries=entries, tables=_inner(ours, path, table))
        if ours.setting(name, inner) and not kept.empty:
            found[inner] = kept
    return found


def _settings(ours: Ours, name: str, node: Node) -> dict[str, Values]:
    return {
        key: values
        for key, values in node.settings.items()
        if ours.setting(name, key) and values not in {DEFAULTS.get((name, key)), ()}
    }
