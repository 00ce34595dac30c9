"""What leads from a CPE or a switch as it was found to what the plan says, and back.

hier_config finds the differences of our sections and how each line is taken away; lists are exchanged whole
(``list_changes``). The order is ours: what is added first, what is referred to before what refers to it, what
goes last and the other way round, so that IOS never refuses an object that is in use (vendor reference 6.5).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from hier_config import WorkflowRemediation, get_hconfig
from hier_config.child import HConfigChild

from gatekit.devices.change import switch_route
from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.cisco_ios.driver import Driver
from gatekit.devices.cisco_ios.list_changes import list_changes
from gatekit.devices.cisco_ios.lists import list_of
from gatekit.devices.cisco_ios.owned import owned
from gatekit.devices.cisco_ios.switch_route import routing, spelling
from gatekit.devices.cisco_ios.text import HIDDEN, Section, hidden, joined, sections
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart, CpePlan, Part, SwitchRoutePlan
from gatekit.render.cisco_ios import cpe_config

_ORDER = (
    "hostname ",
    "archive",
    "no ip domain",
    "ip domain",
    "ipv6 unicast-routing",
    "username ",
    "crypto ikev2 proposal ",
    "crypto ikev2 policy ",
    "crypto ikev2 keyring ",
    "crypto ikev2 profile ",
    "crypto ipsec transform-set ",
    "crypto ipsec profile ",
    "interface Loopback",
    "interface ",
    "interface Tunnel",
    "ip ssh ",
    "ip route ",
    "ip nat ",
    "logging host ",
    "ntp server ",
    "no ip http",
    "ip http",
    "line vty ",
)
_KEPT_NEGATIONS = ("no ip domain lookup", "no ip http ")  # such a line is a setting, not a removal
_TOUCHES = (
    (Touch.TUNNEL, re.compile(r"(no )?(crypto |interface (Tunnel|Loopback)|.*GW-TUNNEL$)")),
    (Touch.ROUTES, re.compile(r"(no )?ip route ")),
    (Touch.POLICY, re.compile(r"(no )?(ip access-list|ipv6 access-list|ip nat )")),
    (
        Touch.MANAGEMENT,
        re.compile(r"(no )?(line vty |username |hostname |interface (?!Tunnel|Loopback)|.*GW-(MGMT|LAN))"),
    ),
)
_UNFELT = re.compile(r" (no )?(description |ip access-group |ipv6 traffic-filter )")
_SECRET = re.compile(r"<secret ([a-z][a-z0-9_]*)>")
type Path = tuple[str, ...]


def change_set(observed: Observed, part: Part, *, renewed_secrets: frozenset[str]) -> ChangeSet:
    """Return what leads from what was observed to what the plan says of our sections; pure.

    ``inverse`` cannot give back a secret that nobody but the device knows: where one was replaced or taken
    away, only the device's own undo does.

    Raises:
        DeviceError: GW421 or GW425 on a switch where our route would be wrong; GW427 for a firewall's part.
    """
    match part:
        case CpePart():
            wanted = cpe_config(part)
            return _cpe_change_set(observed.running, wanted, part.plan, renewed_secrets)
        case SwitchRoutePlan():
            return switch_route.change_set(routing(observed.running), part, spelling(part))
        case _:
            raise DeviceError("GW427", "cisco_ios", part.name, "Cisco IOS is no firewall of ours; choose another.")


def _cpe_change_set(running: str, rendered: str, plan: CpePlan, renewed: frozenset[str]) -> ChangeSet:
    found, wanted = owned(running, plan), owned(rendered, plan)
    bearing = _secret_lines(rendered)
    again = tuple(_sent_again(bearing, found, renewed))
    steps = (*_steps(found, wanted), *again)
    forward = tuple(_lines(steps, bearing))
    inverse = tuple(_lines(_steps(wanted, found), bearing))
    touches = _touches(forward)
    return ChangeSet(
        forward=forward,
        inverse=inverse if forward else (),
        touches=touches,
        interrupts=bool(touches & {Touch.TUNNEL, Touch.ROUTES}) or any(_is_felt(one) for one in steps),
        diff=_diff(found, wanted, again) if forward else "",
    )


def _steps(found: tuple[Section, ...], wanted: tuple[Section, ...]) -> Iterator[Section]:
    """Yield the sections to send, in order."""
    lists = list_changes(found, wanted)
    yield from lists.before
    trees = [get_hconfig(Driver(), joined(one for one in side if list_of(one) is None)) for side in (found, wanted)]
    changes = [_section(child) for child in WorkflowRemediation(*trees).remediation_config.children]
    added = [one for one in changes if not _removes(one.header)]
    removed = [one for one in changes if _removes(one.header)]
    typed_again = {_target(one.header) for one in added} - {None}
    first = [one for one in removed if one.header.startswith("no ip nat ") or _target(one.header) in typed_again]
    yield from first
    yield from sorted(added, key=lambda one: _place(one.header))
    for one in sorted((one for one in removed if one not in first), key=lambda one: -_place(one.header[3:])):
        if one.header.startswith("no interface "):
            yield Section(one.header[3:], (" shutdown",))
        yield one
    yield from lists.after


def _section(child: HConfigChild) -> Section:
    return Section(child.text, tuple(_indented(child)))


def _indented(node: HConfigChild, depth: int = 1) -> Iterator[str]:
    for child in sorted(node.children):
        yield " " * depth + child.text
        yield from _indented(child, depth + 1)


def _removes(header: str) -> bool:
    return header.startswith("no ") and not header.startswith(_KEPT_NEGATIONS)


def _target(header: str) -> str | None:
    """Return network and next hop of a route, added or removed: IOS takes them for one whatever else it says."""
    match = re.match(r"(?:no )?(ip route \S+ \S+ \S+)", header)
    return match.group(1) if match else None


def _place(header: str) -> int:
    """Return the place in ``_ORDER`` by the longest beginning that fits."""
    fitting = [start for start in _ORDER if header.startswith(start)]
    return _ORDER.index(max(fitting, key=len)) if fitting else len(_ORDER)


def _lines(parts: Iterable[Section], bearing: Mapping[Path, str]) -> Iterator[str]:
    """Yield the lines as typed: secrets by name, each section left by as many ``exit`` as it is deep."""
    for part in parts:
        typed = [line for _, line in _typed(part, bearing)]
        if any(HIDDEN in line for line in typed[:1]):
            continue  # an account whose password only the device knows
        yield from (line for line in typed if HIDDEN not in line)
        if part.lines:
            yield from ["exit"] * (len(part.lines[-1]) - len(part.lines[-1].lstrip()))


def _typed(part: Section, bearing: Mapping[Path, str]) -> Iterator[tuple[Path, str]]:
    for path, line in _paths(part):
        yield path, bearing.get(path, line)


def _paths(part: Section) -> Iterator[tuple[Path, str]]:
    """Yield every line with the lines above it that open its mode."""
    above: list[str] = []
    for line in (part.header, *part.lines):
        depth = len(line) - len(line.lstrip())
        above[depth:] = [line.strip()]
        yield tuple(above), line


def _secret_lines(rendered: str) -> dict[Path, str]:
    """Return the rendered lines that bear a secret, by the path of their hidden form."""
    found: dict[Path, str] = {}
    for part in sections(rendered):
        for path, line in _paths(part):
            if "<secret " in line:
                found[(*(hidden(one) for one in path),)] = line
    return found


def _sent_again(bearing: Mapping[Path, str], found: tuple[Section, ...], renewed: frozenset[str]) -> Iterator[Section]:
    """Yield the lines that are there already and whose secret is a new one."""
    there = {path for part in found for path, _ in _paths(part)}
    again: dict[Path, list[str]] = {}
    for path, line in bearing.items():
        if path in there and renewed.intersection(_SECRET.findall(line)):
            again.setdefault(path[:-1], []).append(path[-1])
    for above, lines in again.items():
        deep = " " * len(above)
        modes = tuple(" " * depth + one for depth, one in enumerate(above))
        yield from (
            [Section(modes[0], (*modes[1:], *(deep + one for one in lines)))]
            if modes
            else [Section(one) for one in lines]
        )


def _touches(lines: Iterable[str]) -> frozenset[Touch]:
    found: set[Touch] = set()
    for line in lines:
        if not line.startswith(" ") and line != "exit":
            found |= {touch for touch, form in _TOUCHES if form.match(line)} or {Touch.OTHER}
    return frozenset(found)


def _is_felt(step: Section) -> bool:
    """Return whether a step takes an interface or a translation away for a moment; a list changes at once."""
    lines = any(not _UNFELT.match(line) for line in step.lines) or step.header.startswith("no interface ")
    return "ip nat " in step.header or ("interface " in step.header and lines)


def _diff(found: tuple[Section, ...], wanted: tuple[Section, ...], again: tuple[Section, ...]) -> str:
    """Return the differences for people; sections in one order on both sides, as the box has one of its own."""
    before, after = (joined(sorted(side, key=lambda one: (_place(one.header), one.header))) for side in (found, wanted))
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), "found", "planned", lineterm="", n=1))
    lines += [f" {line.strip()} (a new secret)" for one in again for line in one[:1] + one.lines if HIDDEN in line]
    return "".join(f"{line}\n" for line in lines)
