"""Every check one plan raises at one site, and everything that cannot be checked there. Pure."""

from __future__ import annotations

from gatekit.plan.flow import Protocol, Zone
from gatekit.plan.model import Plan
from gatekit.probes.target import ProbeTarget
from gatekit.verify.boundary_checks import boundary_checks
from gatekit.verify.flow_checks import flow_checks
from gatekit.verify.gateway_checks import gateway_checks
from gatekit.verify.model import Check, CheckList, NotRun, Operation, Reading
from gatekit.verify.refusal_checks import refusal_checks
from gatekit.verify.state_checks import state_checks
from gatekit.verify.targets import Targets
from gatekit.verify.ups_checks import ups_checks
from gatekit.verify.use_checks import use_checks

MAX_CONTROLS = 4


def plan_checks(plan: Plan, targets: Targets) -> CheckList:
    """Return the checks of a site in the order they are reported: flows, use, refusals, state."""
    rows = (
        *flow_checks(plan, targets),
        *use_checks(plan, targets),
        *gateway_checks(plan, targets),
        *refusal_checks(plan, targets),
        *state_checks(plan, targets),
        *ups_checks(plan, targets),
        *boundary_checks(plan),
    )
    checks = tuple(row for row in rows if isinstance(row, Check))
    return CheckList(
        checks=checks,
        not_run=tuple(row for row in rows if isinstance(row, NotRun)),
        controls={name: scan_controls(plan, checks, name, probe) for name, probe in sorted(targets.probes.items())},
    )


def scan_controls(plan: Plan, checks: tuple[Check, ...], name: str, probe: ProbeTarget) -> tuple[tuple[str, int], ...]:
    """Return ports known to answer from one source: a scan that does not see them proves nothing.

    Permitted TCP flows come first, since they cross what the scan tests; a source without any gets a
    neighbour of its own side.
    """
    own = [check.asks for check in checks if check.source == name and check.protocol == Protocol.TCP]
    controls = [
        (str(arguments["address"]), int(str(arguments["port"])))
        for arguments in (dict(asks.arguments) for asks in own if isinstance(asks, Operation))
        if "address" in arguments
    ]
    centre = plan.data_centre
    if not controls and probe.zone is Zone.DATA_CENTRE:
        controls = [(str(centre.portal if probe.address != centre.portal else centre.services), 443)]
    if not controls and probe.zone is Zone.TRUST:
        heard = [(row.address, row.port) for row in plan.linked_systems if row.direction == "from_gateway"]
        listening = [*((row.address, row.port) for row in plan.pacs), *heard]
        controls = [(str(address), port) for address, port in listening if address != probe.address]
    return tuple(dict.fromkeys(controls))[:MAX_CONTROLS]


def reading_hosts(checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Return the hosts that are read, each once, in order of first use."""
    return tuple(dict.fromkeys(check.asks.host for check in checks if isinstance(check.asks, Reading)))
