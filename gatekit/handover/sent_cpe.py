"""The CPE that is sent in advance (VPN-3), in the place of the one in use.

Apart from the pack, whose configuration text needs the vendors' platforms: every ansible-playbook loads this as a
filter, and the platforms bring netmiko, 0.2 s of processor time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from gatekit.errors import IntentError
from gatekit.intent.vpn import CpeUnit
from gatekit.plan.network_device import CpePlan
from gatekit.render.edge import plain


def sent_plan(plan: CpePlan, sent: CpeUnit) -> CpePlan:
    """Return the CPE's part with the sent unit in the place of the one in use: all else is the same."""
    unit = plan.units[0].model_copy(update=sent.model_dump())
    return plan.model_copy(update={"units": (unit,)})


def sent_plan_json(plan: Mapping[str, Any], serial: str, wan_mac: str) -> dict[str, Any]:
    """Return ``sent_plan`` as the roles take it; the edge to Ansible. GW104 for a unit that is none."""
    document: dict[str, Any] = sent_plan(CpePlan.model_validate(plain(plan)), sent_unit(serial, wan_mac)).model_dump(
        mode="json"
    )
    return document


def sent_unit(serial: str, wan_mac: str) -> CpeUnit:
    """Return the unit as it is labelled; IntentError GW104 for a serial number or MAC address that is none."""
    try:
        return CpeUnit.model_validate({"serial": serial, "wan_mac": wan_mac})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        fix = "Give sent_serial and sent_wan_mac as they stand on the unit."
        raise IntentError("GW104", f"sent.{first['loc'][0]}", first["msg"], fix) from error
