"""A configuration as IOS shows it, made comparable: sections, secrets hidden, nothing that changes by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

HIDDEN = "<hidden>"
UNDO_PATH = "flash:gw-undo"  # of the archive that only our undo timer needs; see transaction.py
_OF_THEIR_OWN_ACCORD = re.compile(
    r"Building configuration|Current configuration|Using \d+ out of|! |!$|ntp clock-period |end$|"
    r"Load for |Time source is |No time source"
)
_SECRETS = (
    # first what is kept, then what is hidden; IOS shows type 0, 5, 6, 7, 8 or 9, and a typed line may have a recipe
    re.compile(r"^(\s*username \S+(?: privilege \d+)?)(?: algorithm-type \S+)? (?:secret|password)(?: \d+)? \S.*$"),
    re.compile(r"^(\s*pre-shared-key(?: local| remote)?)(?: 6| 0)?(?: hex)? \S.*$"),
    re.compile(r"^(\s*enable(?: algorithm-type \S+)?) (?:secret|password)(?: level \d+)?(?: \d+)? \S.*$"),
    re.compile(r"^(\s*snmp-server community) \S+.*$"),
    re.compile(r"^(\s*snmp-server user \S+) .*$"),
    re.compile(r"^(\s*(?:server-key|key-string|password|secret))(?: \d+)? (?!encryption)\S.*$"),
    re.compile(r"^(\s*key) [0-9] \S.*$"),
    re.compile(r"^(\s*(?:tacacs|radius)-server .*?key)(?: \d+)? \S+$"),
    re.compile(r"^(\s*(?:ip ospf|ntp|standby \d+|neighbor \S+) .*?(?:md5|password|authentication|key-string)) \S.*$"),
    re.compile(r"^(\s*crypto isakmp key)(?: 6| 0)? \S+.*$"),
)


class Section(NamedTuple):
    """One line without indentation and what stands below it, as indented on the device."""

    header: str
    lines: tuple[str, ...] = ()


def stable(configuration: str) -> str:
    """Return a configuration without what changes by itself, secrets as ``<hidden>``, ended by a newline.

    The archive that ``transaction`` had to set up on a box without one is left out: it is no part of the
    configuration that we found, and it is gone once a change has ended.
    """
    kept = (line.rstrip() for line in configuration.replace("\r", "").splitlines())
    lines = [hidden(line) for line in kept if line.strip() and not _OF_THEIR_OWN_ACCORD.match(line)]
    return joined(one for one in sections("\n".join(lines)) if one != Section("archive", (f" path {UNDO_PATH}",)))


def hidden(line: str) -> str:
    """Return the line without the secret that it bears, as typed or as shown; other lines as they are."""
    for form in _SECRETS:
        match = form.match(line)
        if match:
            return f"{match.group(1)} {HIDDEN}"
    return line


def sections(configuration: str) -> tuple[Section, ...]:
    """Return a configuration's sections in order; comments and blank lines are no part of any."""
    found: list[tuple[str, list[str]]] = []
    for line in configuration.splitlines():
        if not line.strip() or line.lstrip().startswith("!"):
            continue
        if line.startswith(" ") and found:
            found[-1][1].append(line.rstrip())
        else:
            found.append((line.strip(), []))
    return tuple(Section(header, tuple(lines)) for header, lines in found)


def joined(parts: Iterable[Section]) -> str:
    """Return sections as text."""
    return "".join("\n".join([part.header, *part.lines, ""]) for part in parts)
