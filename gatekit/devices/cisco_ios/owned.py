"""Which sections of a CPE are ours, in the form in which they compare."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatekit.devices.cisco_ios.lists import list_of
from gatekit.devices.cisco_ios.text import Section, hidden, sections
from gatekit.plan.network_device import CpePlan

_OURS = re.compile(
    r"hostname |archive$|(no )?ip domain lookup$|ipv6 unicast-routing$|crypto (ikev2|ipsec) |"
    r"ip access-list (standard|extended) GW-|ipv6 access-list GW-|interface (Tunnel\d+|Loopback10)$|"
    r"ip ssh version |(no )?ip http (secure-)?server$|ip nat inside source list |ip route (?!vrf )|"
    r"logging host |ntp server |line vty "
)
# lines within our sections that the box writes or the technician needs: they stay as they are
_LEFT_ALONE = {
    "interface ": re.compile(
        r" (no shutdown$|no ip address$|negotiation |speed |duplex |media-type |load-interval |no mop |no lldp )"
    ),
    "line vty ": re.compile(r" (exec-timeout |length |logging synchronous$)"),
    "archive": re.compile(r" (?!path |maximum )"),
    "crypto ikev2 profile ": re.compile(r" (no )?config-exchange "),
}


def owned(configuration: str, plan: CpePlan) -> tuple[Section, ...]:
    """Return our sections of a configuration, secrets hidden, without the lines that are left alone."""
    ports = {f"interface {plan.wan.port}", f"interface {plan.lan.port}"}
    account = f"username {plan.operator} "
    return tuple(
        comparable(part)
        for part in sections(configuration)
        if _OURS.match(part.header) or part.header in ports or part.header.startswith(account)
    )


def comparable(part: Section) -> Section:
    """Return a section as it compares: typed and shown, it is the same."""
    found = list_of(part)
    if found is not None:
        return Section(part.header, tuple(f" {line}" for line in found.raw))
    left_alone = next((form for start, form in _LEFT_ALONE.items() if part.header.startswith(start)), None)
    return Section(hidden(part.header), tuple(hidden(line) for line in _kept(part.lines, left_alone)))


def _kept(lines: Iterable[str], left_alone: re.Pattern[str] | None) -> Iterable[str]:
    """Yield the lines that compare; what stands below a line that is left alone goes with it."""
    dropped = False
    for line in lines:
        deeper = line.startswith("  ")
        dropped = (dropped and deeper) or (left_alone is not None and not deeper and bool(left_alone.match(line)))
        if not dropped:
            yield line
