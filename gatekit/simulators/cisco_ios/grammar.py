"""Which lines the simulated box takes, in which mode, and what a line replaces.

A line is matched against the forms of the current mode, then, as on the box, against those of the global mode.
``key`` says what the line sets: a second line with the same key takes the first one's place. A form whose key is
the whole line may stand many times.
"""

from __future__ import annotations

import re
from typing import NamedTuple

GLOBAL = "config"


class Form(NamedTuple):
    """One line of one mode; ``opens`` is the mode that it leads into, ``short`` what ``no`` may be followed by."""

    mode: str
    pattern: re.Pattern[str]
    key: str
    opens: str = ""
    short: re.Pattern[str] | None = None


class Taken(NamedTuple):
    """A line the box took: its key, its form and whether it began with ``no``."""

    key: str
    form: Form
    negative: bool


IP = r"\d{1,3}(?:\.\d{1,3}){3}"
NAME = r"[\w.\-/:]+"
PORT = r"(?:GigabitEthernet|TenGigabitEthernet|Tunnel|Loopback|Vlan|Null)\d[\d/.]*"
IP6 = r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*"
_END = rf"(?:any|host {IP}|{IP} {IP})"
_END6 = rf"(?:any|host {IP6}|{IP6}/\d+)"
_PORT = r"(?: (?:eq|gt) [\w\-]+)?"
_ICMP = r"(?: (?:echo|echo-reply|unreachable|time-exceeded|parameter-problem|packet-too-big))?"
_ICMP6 = (
    r"(?: (?:nd-na|nd-ns|router-advertisement|packet-too-big|unreachable|time-exceeded|parameter-problem|echo-\w+))?"
)
ENTRY = (
    rf"(?:permit|deny) (?:(?:tcp|udp) {_END}{_PORT} {_END}{_PORT}(?: established)?|"
    rf"icmp {_END} {_END}{_ICMP}|(?:ip|esp) {_END} {_END})(?: log)?"
)
ENTRY6 = (
    rf"(?:permit|deny) (?:(?:tcp|udp) {_END6}{_PORT} {_END6}{_PORT}|"
    rf"icmp {_END6} {_END6}{_ICMP6}|(?:ipv6|esp) {_END6} {_END6})(?: log)?"
)
ENTRY_STANDARD = rf"(?:permit|deny) (?:any|{IP}|host {IP}|{IP} {IP})(?: log)?"
_SUITES = r"esp-gcm 256|esp-gcm 128|esp-aes 256 esp-sha256-hmac|esp-3des esp-sha-hmac"
_WHOLE = "{0}"

# mode, pattern, key ({0} = whole line, {1}.. = groups), mode it opens, what may follow "no"
_ROWS: tuple[tuple[str, ...], ...] = (
    (GLOBAL, rf"hostname ({NAME})", "hostname", "", r"hostname.*"),
    (GLOBAL, r"archive", "archive", "config-archive"),
    (GLOBAL, r"ip domain lookup", "ip domain lookup"),
    (GLOBAL, r"ipv6 unicast-routing", _WHOLE),
    (GLOBAL, r"ip routing", "ip routing"),
    (
        GLOBAL,
        r"username (\S+) privilege \d+ (?:algorithm-type scrypt )?secret .+",
        "username {1}",
        "",
        r"username (\S+)",
    ),
    (GLOBAL, r"enable secret .+", "enable secret", "", r"enable secret.*"),
    (GLOBAL, r"crypto ikev2 proposal (\S+)", _WHOLE, "config-ikev2-proposal"),
    (GLOBAL, r"crypto ikev2 policy (\S+)", _WHOLE, "config-ikev2-policy"),
    (GLOBAL, r"crypto ikev2 keyring (\S+)", _WHOLE, "config-ikev2-keyring"),
    (GLOBAL, r"crypto ikev2 profile (\S+)", _WHOLE, "config-ikev2-profile"),
    (
        GLOBAL,
        rf"crypto ipsec transform-set (\S+) (?:{_SUITES})",
        "crypto ipsec transform-set {1}",
        "cfg-crypto-trans",
        r"crypto ipsec transform-set (\S+)",
    ),
    (GLOBAL, r"crypto ipsec profile (\S+)", _WHOLE, "ipsec-profile"),
    (GLOBAL, r"ip access-list standard (\S+)", _WHOLE, "config-std-nacl"),
    (GLOBAL, r"ip access-list extended (\S+)", _WHOLE, "config-ext-nacl"),
    (GLOBAL, r"ipv6 access-list (\S+)", _WHOLE, "config-ipv6-acl"),
    (GLOBAL, rf"interface ({PORT})", _WHOLE, "config-if"),
    (GLOBAL, r"vlan (\d+)", _WHOLE, "config-vlan"),
    (GLOBAL, r"router ospf (\d+)", _WHOLE, "config-router"),
    (GLOBAL, r"ip ssh version 2", "ip ssh version", "", r"ip ssh version.*"),
    (GLOBAL, r"ip ssh rsa keypair-name (\S+)", "ip ssh rsa", "", r"ip ssh rsa.*"),
    (GLOBAL, r"ip http server", "ip http server"),
    (GLOBAL, r"ip http secure-server", "ip http secure-server"),
    (GLOBAL, rf"ip nat inside source list (\S+) interface ({PORT}) overload", _WHOLE),
    (
        GLOBAL,
        rf"ip route ({IP}) ({IP}) ({IP}|{PORT})(?: \d+)?(?: name \S+)?",
        "ip route {1} {2} {3}",
        "",
        rf"ip route ({IP}) ({IP}) ({IP}|{PORT})(?: \d+)?(?: name \S+)?",
    ),
    (GLOBAL, rf"logging host {IP}(?: transport (?:tcp|udp) port \d+)?", _WHOLE),
    (GLOBAL, rf"ntp server {IP}(?: prefer)?", _WHOLE),
    (GLOBAL, r"line (?:vty|con) \d+(?: \d+)?", _WHOLE, "config-line"),
    (
        GLOBAL,
        r"(?:version|service|boot-start-marker|boot-end-marker|spanning-tree|platform|snmp-server|banner|login) ?.*",
        _WHOLE,
    ),
    (GLOBAL, r"aaa .+|license .+|redundancy|control-plane|diagnostic .+|vtp .+|ip forward-protocol nd", _WHOLE),
    ("config-archive", r"path (\S+)", "path", "", r"path.*"),
    ("config-archive", r"maximum ([1-9]|1[0-4])", "maximum", "", r"maximum.*"),
    ("config-archive", r"log config", _WHOLE, "config-archive-log-cfg"),
    ("config-archive", r"write-memory", _WHOLE),
    ("config-archive-log-cfg", r"logging enable", _WHOLE),
    ("config-ikev2-proposal", r"encryption (?:aes-(?:gcm|cbc)-(?:128|256)|3des)", "encryption"),
    ("config-ikev2-proposal", r"integrity sha\d*", "integrity"),
    ("config-ikev2-proposal", r"prf sha\d+", "prf"),
    ("config-ikev2-proposal", r"group (?:14|15|16|19|20|21|24|2|5)", "group"),
    ("config-ikev2-policy", r"proposal (\S+)", _WHOLE),
    ("config-ikev2-keyring", r"peer (\S+)", _WHOLE, "config-ikev2-keyring-peer"),
    ("config-ikev2-keyring-peer", rf"address (?:{IP}|{IP6}(?:/\d+)?)", "address"),
    ("config-ikev2-keyring-peer", r"pre-shared-key local (?:6 )?\S+", "pre-shared-key local"),
    ("config-ikev2-keyring-peer", r"pre-shared-key remote (?:6 )?\S+", "pre-shared-key remote"),
    ("config-ikev2-profile", r"match identity remote fqdn \S+", _WHOLE),
    ("config-ikev2-profile", r"identity local fqdn \S+", "identity local"),
    ("config-ikev2-profile", r"authentication (remote|local) pre-share", "authentication {1}"),
    ("config-ikev2-profile", r"keyring local (\S+)", "keyring"),
    ("config-ikev2-profile", r"lifetime \d+", "lifetime"),
    ("config-ikev2-profile", r"dpd \d+ \d+ (?:periodic|on-demand)", "dpd"),
    ("cfg-crypto-trans", r"mode (?:tunnel|transport)", "mode"),
    ("ipsec-profile", r"set security-association lifetime seconds \d+", "lifetime"),
    ("ipsec-profile", r"set transform-set (\S+)", "transform-set"),
    ("ipsec-profile", r"set pfs group\d+", "pfs"),
    ("ipsec-profile", r"set ikev2-profile (\S+)", "ikev2-profile"),
    ("config-if", r"description .+", "description", "", r"description.*"),
    ("config-if", rf"ip address (?:dhcp|{IP} {IP}(?: secondary)?)", "ip address", "", r"ip address.*"),
    ("config-if", rf"ip unnumbered {PORT}", "ip unnumbered", "", r"ip unnumbered.*"),
    ("config-if", r"ip access-group (\S+) (in|out)", "ip access-group {2}"),
    ("config-if", r"ipv6 traffic-filter (\S+) (in|out)", "ipv6 traffic-filter {2}"),
    ("config-if", r"ip nat (?:inside|outside)", "ip nat"),
    ("config-if", r"ip mtu \d+", "ip mtu", "", r"ip mtu.*"),
    ("config-if", r"ip tcp adjust-mss \d+", "ip tcp adjust-mss", "", r"ip tcp adjust-mss.*"),
    ("config-if", rf"ipv6 address {IP6} link-local", "link-local"),
    ("config-if", r"ipv6 address autoconfig(?: default)?", "autoconfig"),
    ("config-if", rf"ipv6 address \S+ {IP6}/\d+", _WHOLE),
    ("config-if", r"ipv6 enable", _WHOLE),
    ("config-if", r"ipv6 dhcp client pd \S+", "pd"),
    ("config-if", r"tunnel source \S+", "tunnel source"),
    ("config-if", r"tunnel mode (?:ipsec ipv4|ipsec ipv6(?: v4-overlay)?|gre ip)", "tunnel mode"),
    ("config-if", rf"tunnel destination (?:{IP}|{IP6})", "tunnel destination"),
    ("config-if", r"tunnel protection ipsec policy ipv4 (\S+)", "tunnel policy"),
    ("config-if", r"tunnel protection ipsec profile (\S+)", "tunnel profile"),
    ("config-if", r"shutdown", "shutdown"),
    ("config-if", r"negotiation auto|switchport.*|speed \S+|duplex \S+|vrf forwarding \S+", _WHOLE),
    ("config-std-nacl", ENTRY_STANDARD, _WHOLE),
    ("config-ext-nacl", ENTRY, _WHOLE),
    ("config-ipv6-acl", ENTRY6, _WHOLE),
    ("config-vlan", r"name \S+", "name"),
    ("config-router", r".+", _WHOLE),
    ("config-line", r"access-class (\S+) in", "access-class"),
    ("config-line", r"ipv6 access-class (\S+) in", "ipv6 access-class"),
    ("config-line", r"login(?: local)?", "login"),
    ("config-line", r"transport input .+", "transport input"),
    ("config-line", r"exec-timeout .+", "exec-timeout"),
    ("config-line", r"stopbits 1|logging synchronous|length \d+", _WHOLE),
)


def _form(row: tuple[str, ...]) -> Form:
    mode, pattern, key, opens, short = (*row, *("",) * (5 - len(row)))
    return Form(mode, re.compile(pattern), key, opens, re.compile(short) if short else None)


_FORMS = tuple(_form(row) for row in _ROWS)
_ABBREVIATED = {"Gi": "GigabitEthernet", "Tu": "Tunnel", "Lo": "Loopback", "Vl": "Vlan", "Te": "TenGigabitEthernet"}


def taken(mode: str, line: str) -> Taken | None:
    """Return how the box takes a line in exactly one mode, or None when it does not."""
    negative = line.startswith("no ")
    text = line[3:] if negative else line
    for form in _FORMS:
        if form.mode != mode:
            continue
        match = form.pattern.fullmatch(text) or (form.short.fullmatch(text) if negative and form.short else None)
        if match:
            groups = (*match.groups(), *("",) * 4)
            return Taken(form.key.format(text, *groups), form, negative)
    return None


def complete(line: str) -> str:
    """Return the line with interface names written out, blanks single, IPv6 in capitals: as the box shows it."""
    words = []
    for word in line.split():
        short = re.fullmatch(r"([A-Z][a-z])(\d[\d/.]*)", word)
        if short and short.group(1) in _ABBREVIATED:
            word = _ABBREVIATED[short.group(1)] + short.group(2)  # noqa: PLW2901 - the word as shown
        elif re.fullmatch(rf"{IP6}(?:/\d+)?", word) and ":" in word:
            word = word.upper()  # noqa: PLW2901 - the word as shown
        words.append(word)
    return " ".join(words)


def is_beginning(mode: str, line: str) -> bool:
    """Return whether a line is only the beginning of one that the box takes: it says incomplete, not invalid."""
    words = line.removeprefix("no ").split()
    for form in _FORMS:
        if form.mode == mode:
            literal = re.match(r"[a-z0-9 \-]*", form.pattern.pattern)
            known = literal.group(0).split() if literal else []
            if words and len(words) <= len(known) and known[: len(words)] == words and form.pattern.pattern != line:
                return True
    return False
