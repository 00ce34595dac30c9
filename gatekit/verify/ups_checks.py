"""Whether the UPS is watched, and carries the appliance until everything is off (AP-5). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Kind, NotRun
from gatekit.verify.readings import NO_HOST, Row, check_of, unless
from gatekit.verify.targets import Targets

__all__ = ["ups_checks"]

SIMULATED = 2  # its tier where a UPS is played


def ups_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    """Yield the check of the machine that speaks with the UPS; nothing at a site without one."""
    if plan.ups is None:
        return
    name, server = plan.ups.name, plan.ups.server
    row = Row(
        "ups.watched",
        Kind.SERVICE,
        "AP-5",
        Text(
            ja=f"{server}がUPSを監視し、{plan.ups.client}にも知らされる。停止は電池の残りに収まる",
            en=f"{server} watches the UPS, {plan.ups.client} hears of it, and the batteries outlast the shutdown",
        ),
        Text(
            ja=f"商用電源、停止は最長{plan.ups.whole_s}秒、電池の残り{plan.ups.reserve_s}秒",
            en=f"on mains; stopping takes up to {plan.ups.whole_s} s, the reserve is {plan.ups.reserve_s} s",
        ),
        (f"upsc {name}@localhost ups.status 2>/dev/null", f"upsc -c {name}@localhost 2>/dev/null"),
        "ups_watched",
    )
    check = check_of(targets, server, row)
    played = "ups" in targets.absent
    yield unless(replace(check, tier=SIMULATED) if played else check, None if server in targets.hosts else NO_HOST)
