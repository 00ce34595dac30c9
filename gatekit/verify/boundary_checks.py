"""What of the hospital's own boundary can be proved from here, and what cannot (NW-5). Pure.

The flows that cross a hospital's firewall are asked like all others. What else it lets through, or which ports a VLAN
has, shows on the hospital's devices alone: the vendor signs for it on the request.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.model import Text
from gatekit.plan.boundary import VlanPlan
from gatekit.plan.model import Plan
from gatekit.verify.model import NotRun

_SIGNED = Text(
    ja="病院の機器にはログインしない。ベンダーが依頼書に署名して回答する",
    en="nobody of us logs into the hospital's devices: the vendor answers for it on the signed request",
)


def boundary_checks(plan: Plan) -> Iterator[NotRun]:
    """Yield what stays to be confirmed by the hospital's vendor; nothing where there is no boundary."""
    if plan.boundary is None:
        return
    if isinstance(plan.boundary, VlanPlan):
        title = Text(
            ja=f"VLAN {plan.boundary.vlan_id} に当装置とL3スイッチだけがいる",
            en=f"Nobody but our firewall and the L3 switch is in VLAN {plan.boundary.vlan_id}",
        )
    else:
        title = Text(
            ja=f"病院側ファイアウォールが依頼した{len(plan.boundary.flows)}件の通信だけを許可する",
            en=f"The hospital's firewall lets the {len(plan.boundary.flows)} flows of the request through and no other",
        )
    yield NotRun(f"boundary.{plan.boundary.kind}", "NW-5", title, _SIGNED)
