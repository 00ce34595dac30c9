"""The converged firewall, looked at from outside and with other tools than those that configured it."""

from __future__ import annotations

import json

import pytest
from testinfra.host import Host

from tests.stories.firewall import site
from tests.stories.firewall.lab import Lab


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_nw_6_the_tunnel_is_up_with_the_planned_suite(host: Host, lab: Lab) -> None:
    lab.wait_for_tunnel()
    with host.sudo():
        said = host.check_output("swanctl --list-sas")
    assert "AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384" in said
    assert "ESP:AES_GCM_16-256" in said


def test_ap_6_planned_flows_pass_and_others_do_not(lab: Lab) -> None:
    assert lab.reaches("vm", site.DATA_CENTRE, 80)
    assert lab.reaches("hospital", site.VM, 3128, source=site.PACS)
    assert not lab.reaches("vm", site.DATA_CENTRE, 443)
    assert not lab.reaches("hospital", site.VM, 22, source=site.PACS)


def test_ap_6_the_kernel_holds_exactly_the_plans_accept_rules(host: Host) -> None:
    with host.sudo():
        items = json.loads(host.check_output("nft -j list table inet gatekit_fw"))["nftables"]
    rules = [item["rule"] for item in items if "rule" in item]
    accepting = [rule for rule in rules if any("accept" in part for part in rule["expr"])]
    names = [rule["comment"] for rule in accepting if "comment" in rule]
    replies = ["support.firewall.reply", "maintain.firewall.reply"]  # for the session that loads the rules
    assert sorted(names) == sorted([*(flow.id for flow in site.firewall().flows), *replies])
    assert len(accepting) == len(names) + 5  # lo twice, established in three chains


def test_nw_6_the_data_centre_is_blackholed_beneath_the_tunnel(host: Host) -> None:
    assert "blackhole 10.97.4.0/24 proto 97 metric 4278" in host.check_output("ip route show type blackhole")


UNITS = (
    "gatekit-firewall.service",
    "gatekit-network.service",
    "ulogd2.service",
    "strongswan.service",
    "gatekit-tunnel.timer",
)


@pytest.mark.parametrize("unit", UNITS)
def test_units_run_and_come_back_with_the_host(host: Host, unit: str) -> None:
    assert host.service(unit).is_enabled
    assert host.service(unit).is_running


def test_no_undo_timer_is_left(host: Host) -> None:
    assert host.check_output("systemctl list-timers --all --no-legend 'gatekit-*-undo*'") == ""


def test_the_key_is_readable_for_root_only(host: Host) -> None:
    with host.sudo():
        file = host.file("/etc/swanctl/conf.d/dc-main.conf")
        assert (file.user, file.group, file.mode) == ("root", "root", 0o600)
