"""What a Junos configuration means: an own reader of set lines, independent of the renderer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, collapse_addresses

from gatekit.devices.change.meaning import Meaning, RouteMeaning
from gatekit.devices.junos.policies import permits
from gatekit.devices.junos.statements import UNKNOWN, Statements
from gatekit.devices.junos.text import is_ours, without_secrets, words_of
from gatekit.devices.junos.tunnel import tunnel
from gatekit.errors import DeviceError, RenderError
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import CpePart, FirewallPlan, Part

TUNNEL_UNIT = "st0.0"
GLOBAL = {("apply-groups",), ("groups",)}  # what stands there is inherited anywhere, unseen


def meaning(configuration: str, part: Part) -> Meaning:
    """Return what the set lines say about our part.

    Raises:
        DeviceError: GW427 for a line in a section of ours that is not known, or a form that is not whole.
        RenderError: GW301 for a CPE.
    """
    if isinstance(part, CpePart):
        raise RenderError("GW301", f"{part.plan.name}.product", part.plan.product, "Choose a CPE product.")
    lines = [words_of(line) for line in without_secrets(configuration).splitlines()]
    for words in lines:
        if isinstance(part, FirewallPlan) and words[1:2] in GLOBAL:
            raise DeviceError("GW427", f"{part.name}.configuration", " ".join(words), UNKNOWN)
    said = Statements(part.name, (words for words in lines if is_ours(words, part)))
    try:
        return _firewall(said, part) if isinstance(part, FirewallPlan) else _switch(said)
    except ValueError as err:
        raise said.unclear("configuration", str(err)) from err


def _switch(said: Statements) -> Meaning:
    return Meaning(
        host_name="",
        addresses=frozenset(),
        permits=frozenset(),
        routes=frozenset(_routes(said)),
        tunnel=None,
        management=frozenset(),
        time_servers=frozenset(),
        log_servers=frozenset(),
    )


def _firewall(said: Statements, part: FirewallPlan) -> Meaning:
    allowed = frozenset(permits(said, part))
    _accounts(said, part)
    addresses = said["interfaces <port> unit 0 family inet address <address>"]
    found = Meaning(
        host_name=said.one("system host-name <name>")[0],
        addresses=frozenset((port, address) for port, address in addresses),
        permits=allowed,
        routes=frozenset(_routes(said)),
        tunnel=tunnel(said),
        management=frozenset(
            row.source
            for row in allowed
            if row.destination_zone is Zone.FIREWALL and row.port == 22 and isinstance(row.source, IPv4Network)
        ),
        time_servers=frozenset(IPv4Address(row[0]) for row in said["system ntp server <address>"]),
        log_servers=frozenset(_log_servers(said)),
    )
    if found.tunnel is not None:
        _never_in_clear(said, part, found)
    return found


def _accounts(said: Statements, part: FirewallPlan) -> None:
    """Who may come in: our operator and, at the console alone, root."""
    said.one("system services ssh root-login deny")
    said.one("system root-authentication encrypted-password <secret>")
    said.one_of("system login user <user> authentication encrypted-password <secret>", part.operator)


def _log_servers(said: Statements) -> Iterator[IPv4Address]:
    """Yield where daemons and policies log to: the same servers, the same way; port 514 is the default of both."""
    streams = {row[0] for row in said["security log stream <stream> host <address>"]}
    seen: set[tuple[str, str, str]] = set()
    for stream in streams:
        said.one("security log mode stream")
        server = said.one_of("security log stream <stream> host <address>", stream)
        port = said.one_of("security log stream <stream> host port <number>", stream)
        seen.add((server, port, said.one("security log transport protocol <protocol>")[0]))
    for (server,) in said["system syslog host <address> any notice"]:
        port = said.one_of("system syslog host <address> port <number>", server)
        spoken = (server, port, said.one_of("system syslog host <address> transport <protocol>", server))
        if spoken not in seen:
            raise said.unclear("security log stream", f"policies do not log to {' '.join(spoken)}")
        seen.remove(spoken)
        yield IPv4Address(server)
    if seen:
        raise said.unclear("system syslog host", f"daemons do not log to {sorted(seen)}")


def _routes(said: Statements) -> Iterator[RouteMeaning]:
    """Yield the static routes; halves that lead into the tunnel together count as the network that is discarded.

    Junos holds one kind of next hop for a prefix, so the way into the tunnel is written as two halves.
    """
    into_tunnel: list[IPv4Network] = []
    hops: dict[IPv4Network, list[str]] = defaultdict(list)
    for written, hop in said["routing-options static route <network> next-hop <hop>"]:
        hops[IPv4Network(written)].append(hop)
    for network, ways in hops.items():
        if len(ways) > 1:
            raise said.unclear(f"routing-options static route {network}", f"several ways: {', '.join(ways)}")
        if ways[0] == TUNNEL_UNIT:
            into_tunnel.append(network)
        else:
            yield RouteMeaning(network=network, hop=IPv4Address(ways[0]))
    for (text,) in said["routing-options static route <network> discard"]:
        dropped = IPv4Network(text)
        yield RouteMeaning(network=dropped, hop="discard")
        parts = [network for network in into_tunnel if network.subnet_of(dropped) and network != dropped]
        if list(collapse_addresses(parts)) == [dropped]:
            yield RouteMeaning(network=dropped, hop="tunnel")
            into_tunnel = [network for network in into_tunnel if network not in parts]
    yield from (RouteMeaning(network=network, hop="tunnel") for network in into_tunnel)


def _never_in_clear(said: Statements, part: FirewallPlan, found: Meaning) -> None:
    """Refuse a configuration that could send to the data centre, or believe it, outside the tunnel (VPN-4).

    The filter has to stand on every port, drop all of the networks that lead into the tunnel before it lets
    anything pass, and no policy to or from UNTRUST may name one of their addresses.
    """
    protected = frozenset(row.network for row in found.routes if row.hop == "tunnel")
    guarded = said["interfaces <port> unit 0 family inet filter output <filter>"]
    for row in part.interfaces:
        names = [name for port, name in guarded if port == row.port]
        if len(names) != 1 or _dropped_first(said, names[0]) != protected:
            raise said.unclear(f"interfaces {row.port}", "no filter that keeps the data centre's networks off it")
    for permit in found.permits:
        if Zone.UNTRUST in {permit.source_zone, permit.destination_zone}:
            for end in (permit.source, permit.destination):
                if isinstance(end, IPv4Network) and any(end.overlaps(network) for network in protected):
                    raise said.unclear("security policies", f"a way in clear for {end}")


def _dropped_first(said: Statements, name: str) -> frozenset[IPv4Network]:
    """Return what a filter drops in its first term; GW427 unless its second and last one accepts the rest."""
    base = "firewall family inet filter <filter> term <term>"
    drops = said[f"{base} then discard"]
    accepts = said[f"{base} then accept"]
    matches = said[f"{base} from destination-address <network>"]
    first = [term for filter_, term in drops if filter_ == name]
    rest = [term for filter_, term in accepts if filter_ == name]
    if len(first) != 1 or len(rest) != 1 or first == rest or any(term == rest[0] for _, term, _ in matches):
        raise said.unclear(f"firewall family inet filter {name}", "not one term that drops and one that accepts")
    if list(dict.fromkeys(row[1] for form, row in said.lines if form.startswith(base) and row[0] == name)) != [
        first[0],
        rest[0],
    ]:
        raise said.unclear(f"firewall family inet filter {name}", "its terms stand in another order")
    return frozenset(IPv4Network(network) for filter_, term, network in matches if (filter_, term) == (name, first[0]))
