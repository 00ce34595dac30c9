"""Scan from one host until the passes together prove something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from gatekit.plan.flow import Zone
from gatekit.portable.port_scan import CONTROL_PROBES, port_ranges, ports_of
from gatekit.portable.probe import NTP_QUERY, dns_query
from gatekit.probes.programs import run_port_scan
from gatekit.verify.model import Check, ScanRow
from gatekit.verify.targets import Targets

TUNNEL_PPS = 7_500
"""What a tunnel encrypted in user space carried without loss on one core (docs/adr/0005)."""
MOST_PASSES = 4
MAY_MISS = 1 / (CONTROL_PROBES + 2)
"""What one pass that saw all its controls leaves open; passes that lost some have to reach the same together."""
UDP_QUESTIONS = {"53": dns_query("localhost").hex(), "123": NTP_QUERY.hex()}
"""A server behind these ports answers nothing else."""

type Pass = Mapping[str, Any]
"""What ``gatekit.portable.port_scan.scan`` returns, and the ``rate_pps`` it was asked at."""


def scanned_ports(checks: Iterable[Check]) -> list[dict[str, str]]:
    """Return the targets of a scan: per address its TCP and UDP ports as text."""
    rows: dict[str, dict[str, str]] = {}
    for check in checks:
        if isinstance(check.asks, ScanRow):
            row = rows.setdefault(check.asks.address, {"address": check.asks.address, "tcp": "", "udp": ""})
            row[check.asks.protocol] = check.asks.ports
    return [*rows.values()]


def port_scan(
    targets: Targets,
    name: str,
    controls: Sequence[tuple[str, int]],
    rows: Sequence[Mapping[str, str]],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return what all passes together saw; each further one runs at half the rate of the one before.

    Raises:
        VerifyError: GW601 when the probe host cannot be asked.
    """
    job = {"source": str(targets.probes[name].address), "controls": controls, "targets": rows}
    rate_pps, passes = _rate_pps(targets, name), list[Pass]()
    while True:
        found = run_port_scan(name, targets.probes[name], {**job, "questions": UDP_QUESTIONS, "rate_pps": rate_pps})
        passes.append(found | {"rate_pps": rate_pps})
        if is_proof(passes) or len(passes) == MOST_PASSES:
            return together(passes)
        rate_pps //= 2
        progress(
            f"{name}: the scan lost answers ({controls_seen(passes)}), asking again at {rate_pps} packets a second"
        )


def chance_of_missing(passes: Iterable[Pass]) -> float:
    """Return how likely an open port stayed unseen in every pass.

    A pass that lost k of n controls loses the next packet with (k + 1) / (n + 2) (rule of succession); what is lost
    in one pass says nothing about the next, since they are seconds apart.
    """
    lost = [(int(row["controls_sent"]) - int(row["controls_answered"]), int(row["controls_sent"])) for row in passes]
    return prod((missing + 1) / (sent + 2) for missing, sent in lost)


def is_proof(passes: Iterable[Pass]) -> bool:
    """Return whether silence in these passes means that a port is closed to this host."""
    return chance_of_missing(passes) <= MAY_MISS


def controls_seen(passes: Iterable[Pass]) -> str:
    """Return how many controls each pass saw, e.g. ``61/64, 64/64``."""
    return ", ".join(f"{row['controls_answered']}/{row['controls_sent']}" for row in passes)


def together(passes: Sequence[Pass]) -> dict[str, Any]:
    """Return the passes as one scan: a port that answered once has answered, an acceptance outweighs a refusal."""
    kept = ("rate_pps", "controls_sent", "controls_answered")
    return {
        "sent": sum(row["sent"] for row in passes),
        "duration_s": round(sum(row["duration_s"] for row in passes), 3),
        "passes": [{key: row[key] for key in kept} for row in passes],
        "targets": {address: _union([row["targets"][address] for row in passes]) for address in passes[0]["targets"]},
    }


def _union(seen: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {"way": any(row["way"] for row in seen)}
    for protocol in ("tcp", "udp"):
        accepted = {port for row in seen for port in ports_of(row[f"{protocol}_accepted"])}
        refused = {port for row in seen for port in ports_of(row[f"{protocol}_refused"])}
        found |= {f"{protocol}_accepted": port_ranges(accepted), f"{protocol}_refused": port_ranges(refused - accepted)}
    return found


def _rate_pps(targets: Targets, name: str) -> int:
    """Return packets a second for one source; what comes through the tunnel is encrypted packet by packet."""
    through_tunnel = targets.probes[name].zone is Zone.DATA_CENTRE
    return min(targets.scan_rate_pps, TUNNEL_PPS) if through_tunnel else targets.scan_rate_pps
