"""Set lines as words: read, told apart into ours and not ours, secrets hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatekit.plan.network_device import CpePart, FirewallPlan, Part, SwitchRoutePlan

type Words = tuple[str, ...]

HIDDEN = '"<hidden>"'
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')
_SECRET = re.compile(
    r"(?<= )(plain-text-password-value|encrypted-password|ascii-text|hexadecimal|secret|simple-password|md5|community|"
    r"authentication-key(?: \d+ type \S+ value)?|(?:authentication|privacy)-(?:key|password)|default-chap-secret|"
    r"default-password|pap-password|ssh-(?:rsa|dsa|ecdsa|ed25519)) (\"(?:[^\"\\]|\\.)*\"|\S+)"
)
_OBSCURED = re.compile(r"\"?\$(?:[0-9]|sha1|8\$aes\S*?)\$[^\s\"]*\"?")  # wherever else one turns up
_CHANGING = re.compile(r"^(set version |#|\s*$)")  # the release is read by `show version`; comments bear dates

FIREWALL_SECTIONS: tuple[Words, ...] = tuple(
    tuple(path.split())
    for path in (
        "system host-name",
        "system root-authentication",
        "system services",
        "system ntp",
        "system syslog host",
        "interfaces st0",
        "firewall family inet filter no-clear",
        "routing-options static",
        "security log",
        "security ike",
        "security ipsec",
        "security flow",
        "security address-book",
        "security nat",
        "security screen",
        "security alg",
        "security policies",
        "security zones",
        "security forwarding-options",
        "security apply-groups",
        "applications",
    )
)


def words_of(line: str) -> Words:
    """Return a line's words; a quoted one keeps its quotes only when it needs them."""
    return tuple(_bare(word) for word in _WORD.findall(line))


def line_of(words: Iterable[str]) -> str:
    """Return words as Junos writes them: in quotes where they hold what a bare word cannot."""
    return " ".join(word if re.fullmatch(r"[^\s\"<>;{}#]+", word) else f'"{word}"' for word in words)


def sections(part: Part) -> tuple[Words, ...]:
    """Return the paths below which everything is ours; on an L3 switch that is one route."""
    match part:
        case FirewallPlan():
            ports = (("interfaces", row.port) for row in part.interfaces)
            return (*FIREWALL_SECTIONS, ("system", "login", "user", part.operator), *ports)
        case SwitchRoutePlan():
            return (("routing-options", "static", "route", str(part.route.network)),)
        case CpePart():
            return ()


def is_ours(words: Words, part: Part) -> bool:
    """Return whether a line (verb first) says something in a section of ours; the box numbers accounts itself."""
    if words[1:4] == ("system", "login", "user") and words[5:6] == ("uid",):
        return False
    return any(words[1 : 1 + len(path)] == path for path in sections(part))


def without_secrets(configuration: str) -> str:
    """Return set lines with every secret as ``"<hidden>"`` and without lines that change by themselves."""
    kept = (line.rstrip() for line in configuration.splitlines() if not _CHANGING.match(line))
    return "".join(f"{_hidden(line)}\n" for line in kept)


def _hidden(line: str) -> str:
    """Return the line as the device would show it, its secret hidden; a typed password shows as a hash."""
    masked = _OBSCURED.sub(HIDDEN, _SECRET.sub(rf"\1 {HIDDEN}", line))
    return masked.replace("plain-text-password-value", "encrypted-password")


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word.startswith('"') and word.endswith('"') else word
