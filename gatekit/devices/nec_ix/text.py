"""A UNIVERGE IX configuration as text: sections, what is ours, what must not be shown (vendor reference 4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from gatekit.plan.network_device import CpePart

HIDDEN = "<hidden>"
_CHANGING = re.compile(r"!|Using \d+ out of \d+ bytes|Building configuration|Current configuration")
_NAMED_SECRET = re.compile(r"<secret [a-z0-9_]+>")
_HIDINGS = (
    # the key may be shown in clear, as `key char X`, as `key secret X` or masked: the form without it is one
    (re.compile(r"^(ikev2 authentication psk id \S+ \S+ key) .+$"), rf"\1 {HIDDEN}"),
    (re.compile(r"^(username \S+ password)(?: plain(?: \d)?| hash)? \S+( .*)?$"), rf"\1 {HIDDEN}\2"),
    (
        re.compile(
            r"^(?!ikev2 authentication |username )(.*?\b(?:password|secret-password|secret|key|authentication-key|"
            r"message-digest-key|community)) .+$"
        ),
        rf"\1 {HIDDEN}",
    ),
)
_OUR_HEADS = (
    "hostname ",
    "timezone ",
    "ntp ",
    "syslog ",
    "logging buffered",
    "logging subsystem ike2 ",
    "ip ufs-cache ",
    "ipv6 ufs-cache ",
    "ip route ",
    "ipv6 route ",
    "ssh-server ",
    "ikev2 ",
    "ipv6 dhcp ",
    "interface Tunnel",
)
_ONE_OF_SEVERAL = re.compile(r"(ip|ipv6) access-list \S+ |ip route |ikev2 authentication |ntp server |syslog ip host ")
_LIST = re.compile(r"^(ip|ipv6) access-list (\S+) ")


@dataclass(frozen=True, slots=True)
class Section:
    """One line of the first level and what stands under it, both without indentation."""

    head: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return it as the box shows it."""
        return "".join([f"{self.head}\n", *(f"  {line}\n" for line in self.lines)])


def without_secret(line: str) -> str:
    """Return a line without its secret, in a form that is the same however the box shows or takes the secret."""
    indent = line[: len(line) - len(line.lstrip())]
    text = _NAMED_SECRET.sub(HIDDEN, line.strip())
    for pattern, form in _HIDINGS:
        text = pattern.sub(form, text)
    return indent + text


def settled(shown: str) -> str:
    """Return a shown configuration without header, separators and secrets: two reads of one state are equal.

    Lines whose order means nothing (routes, servers, a list that only permits) come in one order, because a line
    that was removed and typed again stands last on the box.
    """
    kept = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    lines = [without_secret(line) for line in kept if line.strip() and not _CHANGING.match(line.strip())]
    return "".join(f"{line}\n" for line in _in_one_order(lines))


def _in_one_order(lines: list[str]) -> Iterator[str]:
    for kind, run in groupby(lines, key=_kind):
        together = list(run)
        free = kind is not None and not (kind.split()[1] == "access-list" and _mixes(together))
        yield from sorted(together) if free else together


def _kind(line: str) -> str | None:
    """Return what a line is one of several of; None where it stands alone."""
    match = _ONE_OF_SEVERAL.match(line)
    return match[0] if match else None


def _mixes(rules: Iterable[str]) -> bool:
    return len({rule.split()[3] for rule in rules}) > 1


def sections(configuration: str) -> tuple[Section, ...]:
    """Return the sections of a settled or rendered configuration, in its order."""
    found: list[tuple[str, list[str]]] = []
    for line in configuration.splitlines():
        if not line.strip() or line.startswith("!"):
            continue
        if line[0] == " " and found:
            found[-1][1].append(line.strip())
        else:
            found.append((line.strip(), []))
    return tuple(Section(head, tuple(lines)) for head, lines in found)


def interface_name(port: str) -> str:
    """Return the box's name of a port: its first sub-interface, where the site file does not name one."""
    return port if "." in port else f"{port}.0"


def ours(found: Iterable[Section], part: CpePart, list_names: frozenset[str]) -> Iterator[Section]:
    """Yield the sections we answer for: whoever else adds something to them will lose it at the next run.

    ``list_names``: the access lists that are ours; all others belong to somebody else.
    """
    plan = part.plan
    heads = (
        *_OUR_HEADS,
        f"username {plan.operator} ",
        *(f"interface {interface_name(port)}" for port in (plan.wan.port, plan.lan.port)),
    )
    for section in found:
        named = _LIST.match(section.head)
        if named[2] in list_names if named else f"{section.head} ".startswith(heads):
            yield section


def list_names(found: Iterable[Section]) -> frozenset[str]:
    """Return the names of all access lists in a configuration."""
    return frozenset(named[2] for section in found if (named := _LIST.match(section.head)))
