"""What a Linux router's rendered files say, read with expressions of our own and compared with the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, collapse_addresses, ip_network

from gatekit.devices.change.meaning import RouteMeaning, meaning_of
from gatekit.plan.flow import Flow, Network, Protocol
from gatekit.plan.network_device import CpePart, CryptoSuite, FirewallPlan
from gatekit.render.linux.router_files import RouterFiles

type Row = tuple[str, frozenset[Network], frozenset[Network], str, frozenset[int]]
"""Chain, sources, destinations, protocol and ports of one rule that lets a connection begin."""

ANY = ip_network("::/0")
_CHAIN = re.compile(r"^\tchain (\w+) \{(.*?)^\t\}", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r'^(?P<match>.*) counter accept comment "(?P<name>[^"]+)"$')
_NOT_OF_THE_PLAN = re.compile(r".*\.reply|line\..*")  # answers, and what the line itself needs: tests of their own
_ITSELF = re.compile(r'[io]ifname "lo" accept|ct state established,related accept|type .* policy accept;')
_SUITES = {
    "aes256gcm16-prfsha384-ecp384/aes256gcm16-ecp384": ("aes256-gcm16", "none", "sha384", 20),
    "aes256-sha256-prfsha256-modp3072/aes256-sha256-modp3072": ("aes256-cbc", "sha256", "sha256", 15),
    "aes256-sha256-prfsha256-modp2048/aes256-sha256-modp2048": ("aes256-cbc", "sha256", "sha256", 14),
}


def as_text(files: RouterFiles) -> str:
    """Return every file that says who may pass, where packets go and how they are encrypted."""
    return "".join(file.content for file in (files.rules, *files.ways))


def noticed(text: str, part: FirewallPlan | CpePart) -> str:
    """Return which facts are not those of the plan; empty when all are."""
    plan = part.plan if isinstance(part, CpePart) else part
    itself = "cpe" if isinstance(part, CpePart) else "firewall"
    suite = None if plan.tunnel is None else _named(plan.tunnel.suite)
    facts = {
        "rules": sorted(map(repr, _rows(text))) == sorted(repr(_row(flow, itself)) for flow in plan.flows),
        "state": not _unnamed(text),
        "routes": frozenset(_routes(text)) == meaning_of(part).routes,
        "proposals": _offer(text) == suite,
    }
    return " ".join(name for name, is_planned in facts.items() if not is_planned)


def _unnamed(text: str) -> list[str]:
    """Return what is let through by no rule of a flow, beside the box itself and what began before."""
    accepting = (line.strip() for _, body in _CHAIN.findall(text) for line in body.splitlines() if "accept" in line)
    return [line for line in accepting if not _RULE.match(line) and not _ITSELF.fullmatch(line)]


def _rows(text: str) -> Iterator[Row]:
    for chain, body in _CHAIN.findall(text):
        for line in body.splitlines():
            rule = _RULE.match(line.strip())
            if rule and not _NOT_OF_THE_PLAN.fullmatch(rule["name"]):
                match = rule["match"]
                yield chain, _side(match, "saddr"), _side(match, "daddr"), *_service(match)


def _side(match: str, side: str) -> frozenset[Network]:
    found = re.findall(rf"ip6? {side} \{{ (.*?) \}}", match)
    return frozenset(ip_network(word) for words in found for word in words.split(", ")) or frozenset({ANY})


def _service(match: str) -> tuple[str, frozenset[int]]:
    if "l4proto esp" in match:
        return "esp", frozenset()
    if "icmp type echo-request" in match:
        return "icmp", frozenset()
    found = re.search(r"(tcp|udp) dport \{ (.*?) \}", match)
    assert found, match
    return found[1], frozenset(int(word) for word in found[2].split(", "))


def _row(flow: Flow, itself: str) -> Row:
    begins, ends = flow.route[0] == itself, flow.route[-1] == itself
    chain = "output" if begins else "input" if ends else "forward"
    ports = frozenset(flow.ports) if flow.protocol in {Protocol.TCP, Protocol.UDP} else frozenset[int]()
    return chain, _merged(flow.source.networks), _merged(flow.destination.networks), flow.protocol.value, ports


def _merged(networks: Iterable[Network]) -> frozenset[Network]:
    found = list(networks)
    four = [network for network in found if isinstance(network, IPv4Network)]
    return frozenset([*collapse_addresses(four), *(network for network in found if network.version == 6)])


def _routes(text: str) -> Iterator[RouteMeaning]:
    for blackhole, name, rest in re.findall(r"^route replace (blackhole )?(\S+) (.*)$", text, re.MULTILINE):
        network = IPv4Network("0.0.0.0/0" if name == "default" else name)
        words = rest.split()
        hop = "discard" if blackhole else "tunnel" if words[0] == "dev" else words[1]
        yield RouteMeaning.model_validate({"network": network, "hop": hop})


def _offer(text: str) -> tuple[object, ...] | None:
    ike, esp = (re.findall(rf"^\s*{key} = (\S+)$", text, re.MULTILINE) for key in ("proposals", "esp_proposals"))
    return _SUITES.get("/".join([*ike, *esp])) if ike else None


def _named(suite: CryptoSuite) -> tuple[object, ...]:
    return suite.encryption, suite.integrity, suite.prf, suite.dh_group
