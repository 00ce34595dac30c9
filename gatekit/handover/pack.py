"""The hand-over pack of one site: the report, and the papers for whoever works at it later. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.handover.boundary_sheet import boundary_sheet
from gatekit.handover.cpe_swap import swap_instruction
from gatekit.handover.peer_sheet import peer_sheet_html, peer_swanctl
from gatekit.handover.request_sheet import request_sheet
from gatekit.intent.load import Intent
from gatekit.intent.vpn import Pattern1, Pattern3
from gatekit.plan.model import Plan

PEER_FOLDER = "data_centre"


def papers(plan: Plan, intent: Intent) -> dict[str, str]:
    """Return file name -> content below build/<site>: what the plan alone decides, evidence aside.

    For the data centre: its sheet and its own device's configuration, the key by name. For the customer of
    patterns 1 and 3: how a CPE is swapped. For the hospital's network vendor: the request for our route where they
    manage the switch, and the one for what the hospital wants between its network and ours.
    """
    return dict(_papers(plan, intent))


def _papers(plan: Plan, intent: Intent) -> Iterator[tuple[str, str]]:
    yield f"{PEER_FOLDER}/peer_sheet.html", peer_sheet_html(plan)
    yield f"{PEER_FOLDER}/{plan.tunnel.name}.conf", peer_swanctl(plan)
    vpn = intent.site.vpn
    if isinstance(vpn, Pattern1 | Pattern3):
        yield "cpe_swap.html", swap_instruction(plan, vpn.line)
    vendor = next((row for row in intent.site.contacts if row.role == "network_vendor"), None)
    if vendor is None:
        return
    if plan.l3_switch.managed_by == "network_vendor":
        yield "l3_switch_request.html", request_sheet(plan, vendor, intent.site.schedule.build)
    if plan.boundary is not None:
        yield "boundary_request.html", boundary_sheet(plan, plan.boundary, vendor, intent.site.schedule.build)
