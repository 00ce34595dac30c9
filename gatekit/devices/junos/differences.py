"""From what a Junos device holds to what we render: hier_config compares, this folds and orders.

``delete`` of single leaves would leave empty objects, which fail the commit check: what is wholly gone is deleted
as the object it was. A leaf that holds one value is overwritten. Policies are put into order last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import unified_diff

from hier_config import Platform, WorkflowRemediation, get_hconfig

from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.change.switch_route import precheck
from gatekit.devices.junos.switch_route import routing
from gatekit.devices.junos.text import HIDDEN, Words, is_ours, line_of, without_secrets, words_of
from gatekit.errors import DeviceError
from gatekit.plan.network_device import Part, SwitchRoutePlan

OBJECTS: tuple[Words, ...] = tuple(
    tuple(form.split())
    for form in (
        "interfaces *",
        "interfaces * unit *",
        "interfaces * unit * family *",
        "interfaces * unit * family inet filter",
        "routing-options static route *",
        "firewall family inet filter *",
        "firewall family inet filter * term *",
        "system root-authentication",
        "system login user *",
        "system syslog host *",
        "system services *",
        "security ike proposal *",
        "security ike policy *",
        "security ike policy * pre-shared-key",
        "security ike gateway *",
        "security ike gateway * dead-peer-detection",
        "security ipsec proposal *",
        "security ipsec policy *",
        "security ipsec policy * perfect-forward-secrecy",
        "security ipsec vpn *",
        "security ipsec vpn * traffic-selector *",
        "security log stream *",
        "security flow tcp-mss ipsec-vpn",
        "security address-book *",
        "security zones security-zone *",
        "security zones security-zone * interfaces *",
        "security zones security-zone * interfaces * host-inbound-traffic",
        "security policies from-zone * to-zone *",
        "security policies from-zone * to-zone * policy *",
        "security policies global",
        "security policies global policy *",
        "security nat",
        "security screen",
        "security alg",
        "applications application *",
        "applications application-set *",
    )
)
"""What is deleted as a whole when nothing of it is wanted; ``*`` is a name."""

SINGLE = frozenset(
    {
        "host-name",
        "class",
        "encrypted-password",
        "mtu",
        "dh-group",
        "authentication-method",
        "authentication-algorithm",
        "mss",
        "encryption-algorithm",
        "lifetime-seconds",
        "ascii-text",
        "ike-policy",
        "interval",
        "threshold",
        "hostname",
        "protocol",
        "external-interface",
        "version",
        "keys",
        "bind-interface",
        "gateway",
        "ipsec-policy",
        "local-ip",
        "remote-ip",
        "establish-tunnels",
        "destination-port",
        "icmp-type",
        "mode",
        "source-address",
        "transport",
        "port",
        "default-policy",
        "root-login",
        "format",
    }
)
"""Leaves that hold one value outside of a policy's ``match``: a new value takes the old one's place."""

TOUCHES: tuple[tuple[str, Touch], ...] = (
    ("security ike", Touch.TUNNEL),
    ("security ipsec", Touch.TUNNEL),
    ("interfaces st0", Touch.TUNNEL),
    ("security flow", Touch.TUNNEL),
    ("system services", Touch.MANAGEMENT),
    ("system login", Touch.MANAGEMENT),
    ("system root-authentication", Touch.MANAGEMENT),
    ("interfaces", Touch.MANAGEMENT),
    ("security zones", Touch.MANAGEMENT),
    ("routing-options", Touch.ROUTES),
    ("firewall", Touch.POLICY),
    ("security policies", Touch.POLICY),
    ("security address-book", Touch.POLICY),
    ("applications", Touch.POLICY),
)
INTERRUPTING = frozenset({Touch.TUNNEL, Touch.MANAGEMENT, Touch.ROUTES})


def change_set(observed: Observed, part: Part, rendered: str, renewed_secrets: frozenset[str]) -> ChangeSet:
    """Return what leads from what was observed to what was rendered; pure.

    A secret that the device held before and that a removal or renewal takes away is in no inverse: only the
    device's own rollback knows it.

    Raises:
        DeviceError: GW421, GW425 for an L3 switch whose own routes or ports speak against ours.
    """
    if isinstance(part, SwitchRoutePlan):
        precheck(routing(observed.running), part)
    have = _ours(observed.running, part)
    typed = {_canonical(line): line for line in rendered.splitlines() if line}
    want = list(typed)
    forward = _commands(have, want)
    renewed = [form for form in want if any(f"<secret {name}>" in typed[form] for name in renewed_secrets)]
    resent = [form for form in renewed if form not in forward]
    forward = _with_sets(forward, resent)
    inverse = [line for line in _commands(want, have) if HIDDEN not in line]  # no deletion bears one: see _topmost
    return ChangeSet(
        forward=tuple(typed.get(line, line) for line in forward),
        inverse=tuple(inverse),
        touches=_touches(forward),
        interrupts=_interrupts(forward),
        diff=_diff(have, want, resent, forward),
    )


def removal(observed: Observed, part: Part) -> ChangeSet:
    """Return what takes our route off the hospital's L3 switch, and nothing else; pure.

    Raises:
        DeviceError: GW423 for a firewall, which is wiped at its console and not emptied from afar.
    """
    if not isinstance(part, SwitchRoutePlan):
        fix = "Wipe it at its console: request system zeroize."
        raise DeviceError("GW423", "firewall", "removal of the whole firewall", fix)
    have = _ours(observed.running, part)
    path = f"routing-options static route {part.route.network}"
    ours = f"set {path} next-hop {part.route.via}"
    rest = [line for line in have if line != ours]
    if ours not in have:
        return ChangeSet()
    return ChangeSet(
        forward=(f"delete {path} next-hop {part.route.via}" if rest else f"delete {path}",),
        inverse=(ours,),
        touches=frozenset({Touch.ROUTES}),
        interrupts=True,
        diff=_diff(have, rest, (), ()),
    )


def _ours(configuration: str, part: Part) -> list[str]:
    lines = without_secrets(configuration).splitlines()
    return [_canonical(line) for line in lines if is_ours(words_of(line), part)]


def _canonical(line: str) -> str:
    words = words_of(without_secrets(line).strip())
    return line_of(words)


def _commands(have: Sequence[str], want: Sequence[str]) -> list[str]:
    """Return what to type to get from one to the other: activate, delete, set, insert."""
    awake = [_awake(line) for line in have if line.startswith("deactivate ")]
    now = [line for line in have if line.startswith("set ")]
    later = [line for line in want if line.startswith("set ")]
    asleep = [line for line in want if line.startswith("deactivate ") and line not in have]
    flow = WorkflowRemediation(
        get_hconfig(Platform.JUNIPER_JUNOS, _text(now)), get_hconfig(Platform.JUNIPER_JUNOS, _text(later))
    )
    lines = [child.text for child in flow.remediation_config.all_children()]
    sets = [line for line in later if line in set(lines)]  # in the order of what is wanted
    deletes = _folded([words_of(line)[1:] for line in lines if line.startswith("delete ")], later, sets)
    awake = [line for line in awake if not any(_below(words_of(line)[1:], words_of(gone)[1:]) for gone in deletes)]
    return [*awake, *deletes, *sets, *asleep, *_inserts(now, later)]


def _awake(line: str) -> str:
    return line.replace("deactivate ", "activate ", 1)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _below(path: Words, top: Words) -> bool:
    return path[: len(top)] == top


def _folded(gone: list[Words], wanted: Sequence[str], sets: Sequence[str]) -> list[str]:
    """Return the deletions: whole objects where nothing of them is wanted, and no leaf that is overwritten."""
    kept = [words_of(line)[1:] for line in wanted]
    overwritten = {words_of(line)[1:-1] for line in sets}
    found: dict[Words, None] = {}
    for path in gone:
        if path[-2] in SINGLE and "match" not in path and path[:-1] in overwritten:
            continue
        found[_topmost(path, kept)] = None
    return [f"delete {line_of(path)}" for path in found]


def _topmost(path: Words, kept: Sequence[Words]) -> Words:
    """Return the highest object of a path that holds nothing wanted, or the path itself."""
    tops = sorted((path[: len(form)] for form in OBJECTS if _is(path, form)), key=len)
    whole = next((top for top in tops if not any(_below(line, top) for line in kept)), path)
    return whole[:-1] if whole[-1] == HIDDEN.strip('"') else whole


def _is(path: Words, form: Words) -> bool:
    return len(path) >= len(form) and all(known in {"*", word} for known, word in zip(form, path, strict=False))


def _inserts(have: Sequence[str], want: Sequence[str]) -> list[str]:
    """Return the lines that bring policies into the wanted order; new ones were appended by their set lines."""
    now, wanted = _policies(have), _policies(want)
    lines: list[str] = []
    for way, names in wanted.items():
        order = [name for name in now.get(way, []) if name in names]
        order += [name for name in names if name not in order]
        for position, name in enumerate(names):
            if order[position] != name:
                before = order[position]
                order.remove(name)
                order.insert(position, name)
                lines.append(f"insert {line_of(way)} policy {name} before policy {before}")
    return lines


def _policies(lines: Iterable[str]) -> dict[Words, list[str]]:
    found: dict[Words, list[str]] = {}
    for line in lines:
        words = words_of(line)[1:]
        if words[:2] == ("security", "policies") and "policy" in words:
            at = words.index("policy")
            names = found.setdefault(words[:at], [])
            if words[at + 1] not in names:
                names.append(words[at + 1])
    return found


def _with_sets(lines: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return the lines with more set lines, before what orders policies."""
    at = next((index for index, line in enumerate(lines) if line.startswith("insert ")), len(lines))
    return [*lines[:at], *more, *lines[at:]]


def _touches(lines: Iterable[str]) -> frozenset[Touch]:
    found = set()
    for line in lines:
        path = line.split(" ", 1)[1]
        kinds = [touch for start, touch in TOUCHES if path == start or path.startswith(f"{start} ")]
        found.add(kinds[0] if kinds else Touch.OTHER)
        if " junos-host " in path:
            found.add(Touch.MANAGEMENT)
    return frozenset(found)


def _interrupts(lines: Sequence[str]) -> bool:
    """Traffic stops for a moment when a way, a port or the tunnel changes, or when what was there goes."""
    removed = any(line.startswith(("delete ", "insert ")) for line in lines)
    return removed or bool(_touches(lines) & INTERRUPTING)


def _diff(have: Sequence[str], want: Sequence[str], resent: Sequence[str], forward: Sequence[str]) -> str:
    lines = unified_diff(sorted(have), sorted(want), "device", "plan", lineterm="", n=0)
    notes = [f"! sent again: {line}" for line in resent]
    notes += [f"! {line}" for line in forward if line.startswith(("insert ", "activate "))]
    return "".join(f"{line}\n" for line in [*lines, *notes])
