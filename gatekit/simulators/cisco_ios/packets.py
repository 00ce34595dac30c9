"""Whether a box with this configuration lets an SSH login in: interfaces, routes, lists, terminal lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.cisco_ios.configuration import Configuration, Node

SSH = "22"


def addresses(configuration: Configuration) -> Iterator[tuple[str, IPv4Interface]]:
    """Yield each interface that is up and its IPv4 address."""
    for node in configuration.sections("interface "):
        address = node.children.get("ip address")
        if address is not None and "shutdown" not in node.children and address.text != "ip address dhcp":
            yield node.text.removeprefix("interface "), IPv4Interface(address.text.split(" ", 2)[2].replace(" ", "/"))


def static_routes(configuration: Configuration) -> Iterator[tuple[IPv4Network, str, int]]:
    """Yield network, next hop or interface, and distance of each static route."""
    for node in configuration.sections("ip route "):
        words = node.text.split()
        distance = int(words[5]) if len(words) > 5 and words[5].isdigit() else 1
        yield IPv4Network(f"{words[2]}/{words[3]}"), words[4], distance


def tunnel_is_whole(configuration: Configuration, name: str) -> bool:
    """Return whether a tunnel interface and every object that it refers to is there: then its peer answers."""
    node = configuration.top(f"interface {name}")
    if node is None or "shutdown" in node.children or "tunnel profile" not in node.children:
        return False
    profile = configuration.top("crypto ipsec profile " + node.children["tunnel profile"].text.split()[-1])
    if profile is None or not {"transform-set", "ikev2-profile"} <= profile.children.keys():
        return False
    names = {key: profile.children[key].text.split()[-1] for key in ("transform-set", "ikev2-profile")}
    identity = configuration.top(f"crypto ikev2 profile {names['ikev2-profile']}")
    keyring = identity.children.get("keyring") if identity else None
    return (
        configuration.top(f"crypto ipsec transform-set {names['transform-set']}") is not None
        and keyring is not None
        and configuration.top(f"crypto ikev2 keyring {keyring.text.split()[-1]}") is not None
        and next(configuration.sections("crypto ikev2 policy "), None) is not None
        and next(configuration.sections("crypto ikev2 proposal "), None) is not None
    )


def interface_towards(configuration: Configuration, address: IPv4Address) -> str | None:
    """Return the interface by which an address is reached, by the most specific usable route."""
    connected = list(addresses(configuration))
    found = [(one.network.prefixlen, 0, name) for name, one in connected if address in one.network]
    for network, hop, distance in static_routes(configuration):
        if address not in network:
            continue
        if hop.startswith("Tunnel"):
            if tunnel_is_whole(configuration, hop):
                found.append((network.prefixlen, distance, hop))
        elif hop == "Null0":
            found.append((network.prefixlen, distance, ""))
        else:
            found += [(network.prefixlen, distance, name) for name, one in connected if IPv4Address(hop) in one.network]
    best = min(found, key=lambda row: (-row[0], row[1]), default=None)
    return best[2] or None if best else None


def lets_in(configuration: Configuration, source: IPv4Address, address: IPv4Address | None) -> bool:
    """Return whether a login from ``source`` to ``address`` (None: to any of its own) gets to a terminal line."""
    own = [one.ip for _, one in addresses(configuration)]
    if address is not None and address not in own:
        return False
    arrives_by = interface_towards(configuration, source)
    node = configuration.top(f"interface {arrives_by}") if arrives_by else None
    if node is None:
        return False
    bound = node.children.get("ip access-group in")
    if bound and not passes(configuration, bound.text.split()[2], source, address or own[0]):
        return False
    return any(_line_open(configuration, line, source) for line in configuration.sections("line vty "))


def _line_open(configuration: Configuration, line: Node, source: IPv4Address) -> bool:
    method = line.children.get("transport input")
    if method is None or not re.search(r"\b(ssh|all)\b", method.text):
        return False
    bound = line.children.get("access-class")
    return bound is None or passes(configuration, bound.text.split()[1], source, None)


def passes(configuration: Configuration, name: str, source: IPv4Address, destination: IPv4Address | None) -> bool:
    """Return whether a list lets the first packet of an SSH session through; a list that is not there lets all."""
    found = configuration.top(f"ip access-list extended {name}") or configuration.top(f"ip access-list standard {name}")
    if found is None or not found.children:
        return True
    for number in sorted(found.children, key=int):
        words = found.children[number].text.split()
        action, standard = words.pop(0), found.mode == "config-std-nacl"
        if standard or (words.pop(0) in {"ip", "tcp"}):
            matched = source in _network(words, standard=standard)
            if not standard and matched and destination is not None:
                matched = not words or words[0] not in {"eq", "gt"}  # from an ephemeral port
                matched = matched and destination in _network(words) and _port_fits(words)
            if matched:
                return action == "permit"
    return False


def _network(words: list[str], *, standard: bool = False) -> IPv4Network:
    first = words.pop(0)
    if first == "any":
        return IPv4Network("0.0.0.0/0")
    if first == "host":
        return IPv4Network(words.pop(0))
    if standard and (not words or words[0] == "log"):
        return IPv4Network(first)
    mask = ".".join(str(255 - int(octet)) for octet in words.pop(0).split("."))
    return IPv4Network(f"{first}/{mask}")


def _port_fits(words: list[str]) -> bool:
    if "established" in words or "gt" in words:
        return False
    return "eq" not in words or words[words.index("eq") + 1] == SSH
