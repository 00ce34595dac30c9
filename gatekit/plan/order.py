"""In which order the site is built: the way to the data centre first, then what needs it."""

from __future__ import annotations

from gatekit.intent.load import Intent
from gatekit.intent.vpn import Pattern4
from gatekit.model import Text
from gatekit.plan.model import Step


def build_order(intent: Intent) -> tuple[Step, ...]:
    """Return the steps; ``interrupts`` marks those that may stop clinical traffic at a live site."""
    steps = [
        Step(
            id="firewall",
            devices=("firewall",),
            purpose=Text(ja="ファイアウォールと VPN", en="Firewall and VPN"),
            interrupts=True,
        ),
        Step(
            id="l3_switch",
            devices=("l3_switch",),
            purpose=Text(ja="L3 スイッチの経路", en="Route on the L3 switch"),
            interrupts=False,
        ),
        Step(id="esxi_host", devices=("esxi",), purpose=Text(ja="ESXi ホスト", en="ESXi host"), interrupts=False),
        Step(
            id="virtual_machines",
            devices=("vm2", "vm1", "vm3"),
            purpose=Text(ja="仮想マシン", en="Virtual machines"),
            interrupts=True,
        ),
        Step(
            id="linux_base",
            devices=("vm1", "vm2"),
            purpose=Text(ja="Linux 基本設定", en="Linux base"),
            interrupts=False,
        ),
        Step(id="proxy", devices=("vm2",), purpose=Text(ja="Squid プロキシ", en="Squid proxy"), interrupts=True),
        *_ups(intent),
        Step(id="verify", devices=(), purpose=Text(ja="検証", en="Verification"), interrupts=False),
        Step(id="handover", devices=(), purpose=Text(ja="引き渡し資料", en="Hand-over pack"), interrupts=False),
    ]
    if not isinstance(intent.site.vpn, Pattern4):
        cpe = Step(id="cpe", devices=("cpe",), purpose=Text(ja="CPE と VPN", en="CPE and VPN"), interrupts=True)
        steps.insert(0, cpe)
    return tuple(steps)


def _ups(intent: Intent) -> tuple[Step, ...]:
    """Return the step of the UPS, which needs both machines whole; none at a site without one."""
    if intent.site.ups is None:
        return ()
    purpose = Text(ja="UPS と停電時の順序停止", en="UPS and shutdown in order")
    return (Step(id="ups", devices=("vm2", "vm1"), purpose=purpose, interrupts=False),)
