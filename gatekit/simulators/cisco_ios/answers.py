"""The box's answers to ``show``: which command is answered by what."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Protocol

from gatekit.simulators.cisco_ios import shows, words
from gatekit.simulators.cisco_ios.configuration import Configuration
from gatekit.simulators.cisco_ios.exec_mode import Command
from gatekit.simulators.cisco_ios.rollback import Rollback
from gatekit.simulators.clock import Clock
from gatekit.simulators.terminal import Terminal


class Box(Protocol):
    """What a box is asked for by its shows; ``reads``: how many there were, ``since_s``: device time of its boot."""

    host_name: str
    model: str
    serial: str
    clock: Clock
    since_s: float
    reason: str
    reads: int
    running: Configuration
    archives: list[str]
    rollback: Rollback
    sessions: list[Terminal]
    learnt: dict[str, str]
    line_leads_out: bool

    def running_text(self) -> str:
        """Return what runs, without the header, which changes at every read."""

    def startup_text(self) -> str:
        """Return what was saved; empty when nothing was."""


def shown(box: Box, found: Command) -> str:
    """Return the answer to one ``show`` command."""
    return _ANSWERS[found.name](box, found.arguments)


def _running(box: Box, _: tuple[str, ...]) -> str:
    """Size and date change at every read."""
    box.reads += 1
    text = box.running_text()
    stamp = f"! Last configuration change at 10:{box.reads % 60:02}:07 UTC Mon Nov 23 2026"
    return f"{words.BUILDING}\nCurrent configuration : {len(text) + box.reads} bytes\n!\n{stamp}\n!\n{text}end\n\n"


def _startup(box: Box, _: tuple[str, ...]) -> str:
    text = box.startup_text()
    return f"Using {len(text)} out of 33554432 bytes\n!\n{text}end\n\n" if text else words.NO_STARTUP


def _version(box: Box, _: tuple[str, ...]) -> str:
    router = box.model.startswith("ISR")
    return words.VERSION.format(
        image=words.ROUTER_IMAGE if router else words.SWITCH_IMAGE,
        name=box.host_name,
        uptime=f"{int((box.clock.now_s() - box.since_s) // 60)} minutes",
        reason=box.reason,
        model=box.model,
        serial=box.serial,
    )


def _archive(box: Box, _: tuple[str, ...]) -> str:
    archive = box.running.top("archive")
    if archive is None or "path" not in archive.children:
        return words.ARCHIVE_OFF_SHOW
    path = archive.children["path"].text.split()[1]
    last = len(box.archives)
    rows = [
        f"   {number}        {file}{'  <- Most Recent' if number == last else ''}\n"
        for number, file in enumerate(box.archives, start=1)
    ]
    return words.ARCHIVE.format(count=last, next=f"{path}-{last}") + "".join(rows)


def _timer(box: Box, _: tuple[str, ...]) -> str:
    if not box.rollback.pending:
        return words.NOT_PENDING
    return words.TIMER.format(clock="10:00:00", minutes=box.rollback.minutes, user=box.rollback.user)


def _differences(box: Box, _: tuple[str, ...]) -> str:
    lines = difflib.ndiff(box.startup_text().splitlines(), box.running_text().splitlines())
    return words.DIFFERENCES + "".join(f"{line[0]}{line[2:]}\n" for line in lines if line[:1] in "+-")


def _users(box: Box, _: tuple[str, ...]) -> str:
    return words.USERS + "".join(
        words.USER.format(
            mark="*" if index == 0 else " ", line=index + 2, vty=index, user=one.user, address=one.address
        )
        for index, one in enumerate(box.sessions)
    )


def _ikev2_sa(box: Box, _: tuple[str, ...]) -> str:
    return shows.ikev2_sa(box.running, box.clock.now_s()) if box.line_leads_out else words.NO_IKEV2_SA


def _longer(box: Box, arguments: tuple[str, ...]) -> str:
    return shows.route_table(box.running, box.learnt, IPv4Network("/".join(arguments)))


_ANSWERS: Mapping[str, Callable[[Box, tuple[str, ...]], str]] = {
    "show running-config": _running,
    "show startup-config": _startup,
    "show version": _version,
    "show archive": _archive,
    "show archive config rollback timer": _timer,
    "show archive config differences": _differences,
    "show privilege": lambda _box, _: words.PRIVILEGE,
    "show users": _users,
    "show ip route": lambda box, _: shows.route_table(box.running, box.learnt),
    "show ip route <address>": lambda box, given: shows.route_entry(box.running, box.learnt, IPv4Address(given[0])),
    "show ip route <address> <mask> longer-prefixes": _longer,
    "show ipv6 access-list": lambda box, _: shows.ipv6_lists(box.running),
    "show crypto ikev2 sa": _ikev2_sa,
    "show crypto ikev2 sa detail": _ikev2_sa,
    "show crypto ipsec sa": lambda box, _: shows.ipsec_sa(box.running, detail=False),
    "show crypto ipsec sa detail": lambda box, _: shows.ipsec_sa(box.running, detail=True),
}
