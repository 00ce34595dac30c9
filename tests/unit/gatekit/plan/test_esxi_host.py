"""The ESXi host in the plan: who may reach it, what hardens it, and no value twice."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from gatekit.catalogue.hardening_baseline import OptionCheck, ServiceCheck, esxi_baseline
from gatekit.plan.esxi_host import esxi_secrets
from tests.sites import PATTERNS, example_plan


@pytest.mark.parametrize("name", PATTERNS)
def test_ap_1_whoever_begins_a_tcp_flow_to_the_host_is_let_in_by_its_firewall_and_nobody_else(name: str) -> None:
    plan = example_plan(name)
    sources = {
        network
        for flow in plan.flows
        if flow.destination.name == "esxi" and flow.protocol == "tcp"
        for network in flow.source.networks
    }
    assert sources == set(plan.esxi.management)
    assert IPv4Network(str(plan.address("staging_controller"))) in sources


def test_every_option_and_service_of_the_baseline_is_in_the_plan() -> None:
    host, items = example_plan().esxi, esxi_baseline()
    assert [row.item for row in host.options] == [item.id for item in items if isinstance(item.check, OptionCheck)]
    assert [row.item for row in host.services] == [item.id for item in items if isinstance(item.check, ServiceCheck)]


def test_words_of_the_baseline_are_filled_from_the_site() -> None:
    host = example_plan().esxi
    values = {row.item: row.value for row in host.options}
    assert values["syslog-remote"] == "tcp://10.200.9.10:514"
    assert values["console-access"] == host.administrator
    assert str(values["console-banner"]).isascii()  # the console draws nothing else
    assert not [value for value in values.values() if isinstance(value, str) and "$" in value]


def test_every_account_has_a_planned_role_and_a_password_of_its_own_in_the_vault() -> None:
    plan = example_plan()
    roles = {role.name for role in plan.esxi.roles}
    assert {account.role for account in plan.esxi.accounts} == roles
    names = esxi_secrets(plan.esxi)
    assert len(set(names)) == len(names) == 3
    assert set(names) <= set(plan.secrets)
    assert plan.esxi.password in names
    assert plan.esxi.user in {account.name for account in plan.esxi.accounts}


def test_the_management_interface_carries_management_only() -> None:
    [interface] = example_plan().esxi.vmkernel
    assert (str(interface.address), interface.prefix_length, interface.carries) == ("10.161.4.5", 24, ("management",))
