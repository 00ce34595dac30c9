"""The role's tables: from the flow matrix and the catalogue, whole, and each row as its script wants it."""

from __future__ import annotations

import re

from gatekit.catalogue.windows_baseline import windows_baseline
from gatekit.plan.flow import Protocol
from gatekit.render.windows import baseline, baseline_sha256, role_input
from tests.sites import PATTERNS, example_plan
from tests.windows_sites import changed


def test_ap_4_the_firewall_lets_in_what_the_flow_matrix_says_and_nothing_else() -> None:
    for name in PATTERNS:
        plan = example_plan(name)
        vm = plan.vm("vm3")
        rules = baseline(plan.windows, vm)["rules"]
        inbound = {rule["Name"]: rule for rule in rules if rule["Direction"] == "Inbound"}
        wanted = [flow for flow in vm.flows if any(vm.address in net for net in flow.destination.networks)]
        assert set(inbound) == {f"gw-inbound-{flow.id}" for flow in wanted}
        for flow in wanted:
            rule = inbound[f"gw-inbound-{flow.id}"]
            assert rule["RemoteAddress"] == [str(net) for net in flow.source.ipv4_networks]
            assert rule["LocalPort"] == ([str(port) for port in flow.ports] or ["Any"])
        assert all("0.0.0.0/0" not in rule["RemoteAddress"] for rule in rules)
        assert len(rules) >= len(vm.flows)


def test_remote_desktop_is_reached_from_the_maintenance_networks_only() -> None:
    plan = example_plan()
    rules = [rule for rule in baseline(plan.windows, plan.vm("vm3"))["rules"] if "3389" in rule["LocalPort"]]
    assert sorted(peer for rule in rules for peer in rule["RemoteAddress"]) == ["10.161.4.250/32", "10.200.9.0/24"]


def test_a_rule_is_told_by_the_words_windows_uses() -> None:
    plan = example_plan()
    texts = {rule["Name"]: rule["Text"] for rule in baseline(plan.windows, plan.vm("vm3"))["rules"]}
    assert texts["gw-inbound-maintain.vm3"] == "True Inbound Allow TCP 3389,5986 Any 10.161.4.250"
    assert texts["gw-inbound-support.vm3"] == "True Inbound Allow TCP 3389,5986 Any 10.200.9.0/255.255.255.0"
    assert texts["gw-inbound-ping.appliance"] == "True Inbound Allow ICMPv4 type 8 10.200.9.0/255.255.255.0"
    assert texts["gw-outbound-ntp.appliance"] == "True Outbound Allow UDP Any 123 10.200.9.10"


def test_openssh_is_reached_only_where_the_site_file_asks_for_it() -> None:
    for wanted in (False, True):
        plan = changed(openssh=wanted)
        rules = baseline(plan.windows, plan.vm("vm3"))["rules"]
        assert any("22" in rule["LocalPort"] for rule in rules) is wanted
        flows = [flow for flow in plan.firewall.flows if flow.destination.name == "vm3"]
        assert all((22 in flow.ports) is wanted for flow in flows)


def test_the_time_comes_from_the_plans_servers() -> None:
    plan = example_plan()
    rows = {row["Id"]: row["Value"] for row in baseline(plan.windows, plan.vm("vm3"))["registry"]}
    assert (rows["time.type"], rows["time.servers"]) == ("NTP", "10.200.9.10,0x8")
    assert not [value for value in rows.values() if str(value).startswith("<")]


def test_every_row_has_every_key_its_script_asks_for() -> None:
    """Under Set-StrictMode a missing key is an error, on the real Windows only."""
    plan = changed(tools=[{"path": "tools/putty.msi", "sha256": "0" * 64, "product_id": "PuTTY"}])
    tables = baseline(plan.windows, plan.vm("vm3"))
    for table in ("registry", "policy", "audit", "rules", "tools"):
        rows = tables[table]
        assert rows
        assert {frozenset(row) for row in rows} == {frozenset(rows[0])}


def test_no_item_stands_twice_and_each_says_why() -> None:
    facts = windows_baseline()
    values = [(key, item.name) for key, items in facts.registry.items() for item in items]
    names = [item.id for items in facts.registry.values() for item in items]
    assert len(set(values)) == len(values)
    assert len(set(names)) == len(names)
    assert len({item.guid for item in facts.audit}) == len(facts.audit)
    assert all(re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", item.guid) for item in facts.audit)
    assert all(key.startswith("HKLM:\\") for key in facts.registry)


def test_what_the_issue_asks_for_is_in_the_baseline() -> None:
    facts = windows_baseline()
    values = {item.id: item.value for items in facts.registry.values() for item in items}
    assert {
        "rdp.network_level_authentication": 1, "smb.no_version_1": 0, "updates.no_internet": 1, "updates.by_hand": 1,
        "defender.real_time": 0, "tls.no_1_0_server": 0, "tls.no_1_1_client": 0, "powershell.script_blocks": 1,
    }.items() <= values.items()  # fmt: skip
    assert facts.features_absent == ("SMB1Protocol",)


def test_the_digest_follows_every_table_and_nothing_secret() -> None:
    plan = example_plan()
    vm = plan.vm("vm3")
    same = baseline_sha256(plan.windows, vm)
    assert same == baseline_sha256(plan.windows, vm)
    assert same != baseline_sha256(plan.windows.model_copy(update={"openssh": True}), vm)
    assert same != baseline_sha256(plan.windows, vm.model_copy(update={"flows": vm.flows[1:]}))


def test_the_roles_input_is_made_from_the_plans_json() -> None:
    plan = example_plan()
    vm = plan.vm("vm3")
    given = role_input(plan.windows.model_dump(mode="json"), vm.model_dump(mode="json"))
    assert given == baseline(plan.windows, vm)
    assert {flow.protocol for flow in vm.flows} == {Protocol.TCP, Protocol.UDP, Protocol.ICMP}
