"""The shutdown in order as the plan has it: times, flows, secrets."""

from __future__ import annotations

import pytest

from gatekit.catalogue.appliance import appliance
from gatekit.controller.inventory import inventory_of
from gatekit.intent.rules.ups import shutdown_budget
from gatekit.plan.model import Plan
from gatekit.plan.power_failure import ups_secrets
from tests.sites import PATTERNS, example_folder, example_plan
from tests.ups import plan, ups


def flows(found: Plan) -> dict[str, tuple[str, str, str, tuple[int, ...]]]:
    return {
        flow.id: (flow.source.name, flow.destination.name, str(flow.protocol), flow.ports)
        for flow in found.flows
        if flow.requirement == "AP-5"
    }


def test_ap_5_the_machines_stop_one_after_the_other_and_the_proxys_goes_last() -> None:
    assert [(one.name, one.begins_s, one.stop_s) for one in ups().machines] == [("vm3", 0, 120), ("vm1", 135, 120)]
    assert ups().server == "vm2"


def test_ap_5_every_machine_but_the_one_that_speaks_with_the_ups_is_stopped() -> None:
    facts = appliance()
    assert {*facts.ups.machines, facts.ups.server} == set(facts.vms)


def test_ap_5_the_budget_is_the_sum_of_what_each_step_may_take() -> None:
    budget = shutdown_budget()
    assert (budget.program, budget.cut, budget.whole) == (120 + 15 + 120 + 15 + 15, 15 + 120 + 90 + 60, 555)
    assert ups().reserve_s >= ups().whole_s


def test_ap_5_the_ups_waits_longer_than_the_host_and_the_last_machine_need() -> None:
    facts = appliance()
    assert ups().cut_after_s > facts.vms[facts.ups.server].stop_delay_s + facts.ups.host_stop_s


def test_ap_5_the_flows_are_the_three_that_the_shutdown_needs() -> None:
    assert flows(plan()) == {
        "ups.card": ("vm2", "ups", "udp", (161,)),
        "ups.state": ("vm1", "vm2", "tcp", (3493,)),
        "ups.shutdown": ("vm2", "esxi", "tcp", (443,)),
    }
    assert set(flows(plan("usb"))) == {"ups.state", "ups.shutdown"}


def test_ap_5_the_host_lets_vm2_in() -> None:
    vm2 = plan().vm("vm2").address
    assert any(vm2 in network for network in plan().esxi.management)


def test_ap_5_the_account_is_one_that_the_host_has_and_may_no_more_than_stop() -> None:
    account = next(one for one in plan().esxi.accounts if one.name == ups().host.account)
    role = next(one for one in plan().esxi.roles if one.name == account.role)
    assert set(role.privileges) == {"VirtualMachine.Interact.PowerOff", "Host.Config.Maintenance"}
    assert account.password == ups().host.password


@pytest.mark.parametrize(("kind", "snmp"), [("network_card", 2), ("usb", 0)])
def test_the_vault_is_asked_for_the_passwords_of_this_connection_alone(kind: str, snmp: int) -> None:
    names = ups_secrets(ups(kind))
    assert set(names) <= set(plan(kind).secrets)
    assert sum("snmp" in name for name in names) == snmp


def test_a_site_without_a_ups_has_no_part_no_flow_no_step_and_no_secret_of_it() -> None:
    without = plan("none")
    hosts = inventory_of(without, example_folder("pattern4")).hosts
    assert without.ups is None
    assert flows(without) == {}
    assert "ups" not in [step.id for step in without.steps]
    assert not set(ups_secrets(plan().ups)) & set(without.secrets)
    assert not [host.name for host in hosts if "ups_guests" in host.groups]


@pytest.mark.parametrize("kind", ["network_card", "usb"])
def test_ap_5_the_ups_has_its_step_when_both_machines_are_built_and_before_the_proof(kind: str) -> None:
    order = [step.id for step in plan(kind).steps]
    assert order.index("proxy") < order.index("ups") < order.index("verify")
    (step,) = (step for step in plan(kind).steps if step.id == "ups")
    assert set(step.devices) == {ups(kind).server, ups(kind).client}
    assert not step.interrupts


def test_ap_5_the_examples_show_both_ways_to_hear_of_a_ups() -> None:
    kinds = {name: found.connection.kind for name in PATTERNS if (found := example_plan(name).ups)}
    assert kinds == {
        "pattern1": "network_card", "pattern2": "usb", "pattern3": "network_card", "pattern4": "network_card",
    }  # fmt: skip


def test_ap_5_both_linux_machines_are_given_the_part_and_each_its_own_secrets() -> None:
    hosts = inventory_of(plan(), example_folder("pattern4")).hosts
    given = {host.name: host.variables["power_secret_names"] for host in hosts if "ups_guests" in host.groups}
    assert given["vm1"] == ["ups_client_password"]
    assert set(given["vm2"]) == {*ups_secrets(plan().ups), "esxi_ups_password"}
