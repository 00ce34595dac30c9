"""The box's configuration: a tree of lines, one for running and one for startup."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gatekit.simulators.cisco_ios.grammar import GLOBAL, Form, Taken

_SECTIONS = (  # the order in which IOS shows them
    "version", "service", "platform", "hostname", "boot", "enable", "aaa", "ip routing", "no ip routing", "ip domain",
    "no ip domain", "login", "ipv6 unicast-routing", "license", "spanning-tree", "archive", "username", "redundancy",
    "crypto ikev2 proposal", "crypto ikev2 policy", "crypto ikev2 keyring", "crypto ikev2 profile", "vlan",
    "crypto ipsec transform-set", "crypto ipsec profile", "interface Loopback", "interface Tunnel",
    "interface Gigabit", "interface Ten", "interface Vlan", "router", "ip forward-protocol", "ip http",
    "no ip http", "ip nat", "ip route", "ip ssh", "ip access-list standard", "ip access-list extended", "logging",
    "ipv6 access-list", "snmp-server", "control-plane", "banner", "line con", "line vty", "ntp",
)  # fmt: skip
LIST_MODES = frozenset({"config-std-nacl", "config-ext-nacl", "config-ipv6-acl"})
UDP_PORTS = {"53": "domain", "67": "bootps", "68": "bootpc", "123": "ntp", "500": "isakmp", "4500": "non500-isakmp"}
TCP_PORTS = {"53": "domain", "80": "www", "514": "cmd"}


@dataclass(slots=True)
class Node:
    """One line and what stands below it; ``children`` by key. A list's children are keyed by number."""

    text: str
    mode: str = ""
    children: dict[str, Node] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield the texts of the children."""
        return (child.text for child in self.children.values())


@dataclass(slots=True)
class Configuration:
    """A whole configuration; ``root.children`` by key.

    ``numbered``: whether lists are shown with numbers, as newer releases do. ``master_key``: whether keys are
    kept as type 6. ``accounts``: the passwords behind the hashes, so that a login can be checked.
    """

    root: Node = field(default_factory=lambda: Node("", GLOBAL))
    numbered: bool = True
    master_key: bool = False
    accounts: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Configuration:
        """Return one that shares nothing with this."""
        return copy.deepcopy(self)

    def top(self, key: str) -> Node | None:
        """Return a global line by its key, or None."""
        return self.root.children.get(key)

    def sections(self, start: str) -> Iterator[Node]:
        """Yield the global lines that begin so."""
        return (node for node in self.root.children.values() if node.text.startswith(start))

    def body(self) -> str:
        """Return the text between header and ``end``, in the box's order, with the box's ``!`` lines."""
        out: list[str] = []
        nodes = sorted(self.root.children.values(), key=lambda node: (_place(node.text), _natural(node.text)))
        for node in nodes:
            if node.text == "archive" and not node.children:
                continue
            out += [*_shown(node, 0, self.numbered), *(["!"] if node.mode else [])]
        return "".join(f"{line}\n" for line in out)


def _place(text: str) -> int:
    fitting = [start for start in _SECTIONS if text.startswith(start)]
    return _SECTIONS.index(max(fitting, key=len)) if fitting else len(_SECTIONS)


def _natural(text: str) -> tuple[tuple[int, int | str], ...]:
    if not text.startswith(("ip route", "interface", "ip access-list", "line", "ntp", "logging", "vlan")):
        return ()
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in re.findall(r"\d+|\D+", text))


_LINE_ORDER = (  # inside an interface; elsewhere lines stand as they were typed
    "description", "switchport", "vrf", "ip address", "no ip address", "ip unnumbered", "ip access-group", "ip mtu",
    "ip nat", "ip tcp", "shutdown", "negotiation", "ipv6 address", "ipv6 enable", "ipv6 dhcp", "ipv6 traffic-filter",
    "tunnel source", "tunnel mode", "tunnel destination", "tunnel protection ipsec policy",
    "tunnel protection ipsec profile",
)  # fmt: skip


def _shown(node: Node, depth: int, numbered: bool) -> Iterator[str]:  # noqa: FBT001 - private recursion
    yield " " * depth + node.text
    children = list(node.children.items())
    if node.mode == "config-if":
        known = {child.text for _, child in children}
        if not any(text.startswith(("ip address", "ip unnumbered", "switchport")) for text in known):
            children.append(("ip address", Node("no ip address")))
        children.sort(key=lambda item: _line_place(item[1].text))
    if node.mode in LIST_MODES:
        children.sort(key=lambda item: int(item[0]))
        if node.mode == "config-std-nacl":  # IOS keeps hosts before networks, in an order of its own
            children.sort(key=lambda item: (len(item[1].text.split()), item[1].text[::-1]))
    for key, child in children:
        if node.mode in LIST_MODES and numbered:
            prefix = "sequence " if node.mode == "config-ipv6-acl" else ""
            yield " " * (depth + 1) + f"{prefix}{key} {child.text}"
        else:
            yield from _shown(child, depth + 1, numbered)


def _line_place(text: str) -> int:
    fitting = [start for start in _LINE_ORDER if text.startswith(start)]
    return _LINE_ORDER.index(max(fitting, key=len)) if fitting else len(_LINE_ORDER)


def put(parent: Node, text: str, found: Taken) -> Node:
    """Set a line; children of what it replaces stay, as the box keeps a section whose header is typed again."""
    old = parent.children.get(found.key)
    node = Node(text, found.form.opens, old.children if old else {})
    if old is None:
        parent.children[found.key] = node
    else:
        old.text = text
        node = old
    return node


def unset(parent: Node, text: str, found: Taken) -> bool:
    """Take a line away, or set its negative form where that is what the box shows; return whether it was there."""
    there = parent.children.pop(found.key, None) is not None
    if found.key in {"ip domain lookup", "ip routing", "ip http server", "ip http secure-server"}:
        parent.children[found.key] = Node(text)
        return True
    return there


def entry_text(form: Form, text: str) -> str:
    """Return a list's entry as the box shows it: ports by name."""
    if form.mode != "config-ext-nacl":
        return text
    names = UDP_PORTS if " udp " in text else TCP_PORTS
    return re.sub(r"\b(eq|gt) (\d+)", lambda match: f"{match[1]} {names.get(match[2], match[2])}", text)
