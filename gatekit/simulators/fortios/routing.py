"""``get router info routing-table all``: the routes in force, of the running tables."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from gatekit.simulators.fortios import words
from gatekit.simulators.fortios.store import Node, Store

STATIC, INTERFACE, PEERS = "router static", "system interface", "vpn ipsec phase1-interface"


def routing_table(store: Store) -> str:
    """Return the table by network, of several routes to one network the nearest; a tunnel counts as up."""
    rows = {interface.network: row for interface, row in _connected(store)}
    for network, route in sorted(_static(store), key=lambda found: -_distance(found[1])):
        rows[network] = _shown(store, network, route)
    return words.ROUTING_HEAD + "".join(rows[network] for network in sorted(rows))


def _connected(store: Store) -> Iterator[tuple[IPv4Interface, str]]:
    for name, entry in store.table(INTERFACE).entries.items():
        if "ip" in entry.settings:
            interface = IPv4Interface("/".join(entry.settings["ip"]))
            yield interface, words.CONNECTED.format(network=interface.network, device=name)


def _static(store: Store) -> Iterator[tuple[IPv4Network, Node]]:
    for entry in store.table(STATIC).entries.values():
        if entry.settings.get("status") != ("disable",):
            destination = entry.settings.get("dst", words.DEFAULTS[STATIC, "dst"])
            yield IPv4Network("/".join(destination)), entry


def _distance(entry: Node) -> int:
    return int(entry.settings.get("distance", words.DEFAULTS[STATIC, "distance"])[0])


def _shown(store: Store, network: IPv4Network, entry: Node) -> str:
    facts = {
        "mark": "*" if network.prefixlen == 0 else " ",
        "network": network,
        "distance": _distance(entry),
        "device": entry.settings.get("device", ("",))[0],
    }
    if entry.settings.get("blackhole") == ("enable",):
        return words.DISCARDED.format(**facts)
    if "gateway" in entry.settings:
        return words.STATIC.format(**facts, gateway=entry.settings["gateway"][0])
    peer = store.table(PEERS).entries[str(facts["device"])].settings["remote-gw"][0]
    return words.TUNNELLED.format(**facts, peer=peer)
