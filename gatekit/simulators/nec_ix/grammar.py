"""What a simulated IX takes: the lines of vendor reference 4.1 and 4.5, each with the place it holds.

Two lines with one key cannot stand together: the later one replaces the former, as on the box. A key without
captured groups is a setting the box has once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface, ip_network

_PREFIX4, _ADDRESS4 = r"\d+\.\d+\.\d+\.\d+/\d+", r"\d+\.\d+\.\d+\.\d+"
_NAME = r"[A-Za-z0-9][-\w.]*"
_PORTS = r"any|eq \d+|range \d+ \d+"
_MATCH = (
    rf"(?:permit|deny) (?:ip|tcp|udp|icmp(?: type \d+)?|\d+) src (?:any|\S+/\d+)(?: sport (?:{_PORTS}))?"
    rf" dest (?:any|\S+/\d+)(?: dport (?:{_PORTS}))?"
)
_INTERFACE = r"(?:GigaEthernet[0-2]\.[0-9]|Tunnel[0-9]{1,3}\.0|Loopback[01]\.0|Null[01]\.0)"
_BITS = r"(?:768|1024|1536|2048|3072)-bit"
_ENCRYPTION = r"(?:(?:aes-cbc-(?:128|192|256)|aes-gcm-256-16|3des-cbc)(?: |$))+"
_HASH = r"(?:sha1|sha2-256|sha2-384|sha2-512)"

GLOBAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"hostname (?:\S+)",
        r"timezone (?:[+-]\d\d \d\d)",
        rf"username (?P<key>{_NAME}) password (?:plain [12]|hash) \S+(?: (?:administrator|operator|monitor))?",
        rf"ntp server (?P<key>{_ADDRESS4})",
        r"syslog (?P<key>ip) enable",
        rf"syslog ip host (?P<key>{_ADDRESS4})",
        r"syslog (?P<key>facility) local[0-7]",
        r"syslog (?P<key>timestamp) (?:datetime|timeofday)",
        r"logging (?P<key>buffered) \d+(?: cyclic)?",
        r"logging subsystem (?P<key>\S+) (?:debug|info|notice|warn|error)",
        r"(?P<key>ip|ipv6) ufs-cache enable",
        r"ipv6 dhcp enable",
        r"(?P<key>http-server|telnet-server) ip enable",
        rf"ip route (?P<key>(?:{_PREFIX4}|default) (?:{_ADDRESS4}|{_INTERFACE}))(?: distance \d+)?",
        rf"ip access-list (?P<key>{_NAME} {_MATCH})",
        rf"ipv6 access-list (?P<key>{_NAME} {_MATCH})",
        rf"ssh-server ip access-list {_NAME}",
        r"ssh-server ip (?P<key>enable)",
        r"ikev2 authentication psk id (?P<key>(?:fqdn|ipv4|ipv6|keyid) \S+) key (?:char|secret) \S+",
    )
)
SECTION = re.compile(rf"interface ({_INTERFACE})|ipv6 dhcp client-profile ({_NAME})")
INSIDE = tuple(
    re.compile(pattern)
    for pattern in (
        r"description \S.*",
        rf"(?P<key>ip address) {_PREFIX4}",
        rf"(?P<key>ip unnumbered) {_INTERFACE}",
        r"ip mtu \d+",
        r"ip tcp adjust-mss (?:\d+|auto)",
        rf"(?P<key>(?:ip|ipv6) filter {_NAME} \d+ (?:in|out))",
        r"(?P<key>ipv6 enable)",
        r"(?P<key>ipv6 traffic-class) tos \d+",
        r"(?P<key>ipv6 interface-identifier) (?:[0-9a-f]{2}:){7}[0-9a-f]{2}",
        r"(?P<key>ipv6 address autoconfig) receive-default",
        rf"(?P<key>ipv6 dhcp client) {_NAME}",
        r"(?P<key>tunnel mode) (?:ipsec-ikev2|ipsec|4-over-6)",
        r"ikev2 (?P<key>connect-type) (?:auto|on-demand)",
        r"ikev2 (?P<key>negotiation-direction) (?:initiator|responder|both)",
        r"ikev2 (?P<key>ipsec) (?:pre|post)-fragment",
        r"ikev2 (?P<key>local-authentication) psk id (?:fqdn|ipv4|ipv6|keyid) \S+",
        r"ikev2 (?P<key>dpd) interval \d+",
        r"ikev2 (?P<key>sa-lifetime) \d+",
        rf"ikev2 (?P<key>sa-proposal enc) {_ENCRYPTION}",
        rf"ikev2 (?P<key>sa-proposal integrity) {_HASH}",
        rf"ikev2 (?P<key>sa-proposal prf) {_HASH}",
        rf"ikev2 (?P<key>sa-proposal dh) {_BITS}",
        r"ikev2 (?P<key>child-lifetime) \d+",
        rf"ikev2 (?P<key>child-proposal enc) {_ENCRYPTION}",
        rf"ikev2 (?P<key>child-proposal integrity) {_HASH}",
        rf"ikev2 (?P<key>child-pfs) (?:{_BITS}|off)",
        rf"ikev2 (?P<key>source-address) {_INTERFACE}",
        rf"ikev2 (?P<key>outgoing-interface) {_INTERFACE}(?: auto)?",
        r"ikev2 (?P<key>peer) \S+ authentication psk id (?:fqdn|ipv4|ipv6|keyid) \S+",
        rf"ia-pd subscriber (?P<key>{_INTERFACE}) \S+ eui-64",
    )
)
REMOVAL = (  # unverified (vendor reference 4.5): shorter than the line they remove
    (re.compile(r"ikev2 authentication psk id (?P<key>(?:fqdn|ipv4|ipv6|keyid) \S+)"), 18),
    (re.compile(rf"username (?P<key>{_NAME})"), 2),
)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The place of a line: the number of its pattern, then what was captured."""

    rank: int
    text: str


def key_of(patterns: tuple[re.Pattern[str], ...], line: str) -> Key | None:
    """Return the place of a line; None when the box would not take it."""
    for rank, pattern in enumerate(patterns):
        match = pattern.fullmatch(line)
        if match and _values_are_good(line):
            return Key(rank, match.groupdict().get("key") or "")
    return None


def removed_key(line: str) -> Key | None:
    """Return the place that a short removal names."""
    for pattern, rank in REMOVAL:
        if match := pattern.fullmatch(line):
            return Key(rank, match["key"])
    return None


def _values_are_good(line: str) -> bool:
    """Return whether every address, network and number in a line is one the box would take."""
    words = line.split()
    for word in words:
        try:
            if re.fullmatch(r"[\d.]+/\d+", word):
                ip_interface(word) if words[:2] == ["ip", "address"] else ip_network(word)
            elif re.fullmatch(r"[\d.]{7,}", word):
                ip_address(word)
            elif "::" in word and re.fullmatch(r"[0-9a-f:]+(/\d+)?", word):
                ip_network(word, strict=False)
        except ValueError:
            return False
    return True
