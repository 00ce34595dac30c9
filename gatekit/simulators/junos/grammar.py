"""Which set lines the box takes, and what it says to the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, IPv4Network, NetmaskValueError

from gatekit.simulators.junos import words

type Words = tuple[str, ...]

FORMS = """
system host-name <name> !
system root-authentication encrypted-password <hash> !
system root-authentication plain-text-password ?
system login user <name> uid <1-64000> !
system login user <name> class super-user|operator|read-only !
system login user <name> authentication encrypted-password <hash> !
system login user <name> authentication plain-text-password ?
system time-zone <name> !
system services ssh
system services ssh root-login allow|deny|deny-password !
system services telnet
system services netconf ssh
system services web-management https interface <unit>
system name-server <address>
system ntp server <address>
system ntp source-address <address> !
system syslog file <name> any <level>
system syslog host <address> any any|notice|info|warning|error !
system syslog host <address> port <1-65535> !
system syslog host <address> transport tcp|udp|tls !
system syslog host <address> source-address <address> !
snmp community <name>
snmp location <name> !
chassis aggregated-devices ethernet device-count <1-64> !
security log mode stream|event !
security log source-address <address> !
security log transport protocol tcp|udp|tls !
security log stream <name> format sd-syslog|syslog|welf !
security log stream <name> host <address> !
security log stream <name> host port <1-65535> !
security ike proposal <name> authentication-method pre-shared-keys|rsa-signatures !
security ike proposal <name> dh-group group2|group5|group14|group15|group19|group20|group21 !
security ike proposal <name> authentication-algorithm md5|sha1|sha-256|sha-384|sha-512 !
security ike proposal <name> encryption-algorithm 3des-cbc|aes-128-cbc|aes-256-cbc|aes-128-gcm|aes-256-gcm !
security ike proposal <name> lifetime-seconds <180-86400> !
security ike policy <name> mode main|aggressive !
security ike policy <name> proposals <name>
security ike policy <name> pre-shared-key ascii-text <key> !
security ike gateway <name> ike-policy <name> !
security ike gateway <name> address <address> !
security ike gateway <name> dead-peer-detection always-send|optimized|probe-idle-tunnel
security ike gateway <name> dead-peer-detection interval <2-60> !
security ike gateway <name> dead-peer-detection threshold <1-5> !
security ike gateway <name> local-identity hostname <name> !
security ike gateway <name> remote-identity hostname <name> !
security ike gateway <name> external-interface <unit> !
security ike gateway <name> version v1-only|v2-only !
security ipsec proposal <name> protocol esp|ah !
security ipsec proposal <name> authentication-algorithm hmac-md5-96|hmac-sha1-96|hmac-sha-256-128|hmac-sha-512 !
security ipsec proposal <name> encryption-algorithm 3des-cbc|aes-128-cbc|aes-256-cbc|aes-128-gcm|aes-256-gcm !
security ipsec proposal <name> lifetime-seconds <180-86400> !
security ipsec policy <name> perfect-forward-secrecy keys group2|group5|group14|group15|group19|group20|group21 !
security ipsec policy <name> proposals <name>
security ipsec vpn <name> bind-interface <unit> !
security ipsec vpn <name> ike gateway <name> !
security ipsec vpn <name> ike ipsec-policy <name> !
security ipsec vpn <name> traffic-selector <name> local-ip <network> !
security ipsec vpn <name> traffic-selector <name> remote-ip <network> !
security ipsec vpn <name> establish-tunnels immediately|on-traffic|responder-only !
security flow tcp-mss ipsec-vpn mss <64-65535> !
security flow tcp-mss all-tcp mss <64-65535> !
security address-book global address <name> <network> !
security nat source rule-set <name> from zone <name>
security nat source rule-set <name> to zone <name>
security nat source rule-set <name> rule <name> match source-address <network>
security nat source rule-set <name> rule <name> then source-nat interface
security policies from-zone <name> to-zone <name> policy <name> match source-address <name>
security policies from-zone <name> to-zone <name> policy <name> match destination-address <name>
security policies from-zone <name> to-zone <name> policy <name> match application <name>
security policies from-zone <name> to-zone <name> policy <name> then permit|deny|reject
security policies from-zone <name> to-zone <name> policy <name> then log session-init|session-close
security policies global policy <name> match from-zone <name>
security policies global policy <name> match to-zone <name>
security policies global policy <name> match source-address <name>
security policies global policy <name> match destination-address <name>
security policies global policy <name> match application <name>
security policies global policy <name> then permit|deny|reject
security policies global policy <name> then log session-init|session-close
security policies default-policy deny-all|permit-all !
security zones security-zone <name> interfaces <unit>
security zones security-zone <name> interfaces <unit> host-inbound-traffic system-services <service>
security zones security-zone <name> host-inbound-traffic system-services <service>
interfaces <port> description <name> !
interfaces <port> unit <0-16385> description <name> !
interfaces <port> unit <0-16385> family inet
interfaces <port> unit <0-16385> family inet mtu <256-9500> !
interfaces <port> unit <0-16385> family inet address <interface>
interfaces <port> unit <0-16385> family inet filter output <name> !
interfaces <port> unit <0-16385> family inet filter input <name> !
interfaces <port> unit <0-16385> family ethernet-switching vlan members <name>
firewall family inet filter <name> term <name> from destination-address <network>
firewall family inet filter <name> term <name> then count <name> !
firewall family inet filter <name> term <name> then discard|accept
routing-options static route <network> next-hop <hop>
routing-options static route <network> discard
protocols rstp interface <name>
vlans <name> vlan-id <1-4094> !
vlans <name> l3-interface <unit> !
applications application <name> protocol tcp|udp|icmp|esp !
applications application <name> destination-port <range> !
applications application <name> icmp-type echo-request|echo-reply !
"""
"""One form a line; ``!`` = holds one value, ``?`` = asks for a password, ``a|b`` = one of them."""

OBJECTS = frozenset(
    {
        "user", "host", "stream", "proposal", "gateway", "vpn", "traffic-selector", "rule-set", "rule", "policy",
        "security-zone", "unit", "filter", "term", "route", "application",
    }
)  # fmt: skip
"""Words that begin a named object, which stays when its last statement is deleted."""

ADDRESSES: dict[str, type[IPv4Address | IPv4Network | IPv4Interface]] = {
    "<address>": IPv4Address,
    "<network>": IPv4Network,
    "<interface>": IPv4Interface,
}
PATTERNS = {
    "<port>": r"(?:ge|xe|et|me|fxp|st|irb|lo|ae|reth|vlan)-?\d*(?:/\d+/\d+)?",
    "<unit>": r"(?:(?:ge|xe)-\d+/\d+/\d+|st0|irb|lo0|reth\d+)\.\d+",
    "<range>": r"\d{1,5}(-\d{1,5})?",
}
HINTS = {"<service>": "ssh|ping|ike|telnet|https|http|all|any-service|dns|snmp|traceroute|netconf|dhcp"}


@dataclass(frozen=True, slots=True)
class Form:
    """One statement's form."""

    words: Words
    single: bool
    asks: bool

    def takes(self, at: int, word: str) -> bool:
        """Return whether the word may stand there."""
        wanted = HINTS.get(self.words[at], self.words[at])
        return _fits(wanted, word) if wanted.startswith("<") else word in wanted.split("|")


class Refused(Exception):  # noqa: N818 - the box's answer, not a fault
    """A line that the box does not take: ``column`` is where its caret stands, None for none."""

    def __init__(self, column: int | None, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def _form(line: str) -> Form:
    parts = line.split()
    flag = parts[-1] if parts[-1] in {"!", "?"} else ""
    return Form(tuple(parts[:-1] if flag else parts), flag == "!", flag == "?")


_ALL = tuple(_form(line) for line in FORMS.splitlines() if line)
_BY_TOP: dict[str, tuple[Form, ...]] = {}
for _one in _ALL:
    _BY_TOP[_one.words[0]] = (*_BY_TOP.get(_one.words[0], ()), _one)
TOP = tuple(_BY_TOP)


def parse(said: Words, columns: tuple[int, ...]) -> Form:
    """Return the form of a whole statement (without its verb); ``columns`` say where each word begins.

    Raises:
        Refused: in the box's words.
    """
    possible = _BY_TOP.get(said[0], ()) if said else ()
    for at, word in enumerate(said):
        fitting = tuple(form for form in possible if len(form.words) > at and form.takes(at, word))
        if not fitting:
            raise _refused(possible, at, word, columns[at])
        possible = fitting
    whole = [form for form in possible if len(form.words) == len(said)]
    if not whole:
        raise Refused(columns[-1] + len(said[-1]) if said else None, words.MISSING)
    return whole[0]


def is_path(said: Words) -> bool:
    """Return whether the words begin a statement: what may be deleted or shown."""
    return any(
        len(form.words) >= len(said) and all(form.takes(at, word) for at, word in enumerate(said))
        for form in _BY_TOP.get(said[0] if said else "", ())
    )


def _refused(possible: tuple[Form, ...], at: int, word: str, column: int) -> Refused:
    values = {form.words[at] for form in possible if len(form.words) > at and form.words[at].startswith("<")}
    for value in sorted(values):
        if re.fullmatch(r"<\d+-\d+>", value) and word.isdigit():
            return Refused(column, words.OUT_OF_RANGE.format(value=word))
        if value in {"<address>", "<network>", "<interface>"}:
            return Refused(column, words.NO_ADDRESS.format(value=word))
    return Refused(column, "syntax error.\n")


def _fits(kind: str, word: str) -> bool:
    if numbers := re.fullmatch(r"<(\d+)-(\d+)>", kind):
        return word.isdigit() and int(numbers[1]) <= int(word) <= int(numbers[2])
    if kind == "<hop>":
        return word == "st0.0" or _is_a(IPv4Address, word)
    if kind in ADDRESSES:
        return ("/" in word) is (kind != "<address>") and _is_a(ADDRESSES[kind], word)
    return re.fullmatch(PATTERNS.get(kind, ".+"), word) is not None


def _is_a(kind: type[IPv4Address | IPv4Network | IPv4Interface], word: str) -> bool:
    try:
        kind(word)
    except (AddressValueError, NetmaskValueError, ValueError):
        return False
    return True
