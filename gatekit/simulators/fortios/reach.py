"""Whether SSH from an address reaches the box, by its running tables."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.fortios.store import Node, Store

SSH = "22"
EVERYWHERE = IPv4Network("0.0.0.0/0")


def lets_in(store: Store, user: str, source: IPv4Address, target: IPv4Address) -> bool:
    """Return whether a login from ``source`` to the box's address ``target`` gets through, and the account is let in.

    The port with the address has to answer, the account to trust the source, the local-in policies to accept, and
    when the packet came in by another port, a firewall policy too. The last is a hypothesis (catalogue).
    """
    interfaces = store.table("system interface").entries
    ports = {name: address for name, one in interfaces.items() if (address := _ip(one))}
    owner = next((name for name, address in ports.items() if address.ip == target), None)
    way_in = next((name for name, address in ports.items() if source in address.network), None) or _routed(
        store, source
    )
    if owner is None or way_in is None:
        return False
    crossing = {"srcintf": way_in, "dstintf": owner}
    answers = "ssh" in interfaces[owner].settings.get("allowaccess", ())
    return (
        answers
        and _trusts(store, user, source)
        and _accepts(store, "firewall local-in-policy", {"intf": way_in}, source, target, otherwise=True)
        and (owner == way_in or _accepts(store, "firewall policy", crossing, source, target, otherwise=False))
    )


def _ip(node: Node) -> IPv4Interface | None:
    return IPv4Interface("/".join(node.settings["ip"])) if "ip" in node.settings else None


def _routed(store: Store, source: IPv4Address) -> str | None:
    """Return the port that the longest route back leads to."""
    found = [
        (_network(one.settings.get("dst")).prefixlen, one.settings["device"][0])
        for one in store.table("router static").entries.values()
        if source in _network(one.settings.get("dst")) and "device" in one.settings
    ]
    return max(found)[1] if found else None


def _trusts(store: Store, user: str, source: IPv4Address) -> bool:
    account = store.table("system admin").entries.get(user, Node())
    trusted = [_network(values) for key, values in account.settings.items() if key.startswith("trusthost")]
    return user in store.table("system admin").entries and (not trusted or any(source in one for one in trusted))


def _accepts(
    store: Store, table: str, ways: dict[str, str], source: IPv4Address, target: IPv4Address, *, otherwise: bool
) -> bool:
    for one in store.table(table).entries.values():
        if one.settings.get("status") == ("disable",):
            continue
        here = all(_is_way(store, one.settings.get(key, ()), port) for key, port in ways.items())
        ends = {"srcaddr": source, "dstaddr": target}
        there = all(_holds(store, one.settings.get(key, ()), address) for key, address in ends.items())
        if here and there and _is_ssh(store, one.settings.get("service", ())):
            return one.settings.get("action") == ("accept",)
    return otherwise


def _is_way(store: Store, names: tuple[str, ...], port: str) -> bool:
    zones = store.table("system zone").entries
    members = {member for name in names if name in zones for member in zones[name].settings.get("interface", ())}
    return "any" in names or port in names or port in members


def _holds(store: Store, names: tuple[str, ...], address: IPv4Address) -> bool:
    known = store.table("firewall address").entries
    return any(address in _network(known[name].settings.get("subnet")) for name in names if name in known)


def _is_ssh(store: Store, names: tuple[str, ...]) -> bool:
    known = store.table("firewall service custom").entries
    return "ALL" in names or any(
        SSH in known[name].settings.get("tcp-portrange", ()) for name in names if name in known
    )


def _network(values: tuple[str, ...] | None) -> IPv4Network:
    return IPv4Network("/".join(values)) if values else EVERYWHERE
