"""The host of the stories: pattern4's, moved to the loopback, where its simulator listens."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, IPv4Network

from gatekit.plan.appliance import EsxiHostPlan, PortGroup, VSwitchPlan
from tests.sites import example_plan

ADDRESS = IPv4Address("127.0.0.1")
US = IPv4Network("127.0.0.0/8")
SPARE = VSwitchPlan(name="vSwitch1", uplinks=("vmnic1",), mtu=9000, port_groups=(PortGroup(name="GW-SPARE", vlan=12),))
PASSWORDS = {"gwauto": "one-Machine-4-all-of-it", "gwups": "until-the-Mains-7-return"}


@cache
def loopback_plan() -> EsxiHostPlan:
    """Return the host's plan with the loopback as its address, and us among those who may reach it."""
    planned = example_plan("pattern4").esxi
    return planned.model_copy(
        update={
            "address": ADDRESS,
            "default_gateway": IPv4Address("127.0.0.254"),
            "vmkernel": (planned.vmkernel[0].model_copy(update={"address": ADDRESS}),),
            "management": (*planned.management, US),
        }
    )


def secrets(administrator: str) -> dict[str, str]:
    """Return the passwords by their names in the vault."""
    planned = loopback_plan()
    accounts = {account.password: PASSWORDS[account.name] for account in planned.accounts}
    return {planned.administrator_password: administrator, **accounts}
