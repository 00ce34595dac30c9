"""Which lines an RTX takes, and what they are about. Its own reading of the manual, not the renderer's."""

from __future__ import annotations

import re
from dataclasses import dataclass

V4 = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
NET4 = rf"{V4}/\d{{1,2}}"
END4 = rf"(?:\*|{V4}(?:/\d{{1,2}})?)"
END6 = r"(?:\*|[0-9a-f:]+(?:/\d{1,3})?)"
PORTS = r"(?:\*|[\w,-]+)"
DEED = r"(?:pass|reject|restrict)(?:-log|-nolog)?"
LAN = r"lan[1-8]"
KIND4 = r"(?:\*|icmp|tcp|udp|esp|icmp-error|icmp-info|established|tcpsyn|\d+)(?:,\w+)*"
KIND6 = r"(?:\*|icmp6|icmp-nd|tcp|udp|esp|\d+)(?:,\w+)*"
NUMBERS = r"\d+(?: \d+)*"
HOP = rf"gateway (?:{V4}|tunnel \d+|pp \d+|null|dhcp {LAN})(?: (?:hide|weight \d+|metric \d+|filter {NUMBERS}))*"
HIDDEN_VALUE = r"(?:encrypted )?\S+"


@dataclass(frozen=True, slots=True)
class Rule:
    """One command: the words that name a line, the values it takes, where it stands in ``show config``.

    ``order``: place among the others; ``tunnel``: only where a tunnel is selected; ``depth``: how far indented.
    """

    words: str
    values: str
    order: int
    tunnel: bool = False
    depth: int = 0
    whole: bool = False  # the value names the line too

    def fits(self, line: str) -> re.Match[str] | None:
        """Return the match of a whole line."""
        return re.fullmatch(f"({self.words}) ({self.values})", line)


RULES: tuple[Rule, ...] = (
    Rule("administrator password", HIDDEN_VALUE, 1),
    Rule(r"login user [\w-]{1,32}", HIDDEN_VALUE, 2),
    Rule("security class", r"[123] (?:on|off)(?: (?:on|off)){0,2}", 3),
    Rule(r"user attribute [\w*-]+", r"(?:\w[\w-]*=[\w.,-]+)(?: \w[\w-]*=[\w.,-]+)*", 4),
    Rule("timezone", r"[+-]\d\d:\d\d|jst|utc", 5),
    Rule("console character", r"en\.ascii|ja\.sjis|ja\.euc|ja\.utf8", 6),
    Rule("console columns", r"\d{2,4}", 7),
    Rule("console lines", r"\d{2,3}|infinity", 8),
    Rule("console prompt", r"\S{1,64}", 9),
    Rule("login timer", r"\d+|clear", 10),
    Rule(rf"ip route (?:default|{NET4})", rf"{HOP}(?: {HOP})*", 20),
    Rule(r"ipv6 route (?:default|[0-9a-f:]+/\d+)", rf"gateway (?:dhcp {LAN}|[0-9a-f:]+(?:%\d+)?)", 21),
    Rule(rf"ip {LAN} address", rf"{NET4}|dhcp", 30),
    Rule(rf"ip {LAN} proxyarp", "on|off", 31),
    Rule(rf"ip {LAN} nat descriptor", NUMBERS, 32),
    Rule(rf"ip {LAN} secure filter (?:in|out)", rf"{NUMBERS}(?: dynamic {NUMBERS})?", 33),
    Rule(
        rf"ipv6 {LAN} address",
        rf"(?:ra|dhcp)-prefix@{LAN}[0-9a-f:]*/\d+|auto|dhcp|[0-9a-f:]+/\d+",
        34,
        whole=True,
    ),
    Rule(rf"ipv6 {LAN} secure filter (?:in|out)", rf"{NUMBERS}(?: dynamic {NUMBERS})?", 35),
    Rule(rf"ipv6 {LAN} dhcp service", r"off|server|client(?: ir=(?:on|off))?", 36),
    Rule(rf"ngn type {LAN}", "off|ntt", 37),
    Rule(rf"description {LAN}", r"\S.*", 38),
    Rule("description tunnel", r"\S+", 50, tunnel=True, depth=1),
    Rule("tunnel name", r"\S+", 51, tunnel=True, depth=1),
    Rule("ipsec tunnel", r"\d+", 52, tunnel=True, depth=1),
    Rule(
        r"ipsec sa policy \d+",
        r"\d+ esp (?:aes256-cbc|aes-cbc|3des-cbc) (?:sha256|sha|md5)-hmac",
        53,
        tunnel=True,
        depth=2,
    ),
    Rule(r"ipsec ike always-on \d+", "on|off", 54, tunnel=True, depth=2),
    Rule(r"ipsec ike duration (?:ike-sa|child-sa) \d+", r"\d+", 55, tunnel=True, depth=2),
    Rule(r"ipsec ike encryption \d+", "aes256-cbc|aes-cbc|3des-cbc|des-cbc", 56, tunnel=True, depth=2),
    Rule(
        r"ipsec ike group \d+", r"modp(?:768|1024|1536|2048)(?: modp(?:768|1024|1536|2048))?", 57, tunnel=True, depth=2
    ),
    Rule(r"ipsec ike hash \d+", "sha256|sha|md5", 58, tunnel=True, depth=2),
    Rule(r"ipsec ike keepalive log \d+", "on|off", 59, tunnel=True, depth=2),
    Rule(
        r"ipsec ike keepalive use \d+",
        r"(?:on|off|auto)(?: (?:rfc4306|dpd|heartbeat)(?: \d+){0,3})?",
        60,
        tunnel=True,
        depth=2,
    ),
    Rule(
        r"ipsec ike local address \d+",
        rf"{V4}|[0-9a-f:]+|ipv6 prefix (?:(?:ra|dhcp)-prefix@{LAN})?[0-9a-f:]+/\d+ on {LAN}",
        61,
        tunnel=True,
        depth=2,
    ),
    Rule(
        r"ipsec ike local name \d+", r"\S+(?: (?:fqdn|user-fqdn|ipv4-addr|ipv6-addr|key-id))?", 62, tunnel=True, depth=2
    ),
    Rule(r"ipsec ike negotiation receive \d+", "on|off", 63, tunnel=True, depth=2),
    Rule(r"ipsec ike pfs \d+", "on|off", 64, tunnel=True, depth=2),
    Rule(r"ipsec ike pre-shared-key \d+", r"text \S+|0x[0-9a-fA-F]+", 65, tunnel=True, depth=2),
    Rule(r"ipsec ike proposal-limitation \d+", "on|off", 66, tunnel=True, depth=2),
    Rule(r"ipsec ike remote address \d+", r"any|[\w.:-]+", 67, tunnel=True, depth=2),
    Rule(
        r"ipsec ike remote name \d+",
        r"\S+(?: (?:fqdn|user-fqdn|ipv4-addr|ipv6-addr|key-id))?",
        68,
        tunnel=True,
        depth=2,
    ),
    Rule(r"ipsec ike version \d+", "[12]", 69, tunnel=True, depth=2),
    Rule("ip tunnel mtu", r"\d+", 70, tunnel=True, depth=1),
    Rule("ip tunnel secure filter (?:in|out)", rf"{NUMBERS}(?: dynamic {NUMBERS})?", 71, tunnel=True, depth=1),
    Rule("ip tunnel tcp mss limit", r"\d+|auto|off", 72, tunnel=True, depth=1),
    Rule(r"tunnel enable \d+", "", 73, tunnel=True, depth=1),
    Rule(
        r"ip filter dynamic \d+",
        rf"{END4} {END4} (?:tcp|udp|ntp|domain|www|ftp|ping|filter {NUMBERS})(?: \w+=\S+)*",
        81,
    ),
    Rule(r"ip filter \d+", rf"{DEED} {END4}(?: {END4}(?: {KIND4}(?: {PORTS}(?: {PORTS})?)?)?)?", 80),
    Rule("nat descriptor type \\d+", "none|nat|masquerade|nat-masquerade", 82),
    Rule("nat descriptor address outer \\d+", rf"primary|ipcp|{V4}", 83),
    Rule("nat descriptor address inner \\d+", rf"auto|{V4}(?:-{V4})?", 84),
    Rule("ipsec auto refresh", "on|off", 90),
    Rule(r"ipv6 filter \d+", rf"{DEED} {END6}(?: {END6}(?: {KIND6}(?: {PORTS}(?: {PORTS})?)?)?)?", 91),
    Rule("syslog host", rf"{V4}(?: {V4}){{0,3}}", 100),
    Rule("syslog local address", V4, 101),
    Rule("syslog (?:notice|debug|info)", "on|off", 102),
    Rule("dhcp service", "server|relay", 93),
    Rule("dhcp server rfc2131 compliant", r"on|off|except [\w -]+", 94),
    Rule(r"dhcp scope \d+", rf"{V4}-{V4}/\d+(?: \S+ \S+)*", 95),
    Rule("telnetd service", "on|off", 103),
    Rule(r"telnetd host", rf"any|none|lan|{V4}(?:-{V4})?(?: {V4}(?:-{V4})?)*", 104),
    Rule("dns host", rf"any|none|lan|{LAN}(?: {LAN})*", 105),
    Rule("dns service", "recursive|off", 105),
    Rule("dns server", rf"{V4}(?: {V4})*|dhcp {LAN}", 106),
    Rule(r"schedule at \d+", r"(?:\+\d+|(?:\S+/\S+ )?(?:[\d*]+:[\d*]+(?::\d+)?|startup)) \* \S.*", 107),
    Rule("httpd service", "on|off", 108),
    Rule("snmp community read-only", r"\S+", 109),
    Rule("snmp sysname", r"\S+", 110),
    Rule("ntp local address", V4, 111),
    Rule("sshd service", "on|off", 112),
    Rule("sshd host", rf"any|none|(?:{LAN}|{V4}(?:-{V4})?)(?: (?:{LAN}|{V4}(?:-{V4})?))*", 113),
    Rule("sshd host key generate", r"\S+", 114),
)
DEFAULTS = re.compile(
    r"timezone (?:\+09:00|jst)|console columns 80|console lines 24|console character ja\.sjis|login timer 300"
    r"|ipsec ike (?:pfs|proposal-limitation|always-on) \d+ off|ipsec ike negotiation receive \d+ on"
    r"|ipsec ike keepalive log \d+ on|ipsec ike keepalive use \d+ auto|ipsec ike hash \d+ sha"
    r"|ipsec ike group \d+ modp1024|ipsec ike encryption \d+ 3des-cbc|ipsec ike duration \S+ \d+ 28800"
    r"|telnetd service on|telnetd host any|sshd service off|sshd host any|httpd service on|dns service recursive"
    r"|syslog (?:notice|debug) off|syslog info on|ngn type lan\d off|ipsec auto refresh off"
    r"|ipv6 lan\d dhcp service off|security class 1 on off(?: off)?|nat descriptor address inner \d+ auto"
)
"""Lines that say what holds anyway: taken, and not shown again (5.4)."""

SECRETS = re.compile(r"(administrator password|login user \S+|ipsec ike pre-shared-key \d+) .+")
"""Lines of which only the name is shown."""


def rule_of(line: str) -> Rule | None:
    """Return the rule that a whole line fits, or None."""
    for rule in RULES:
        if rule.fits(line) or (not rule.values and re.fullmatch(rule.words, line)):
            return rule
    return None


def rule_named(words: str) -> tuple[Rule, str] | None:
    """Return the rule whose naming words a text begins with, and those words; the longest wins."""
    found = [(rule, match.group()) for rule in RULES if (match := re.match(f"(?:{rule.words})(?= |$)", words))]
    return max(found, key=lambda one: len(one[1]), default=None)
