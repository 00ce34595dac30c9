"""What leads an IX from what it is to what the plan asks: hier_config's tree with the box's own rules.

Every line is live the moment it is typed, so the order is part of the change: what lets in is added first, what
let in is removed last, ports open when their filters stand. Forms of removal: vendor reference 4.5.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from hier_config import HConfig, HConfigChild, WorkflowRemediation, get_hconfig
from hier_config.models import IdempotentCommandsRule, MatchRule, NegationSubRule, OrderingRule
from hier_config.platforms.driver_base import HConfigDriverRules
from hier_config.platforms.generic.driver import HConfigDriverGeneric

from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.nec_ix.configuration import interface_names
from gatekit.devices.nec_ix.text import HIDDEN, Section, list_names, ours, sections, without_secret
from gatekit.plan.network_device import CpePart

RESTART = "reload"
"""The inverse of a change that no line can take back: the startup configuration, equal to the running one before."""
_ONE_A_BOX = (
    "hostname ",
    "timezone ",
    "syslog facility ",
    "syslog timestamp ",
    "logging buffered ",
    "logging subsystem ike2 ",
    "ssh-server ip access-list ",
)
_ONE_AN_INTERFACE = (
    "description ",
    "ip address ",
    "ip mtu ",
    "ip tcp adjust-mss ",
    "ip unnumbered ",
    "ipv6 interface-identifier ",
    "ipv6 traffic-class ",
    "tunnel mode ",
    "ikev2 connect-type ",
    "ikev2 negotiation-direction ",
    "ikev2 local-authentication ",
    "ikev2 dpd ",
    "ikev2 sa-lifetime ",
    "ikev2 sa-proposal enc ",
    "ikev2 sa-proposal integrity ",
    "ikev2 sa-proposal prf ",
    "ikev2 sa-proposal dh ",
    "ikev2 child-lifetime ",
    "ikev2 child-proposal enc ",
    "ikev2 child-proposal integrity ",
    "ikev2 child-pfs ",
    "ikev2 source-address ",
    "ikev2 outgoing-interface ",
)
_INSIDE = MatchRule(startswith="interface ")
_SHORTER_NO = (  # unverified (vendor reference 4.5): how much of a line its removal repeats
    ((MatchRule(startswith="ikev2 authentication "),), r" key .*$", ""),
    ((MatchRule(startswith="username "),), r"^(no username \S+) .*$", r"\1"),
    ((MatchRule(startswith="ip route "),), r" distance \d+$", ""),
    (
        (_INSIDE, MatchRule(startswith="ip address ")),
        r"^(no ip address) .*$",
        r"\1",
    ),
)
_ORDER = (
    ((MatchRule(startswith=("ip access-list ", "ipv6 access-list ", "ikev2 authentication ", "ipv6 dhcp ")),), -100),
    ((MatchRule(startswith=("no ip access-list ", "no ipv6 access-list ", "no ikev2 authentication ")),), 100),
    ((MatchRule(re_search=r"^ip route \S+ Null"),), -50),  # nowhere first, so that nothing leaves in clear meanwhile
    ((MatchRule(re_search=r"^ip route \S+ Tunnel"),), 30),  # when the tunnel's interface is there
    ((MatchRule(startswith="no ip route "),), 50),  # the new way stands before the old one goes
    ((_INSIDE, MatchRule(equals="shutdown")), -90),
    ((_INSIDE, MatchRule(startswith=("ip filter ", "ipv6 filter "))), -50),
    ((_INSIDE, MatchRule(startswith=("no ip filter ", "no ipv6 filter "))), 50),
    ((_INSIDE, MatchRule(equals="no shutdown")), 90),
)
_INTERRUPTING = (
    "no interface",
    "ikev2 ",
    "no ikev2 ",
    "shutdown",
    "ip address",
    "no ip address",
    "ip filter",
    "ipv6 filter",
    "tunnel",
    "no tunnel",
)


class _Driver(HConfigDriverGeneric):
    """hier_config's rules for a UNIVERGE IX."""

    @staticmethod
    def _instantiate_rules() -> HConfigDriverRules:
        single = [(MatchRule(startswith=head),) for head in _ONE_A_BOX]
        single.append((MatchRule(re_search=r"^ip route (\S+ \S+)"),))  # one distance for a network and a hop
        single.append((MatchRule(re_search=r"^username (\S+)"),))
        within = [(_INSIDE, MatchRule(startswith=head)) for head in _ONE_AN_INTERFACE]
        return HConfigDriverRules(
            idempotent_commands=[IdempotentCommandsRule(match_rules=rules) for rules in (*single, *within)],
            ordering=[OrderingRule(match_rules=rules, weight=weight) for rules, weight in _ORDER],
            negation_sub=[
                NegationSubRule(match_rules=rules, search=search, replace=new) for rules, search, new in _SHORTER_NO
            ],
        )


def change_set(observed: Observed, part: CpePart, rendered: str, *, renewed_secrets: frozenset[str]) -> ChangeSet:
    """Return what leads from the observed configuration to the rendered one, in our sections only.

    A line that bears a secret is compared without it. Where the former secret is gone for good, because a line
    with it is replaced or removed, the inverse is a restart from the startup configuration.
    """
    wanted = sections(rendered)
    names = list_names(wanted)
    found = tuple(ours(sections(observed.running), part, names))
    forms = {without_secret(line): line for section in wanted for line in (section.head, *section.lines)}
    before, after = _tree(found), _tree(_hidden(wanted))
    workflow = WorkflowRemediation(before, after)
    forward = [forms.get(line, line) for line in _lines(workflow.remediation_config)]
    renewed = [line for line in forms.values() if line not in forward and _names_one_of(line, renewed_secrets)]
    inverse = list(_lines(workflow.rollback_config))
    lost = bool(renewed) or any(HIDDEN in line for line in inverse)
    return ChangeSet(
        forward=(*renewed, *forward),
        inverse=(RESTART,) if lost else tuple(inverse),
        touches=frozenset(_touches((*renewed, *forward), part)),
        interrupts=lost or _interrupts(forward, frozenset(section.head for section in found)),
        diff=_diff(found, _hidden(wanted), renewed),
    )


def way_back(now: str, before: str) -> tuple[str, ...]:
    """Return the lines from one settled configuration back to another; ``(RESTART,)`` when a secret is missing.

    For undoing a part of a change: only we have typed anything since ``before`` was read.
    """
    workflow = WorkflowRemediation(_tree(sections(now)), _tree(sections(before)))
    lines = tuple(_lines(workflow.remediation_config))
    return (RESTART,) if any(HIDDEN in line for line in lines) else lines


def _names_one_of(line: str, secrets: frozenset[str]) -> bool:
    return any(f"<secret {name}>" in line for name in secrets)


def _hidden(found: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(
        Section(without_secret(section.head), tuple(without_secret(line) for line in section.lines))
        for section in found
    )


def _tree(found: Iterable[Section]) -> HConfig:
    """Return hier_config's tree; ``no ip address`` is the state of a port without one, not a setting."""
    kept = (
        Section(section.head, tuple(line for line in section.lines if line != "no ip address")) for section in found
    )
    return get_hconfig(_Driver(), "".join(section.text for section in kept))


def _lines(tree: HConfig) -> Iterator[str]:
    """Yield the lines as they are typed: a section is left before the next line of the first level."""
    for child in sorted(tree.children):
        yield child.text
        if child.children:
            yield from (f"  {one.text}" for one in _inside(child))
            yield "exit"


def _inside(child: HConfigChild) -> Iterator[HConfigChild]:
    yield from sorted(child.children)


def _interrupts(lines: Iterable[str], there: frozenset[str]) -> bool:
    """Return whether a line touches the way of packets; what is only being built carries none yet."""
    section = ""
    for line in lines:
        if not line.startswith(" "):
            section = line
        new = section.startswith("interface ") and section not in there
        if line.strip().startswith(_INTERRUPTING) and not new:
            return True
    return False


def _touches(lines: Iterable[str], part: CpePart) -> Iterator[Touch]:
    """Yield what each line can take down, by the section it stands in."""
    wan, lan = interface_names(part)
    by_section = {f"interface {wan}": Touch.TUNNEL, f"interface {lan}": Touch.MANAGEMENT}
    section = ""
    for line in lines:
        if not line.startswith(" "):
            section = line
        head = section.removeprefix("no ")
        if head.startswith(("ssh-server", "username", "ip access-list mgmt-src")):
            yield Touch.MANAGEMENT
        elif head.startswith(("ikev2", "interface Tunnel", "ipv6 dhcp")):
            yield Touch.TUNNEL
        elif head.startswith("ip route"):
            yield Touch.ROUTES
        elif head.startswith(("ip access-list", "ipv6 access-list")):
            yield from (Touch.POLICY, Touch.MANAGEMENT)
        else:
            yield by_section.get(head, Touch.OTHER)


def _in_one_order(section: Section) -> Iterator[str]:
    yield section.head
    yield from (f"  {line}" for line in sorted(section.lines))


def _diff(before: Iterable[Section], after: Iterable[Section], renewed: Iterable[str]) -> str:
    """Return what a person reads: both sides in one order, since the box shows its lines in its own."""
    device, plan = (
        [line for section in sorted(side, key=lambda one: one.head) for line in _in_one_order(section)]
        for side in (before, after)
    )
    text = "\n".join(difflib.unified_diff(device, plan, "device", "plan", n=1, lineterm=""))
    again = [f"  {without_secret(line)}  (secret renewed)" for line in renewed]
    return "\n".join([text, *again]).strip("\n")
