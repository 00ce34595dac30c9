"""What ``show`` answers, made from the configuration that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.configuration import Configuration, Node
from gatekit.simulators.cisco_ios.packets import addresses, static_routes, tunnel_is_whole

_IKE = {"aes-gcm-256": "AES-GCM", "aes-cbc-256": "AES-CBC"}
_ESP = {"esp-gcm 256": "esp-gcm 256", "esp-aes 256 esp-sha256-hmac": "esp-256-aes esp-sha256-hmac"}
LINE_PREFIX = "2001:DB8:A:B::"


def piped(text: str, pipe: str) -> str:
    """Return what ``| include`` or ``| section`` leaves of an answer."""
    kind, _, wanted = pipe.strip().partition(" ")
    form = re.compile(wanted.strip())
    if "include".startswith(kind):
        return "".join(line for line in text.splitlines(keepends=True) if form.search(line))
    out, inside = "", False
    for line in text.splitlines(keepends=True):
        inside = (inside and line.startswith(" ")) or bool(form.search(line) and not line.startswith(" "))
        out += line if inside else ""
    return out


def tunnel(configuration: Configuration) -> tuple[str, Node] | None:
    """Return the tunnel interface that is up, or None."""
    for node in configuration.sections("interface Tunnel"):
        name = node.text.removeprefix("interface ")
        if tunnel_is_whole(configuration, name):
            return name, node
    return None


def _value(node: Node | None, key: str, default: str = "") -> str:
    found = node.children.get(key) if node else None
    return found.text.split()[-1] if found else default


def ikev2_sa(configuration: Configuration, active_s: float) -> str:
    """Return ``show crypto ikev2 sa detail``."""
    found = tunnel(configuration)
    if found is None:
        return words.NO_IKEV2_SA
    proposal = next(configuration.sections("crypto ikev2 proposal "))
    profile = next(configuration.sections("crypto ikev2 profile "))
    integrity = _value(proposal, "integrity", "None").upper().replace("NONE", "None")
    matched = next(child.text for key, child in profile.children.items() if key.startswith("match identity remote"))
    dpd = profile.children["dpd"].text.split()
    return words.IKEV2_SA.format(
        local=f"{LINE_PREFIX}10",
        peer=_value(found[1], "tunnel destination"),
        encryption=_IKE[_value(proposal, "encryption")],
        prf=_value(proposal, "prf", integrity).upper(),
        integrity=integrity,
        group=_value(proposal, "group"),
        lifetime=_value(profile, "lifetime"),
        active=int(active_s),
        ours="1A2B3C4D5E6F7081",
        theirs="9F8E7D6C5B4A3921",
        local_id=_value(profile, "identity local"),
        remote_id=matched.split()[-1],
        dpd=dpd[1],
        retry=dpd[2],
    )


def ipsec_sa(configuration: Configuration, *, detail: bool) -> str:
    """Return ``show crypto ipsec sa``: one pair of SAs for each line of the tunnel's list."""
    found = tunnel(configuration)
    if found is None:
        return ""
    name, node = found
    local = f"{LINE_PREFIX}10"
    protection = configuration.top(f"crypto ipsec profile {_value(node, 'tunnel profile')}")
    transform = configuration.top(f"crypto ipsec transform-set {_value(protection, 'transform-set')}")
    assert transform is not None  # the tunnel is whole
    suite = transform.text.split(" ", 4)[4]
    return words.IPSEC_HEAD.format(interface=name, local=local) + "".join(
        words.IPSEC_SA.format(
            interface=name,
            local=local,
            local_ident=ours,
            remote_ident=theirs,
            peer=_value(node, "tunnel destination"),
            plaintext_mtu=1426 if "gcm" in suite else 1406,
            source=_value(node, "tunnel source"),
            spi_in=f"0x{0x1A2B3C00 + number:08X}({0x1A2B3C00 + number})",
            spi_out=f"0x{0x4D5E6F00 + number:08X}({0x4D5E6F00 + number})",
            group=_value(protection, "pfs"),
            transform=_ESP[suite],
            left=2904,
            window=words.WINDOW_DETAIL if detail else "",
            iv=8 if "gcm" in suite else 16,
            errors=words.IPSEC_ERRORS_DETAIL if detail else words.IPSEC_ERRORS,
        )
        for number, (ours, theirs) in enumerate(_selectors(configuration, node))
    )


def _selectors(configuration: Configuration, node: Node) -> Iterator[tuple[str, str]]:
    carried = configuration.top(f"ip access-list extended {_value(node, 'tunnel policy')}")
    if carried is None:
        yield "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0"
        return
    for entry in carried.lines():
        parts = [word for word in entry.split() if re.fullmatch(r"[\d.]+", word)]
        yield _masked(*parts[:2]), _masked(*parts[2:])


def _masked(address: str, wildcard: str) -> str:
    return f"{address}/{'.'.join(str(255 - int(octet)) for octet in wildcard.split('.'))}"


def routes(configuration: Configuration, learnt: dict[str, str]) -> list[tuple[IPv4Network, str]]:
    """Return network and line of each route in the table; ``learnt`` are lines that a routing protocol brought."""
    rows: list[tuple[IPv4Network, str]] = []
    for name, one in addresses(configuration):
        rows.append((one.network, f"C        {one.network} is directly connected, {name}"))
        rows.append((IPv4Network(one.ip), f"L        {one.ip}/32 is directly connected, {name}"))
    best: dict[IPv4Network, tuple[int, str]] = {}
    for network, hop, distance in static_routes(configuration):
        via = _path(configuration, hop, distance)
        if via is not None and (network not in best or distance < best[network][0]):
            best[network] = (distance, via)
    rows += [
        (network, f"S{'*' if network.prefixlen == 0 else ' '}       {network} {via}")
        for network, (_, via) in best.items()
    ]
    rows += [(IPv4Network(network), line) for network, line in learnt.items()]
    return sorted(rows, key=lambda row: (row[0].network_address, row[0].prefixlen))


def _path(configuration: Configuration, hop: str, distance: int) -> str | None:
    if hop == "Null0":
        return "is directly connected, Null0"
    if hop.startswith("Tunnel"):
        return f"is directly connected, {hop}" if tunnel_is_whole(configuration, hop) else None
    reached = any(IPv4Address(hop) in one.network for _, one in addresses(configuration))
    return f"[{distance}/0] via {hop}" if reached else None


def route_table(configuration: Configuration, learnt: dict[str, str], within: IPv4Network | None = None) -> str:
    """Return ``show ip route``, or the routes inside one network."""
    rows = routes(configuration, learnt)
    default = next((line for network, line in rows if network.prefixlen == 0), None)
    gateway = words.NO_GATEWAY
    if default and " via " in default:
        gateway = f"Gateway of last resort is {default.split(' via ')[1]} to network 0.0.0.0"
    head = words.ROUTE_CODES.format(gateway=gateway)
    wanted = [(network, line) for network, line in rows if within is None or network.subnet_of(within)]
    return head + "".join(_grouped(wanted))


def _grouped(rows: list[tuple[IPv4Network, str]]) -> Iterator[str]:
    """Yield the rows under their classful network, as IOS groups them."""
    shown: set[IPv4Network] = set()
    for network, line in rows:
        major = IPv4Network((network.network_address, _class(network)), strict=False)
        inside = [one for one, _ in rows if one.subnet_of(major) and network.prefixlen > major.prefixlen]
        if network.prefixlen > major.prefixlen and major not in shown:
            shown.add(major)
            masks = len({one.prefixlen for one in inside})
            variably = f"variably subnetted, {len(inside)} subnets, {masks} masks"
            yield f"      {major} is {variably if masks > 1 else f'subnetted, {len(inside)} subnets'}\n"
        yield f"{line}\n"


def _class(network: IPv4Network) -> int:
    first = network.network_address.packed[0]
    return 0 if network.prefixlen == 0 else 8 if first < 128 else 16 if first < 192 else 24


def route_entry(configuration: Configuration, learnt: dict[str, str], address: IPv4Address) -> str:
    """Return ``show ip route ADDRESS``: the entry that an address is sent by."""
    fitting = [(network, line) for network, line in routes(configuration, learnt) if address in network]
    if not fitting:
        return words.ROUTE_MISSING
    network, line = max(fitting, key=lambda row: row[0].prefixlen)
    via = re.search(r"\[(\d+)/0\] via (\S+)", line)
    path = via.group(2) if via else f"directly connected, via {line.rsplit(' ', 1)[-1]}"
    return words.ROUTE_ENTRY.format(
        network=network, distance=via.group(1) if via else 1, connected="" if via else " (connected)", path=path
    )


def ipv6_lists(configuration: Configuration) -> str:
    """Return ``show ipv6 access-list``."""
    out = ""
    for node in configuration.sections("ipv6 access-list "):
        out += f"IPv6 access list {node.text.split()[-1]}\n"
        out += "".join(f"    {entry.text} sequence {number}\n" for number, entry in node.children.items())
    return out
