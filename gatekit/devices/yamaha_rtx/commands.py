"""The commands that are ours on an RTX: which line replaces which, and how one goes away.

A line is known by its ``key``: the words that stay when the value changes. Writing a line again with another value
replaces it; ``no`` and the key removes it (command reference 1.4). The sections in which packets, names and logins
are decided are ours altogether: a line there that no command fits is known by all of its words, has no meaning for
the reader (GW427) and is taken away by the differences. Other sections are not ours and are left alone. Source of
the forms: vendor reference 5 and the Yamaha command reference, chapters in the comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from gatekit.devices.change.model import Touch


class Rank(IntEnum):
    """When a line is written: what is leant on before what leans on it; removal goes the other way."""

    CONSOLE = 0  # first, so that every later refusal is in English
    ACCOUNT = 1
    FILTER = 2
    NAT = 3
    PORT = 4
    LOGIN = 5
    BINDING = 6
    TUNNEL = 7
    ROUTE = 8
    SERVICE = 9


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``key`` matches what names the line; ``whole``: the value belongs to the name too."""

    key: re.Pattern[str]
    rank: Rank
    touch: Touch
    interrupts: bool = False
    whole: bool = False


def _command(key: str, rank: Rank, touch: Touch, *, interrupts: bool = False, whole: bool = False) -> Command:
    return Command(re.compile(key + r"(?= |$)"), rank, touch, interrupts, whole)


LAN = r"lan\d+"
GLOBAL: tuple[Command, ...] = (
    _command("console (?:character|columns|lines|prompt)", Rank.CONSOLE, Touch.OTHER),  # 4.20 .. 4.23
    _command("administrator password", Rank.ACCOUNT, Touch.MANAGEMENT),  # 4.3
    _command(r"login user \S+", Rank.ACCOUNT, Touch.MANAGEMENT),  # 4.5
    _command(r"user attribute \S+", Rank.ACCOUNT, Touch.MANAGEMENT),  # 4.10
    _command(r"ip filter dynamic \d+", Rank.FILTER, Touch.POLICY),  # 8.1.14
    _command(r"ip filter \d+", Rank.FILTER, Touch.POLICY),  # 8.1.10
    _command(r"ipv6 filter dynamic \d+", Rank.FILTER, Touch.POLICY),  # 30.7.3
    _command(r"ipv6 filter \d+", Rank.FILTER, Touch.POLICY),  # 30.7.1
    _command(r"nat descriptor (?:type|address outer|address inner) \d+", Rank.NAT, Touch.POLICY),  # 23.3 .. 23.5
    _command(r"nat descriptor masquerade static \d+ \d+", Rank.NAT, Touch.POLICY),  # 23.8
    _command(rf"ip {LAN} address", Rank.PORT, Touch.MANAGEMENT, interrupts=True),
    _command(rf"ip {LAN} secondary address", Rank.PORT, Touch.MANAGEMENT),
    _command(rf"ipv6 {LAN} address", Rank.PORT, Touch.TUNNEL, interrupts=True, whole=True),  # 30.2.2
    _command(rf"ipv6 {LAN} dhcp service", Rank.PORT, Touch.TUNNEL, interrupts=True),  # 30.2.5
    _command(rf"ngn type {LAN}", Rank.PORT, Touch.TUNNEL, interrupts=True),
    _command(r"sshd (?:service|host(?! key))", Rank.LOGIN, Touch.MANAGEMENT),
    _command(r"(?:telnetd|httpd|dns) service", Rank.LOGIN, Touch.OTHER),
    _command(r"(?:telnetd|httpd|tftp) host", Rank.LOGIN, Touch.OTHER),
    _command(rf"ip {LAN} secure filter (?:in|out)", Rank.BINDING, Touch.MANAGEMENT),  # 8.1.25
    _command(rf"ip {LAN} nat descriptor", Rank.BINDING, Touch.POLICY),  # 23.2
    _command(rf"ipv6 {LAN} secure filter (?:in|out)", Rank.BINDING, Touch.POLICY),  # 30.7.2
    _command(r"ip route \S+", Rank.ROUTE, Touch.ROUTES),  # 8.1.7
    _command(r"ipv6 route \S+", Rank.ROUTE, Touch.TUNNEL),
    _command(r"ipsec auto refresh(?: \d+(?= (?:on|off)))?", Rank.TUNNEL, Touch.TUNNEL, interrupts=True),  # 15.10
    _command(r"syslog (?:host|local address|notice)", Rank.SERVICE, Touch.OTHER),  # 4.25, 4.29, 4.34
    _command(r"ntp local address", Rank.SERVICE, Touch.OTHER),  # 4.18
    _command(r"schedule at \d+", Rank.SERVICE, Touch.OTHER),  # 37.1
    _command(
        r"(?:ip|ipv6|ipsec|nat|ngn|bridge|lan pass-through|dhcp|dns|sshd(?! host key)|telnetd|httpd|tftp|sftpd|l2tp"
        r"|pptp|upnp|pp enable)",
        Rank.PORT,
        Touch.POLICY,
        whole=True,
    ),
)
TUNNEL: tuple[Command, ...] = (
    _command("description tunnel", Rank.TUNNEL, Touch.OTHER),
    _command("tunnel (?:name|encapsulation|type|template)", Rank.TUNNEL, Touch.TUNNEL, interrupts=True),
    _command("ipsec tunnel", Rank.TUNNEL, Touch.TUNNEL, interrupts=True),
    _command(r"ipsec sa policy \d+", Rank.TUNNEL, Touch.TUNNEL, interrupts=True),  # 15.48.2
    _command(
        r"ipsec ike (?:keepalive (?:log|use)|duration (?:ike-sa|child-sa|isakmp-sa|ipsec-sa)|(?:local|remote) "
        r"(?:address|name|id)|negotiation receive|message-id-control|child-exchange type|[a-z0-9-]+) \d+",
        Rank.TUNNEL,
        Touch.TUNNEL,
        interrupts=True,
    ),
    _command("ip tunnel (?:mtu|tcp mss limit|address|remote address)", Rank.TUNNEL, Touch.TUNNEL, interrupts=True),
    _command("ip tunnel secure filter (?:in|out)", Rank.BINDING, Touch.POLICY),
    _command("ip tunnel nat descriptor", Rank.BINDING, Touch.POLICY),
    _command(r"tunnel enable \d+", Rank.SERVICE, Touch.TUNNEL, interrupts=True),  # 14.1
)
OTHER_IN_TUNNEL = _command(r"\S+", Rank.TUNNEL, Touch.TUNNEL, interrupts=True, whole=True)
SECRET = re.compile(r"(administrator password|login user \S+|ipsec ike pre-shared-key \d+) .+")
"""A line that bears a secret; its value may be shown as ``*``, ``encrypted *`` or ``text *`` (5.4)."""


def command_of(line: str, *, in_tunnel: bool) -> Command | None:
    """Return the command of ours that a line is, or None."""
    for command in (*TUNNEL, OTHER_IN_TUNNEL) if in_tunnel else GLOBAL:
        if command.key.match(line):
            return command
    return None


def begins_a_command(text: str) -> bool:
    """Return whether a text begins as a command of ours does."""
    return any(command.key.match(text) for command in (*GLOBAL, *TUNNEL))


def key_of(line: str, command: Command) -> str:
    """Return the words that name the line."""
    found = command.key.match(line)
    if found is None or command.whole:
        return line
    return found.group()


def masked(line: str) -> str:
    """Return the line with its secret, however it is shown, as ``<hidden>``."""
    found = SECRET.fullmatch(line)
    return f"{found.group(1)} <hidden>" if found else line
