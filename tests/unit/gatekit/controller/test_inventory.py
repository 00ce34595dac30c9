"""The inventory gives each host what its role takes, and nothing of another's."""

from __future__ import annotations

import json
from pathlib import Path

from gatekit.controller.inventory import inventory_of
from gatekit.plan.document import plan_sha256
from tests.sites import example_plan


def test_pattern_4_has_exactly_its_hosts_in_their_groups() -> None:
    site = inventory_of(example_plan("pattern4"), Path("/site/inventories/pattern4"))
    assert {host.name: host.groups for host in site.hosts} == {
        "esxi": ("esxi_hosts",),
        "firewall": ("firewalls", "ssh_hosts"),
        "vm1": ("linux_guests", "ssh_hosts", "ups_guests", "gateways"),
        "vm2": ("linux_guests", "ssh_hosts", "ups_guests", "proxies"),
        "vm3": ("windows_guests",),
        "l3_switch": ("l3_switches", "ssh_hosts"),
    }


def test_nw_4_a_switch_of_the_network_vendor_is_no_host_of_ours() -> None:
    site = inventory_of(example_plan("pattern3"), Path("/site/inventories/pattern3"))
    assert "l3_switch" not in {host.name for host in site.hosts}


def test_variables_are_json_and_name_the_plan() -> None:
    plan = example_plan("pattern4")
    site = inventory_of(plan, Path("/site/inventories/pattern4"))
    assert json.loads(json.dumps([host.variables for host in site.hosts])) == [host.variables for host in site.hosts]
    assert site.variables["gatekit_plan_sha256"] == plan_sha256(plan)
    assert site.variables["gatekit_build"] == "/site/build/pattern4"


def test_host_keys_are_checked_strictly_against_the_sites_own_file() -> None:
    site = inventory_of(example_plan("pattern4"), Path("/site/inventories/pattern4"))
    assert "StrictHostKeyChecking=yes" in site.variables["ansible_ssh_common_args"]
    assert "UserKnownHostsFile=/site/build/pattern4/known_hosts" in site.variables["ansible_ssh_common_args"]


def test_ap_2_vm1_gets_the_part_of_each_of_its_roles_and_the_names_of_its_secrets_only() -> None:
    plan = example_plan("pattern4")
    hosts = {host.name: host for host in inventory_of(plan, Path("/site/inventories/pattern4")).hosts}
    ups = {"ups_plan"}  # both Linux machines hear of it
    parts = {name for name in hosts["vm1"].variables if name.endswith(("_plan", "_archive"))} - ups
    assert parts == {"postgresql_plan", "wildfly_plan", "orthanc_archive", "pacs_gateway_plan", "apache_plan"}
    named = hosts["vm1"].variables["gateway_secret_names"]
    assert set(named) == {part.rsplit("_", 1)[0] for part in parts}
    assert {name for names in named.values() for name in names} == set(plan.vm1.secrets())
    assert named["apache"] == ["tls_certificate_vm1", "tls_key_vm1"]
    assert not any(name in hosts["vm2"].variables for name in parts)


def test_vpn_1_main_unit_and_spare_never_share_an_open_connection() -> None:
    """They have one address: over the other's connection a play would change the wrong unit, past the host key."""
    site = inventory_of(example_plan("pattern1"), Path("/site/inventories/pattern1"))
    hosts = {host.name: host.variables for host in site.hosts}
    assert hosts["cpe"]["ansible_host"] == hosts["cpe_spare"]["ansible_host"]
    paths = [hosts[name].get("ansible_control_path") for name in ("cpe", "cpe_spare")]
    assert paths == [None, "%(directory)s/cpe-spare"]
