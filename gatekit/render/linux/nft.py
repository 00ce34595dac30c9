"""Pieces of nftables text that firewall and CPE share: one flow a rule, its id as comment; drops count and say why.

Own table, created, deleted and created again in one transaction, so that loading the file twice is the same
as once and no other table is touched. Form: vendor reference 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from gatekit.plan.flow import Flow, Network, Protocol
from gatekit.render.text import header

TABLE = "gatekit_fw"
LOG_GROUP = 1  # NFLOG; a plain log shows nothing from a container
LOG_LIMIT = "limit rate 10/second burst 20 packets"


def table(chains: Iterable[str], protected: Iterable[IPv4Network]) -> str:
    """Return the whole file for ``nft -f``; ``@protected`` holds the data centre's networks."""
    own = f"table inet {TABLE}\ndelete table inet {TABLE}\ntable inet {TABLE} {{\n"
    held = f"\tset protected {{\n\t\ttype ipv4_addr; flags interval; elements = {networks(protected)}\n\t}}\n"
    return header("firewall.flows") + own + "\n".join((held, *chains)) + "}\n"


def chain(name: str, hook: str, policy: str, rules: Iterable[str], kind: str = "filter") -> str:
    """Return one base chain."""
    body = "".join(f"\t\t{line}\n" for line in rules)
    return f"\tchain {name} {{\n\t\ttype {kind} hook {hook}; policy {policy};\n{body}\t}}\n"


def rule(flow: Flow, match: str) -> str:
    """Return the accept rule of one flow; ``match`` gives interfaces and addresses."""
    return f'{match} {service(flow)} counter accept comment "{flow.id}"'


def service(flow: Flow) -> str:
    """Return the match of a flow's protocol and ports."""
    match flow.protocol:
        case Protocol.ESP:
            return "meta l4proto esp"
        case Protocol.ICMP:
            return "icmp type echo-request"
        case _:
            return f"{flow.protocol.value} dport {ports(flow.ports)}"


def ports(numbers: Iterable[int]) -> str:
    """Return an anonymous set of ports."""
    return "{ " + ", ".join(str(number) for number in sorted(numbers)) + " }"


def networks(ranges: Iterable[IPv4Network]) -> str:
    """Return an anonymous set; merged, since nft refuses overlapping elements."""
    return "{ " + ", ".join(str(network) for network in collapse_addresses(ranges)) + " }"


def ends(flow: Flow) -> str:
    """Return the match of a flow's addresses; an end that is anywhere (``::/0``) is not matched."""
    sides = (("saddr", flow.source.networks), ("daddr", flow.destination.networks))
    return " ".join(part for side, ranges in sides for part in _side(side, ranges))


def _side(side: str, ranges: tuple[Network, ...]) -> Iterable[str]:
    over_ipv4 = [network for network in ranges if isinstance(network, IPv4Network)]
    over_ipv6 = [network for network in ranges if isinstance(network, IPv6Network) and network.prefixlen]
    if over_ipv4:
        yield f"ip {side} {networks(over_ipv4)}"
    if over_ipv6:
        yield f"ip6 {side} {{ {', '.join(map(str, collapse_addresses(over_ipv6)))} }}"


def dropped(match: str, reason: str, prefix: str) -> tuple[str, str]:
    """Return a limited log rule and the drop that no limit weakens."""
    log = f'{match} {LOG_LIMIT} log prefix "gatekit-{prefix} " group {LOG_GROUP}'.strip()
    return log, f'{match} counter drop comment "{reason}"'.strip()


def no_clear(way: str, chain_name: str) -> tuple[str, str]:
    """Return the rules that hold the data centre's packets back from any interface but ``way``.

    They stand above "established": a flow opened inside the tunnel is established when it falls onto the
    clear path (vendor reference 0.4, rule 2).
    """
    return dropped(f'oifname != "{way}" ip daddr @protected', f"no-clear-to-data-centre-{chain_name}", "clear")


def state(chain_name: str) -> tuple[str, str]:
    """Return what connection tracking decides."""
    return f'ct state invalid counter drop comment "invalid-{chain_name}"', "ct state established,related accept"


def clamp(interface: str, mss: int) -> tuple[str, str]:
    """Return the rules that keep TCP segments within the tunnel, either way."""
    words = f"tcp flags syn / syn,rst tcp option maxseg size set {mss}"
    return f'oifname "{interface}" {words}', f'iifname "{interface}" {words}'


def reply(flow: Flow, interface: str) -> str:
    """Return the rule for answers within a session that began before the kernel tracked connections.

    Loading the first rule with ``ct state`` starts the tracking. The SSH session that loads it is unknown then,
    and its next packet is our answer: without this rule that session hangs. Nothing can be opened by it, since
    a first packet (SYN without ACK) does not match.
    """
    back = f"ip saddr {networks(flow.destination.ipv4_networks)} ip daddr {networks(flow.source.ipv4_networks)}"
    answers = f"tcp sport {ports(flow.ports)} tcp flags & (syn | ack) == ack"
    return f'oifname "{interface}" {back} {answers} counter accept comment "{flow.id}.reply"'


def rest(chain_name: str) -> tuple[str, str]:
    """Return the end of a chain: whatever no flow named is logged and dropped."""
    return dropped("", f"default-deny-{chain_name}", chain_name)
