"""The host as another client sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.esxi.by_hand import host, service

FOLDER = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "esxi"


@pytest.fixture(scope="module")
def config() -> Iterator[Any]:
    with service(FOLDER) as found:
        yield host(found).config


def test_nothing_promiscuous_no_mac_change_no_forged_frame(config: Any) -> None:
    for group in config.network.portgroup:
        security = group.computedPolicy.security
        assert (security.allowPromiscuous, security.macChanges, security.forgedTransmits) == (False, False, False)


def test_ap_1_switches_and_port_groups(config: Any) -> None:
    assert [(v.name, list(v.spec.bridge.nicDevice), v.mtu) for v in config.network.vswitch] == [
        ("vSwitch0", ["vmnic0"], 1500),
        ("vSwitch1", ["vmnic1"], 9000),
    ]
    groups = {p.spec.name: (p.spec.vswitchName, p.spec.vlanId) for p in config.network.portgroup}
    assert groups == {
        "VM Network": ("vSwitch0", 0),
        "Management Network": ("vSwitch0", 0),
        "GW-DMZ": ("vSwitch0", 0),
        "GW-SPARE": ("vSwitch1", 12),
    }


def test_names_and_clock(config: Any) -> None:
    dns = config.network.dnsConfig
    assert (dns.dhcp, dns.hostName, dns.domainName, list(dns.address)) == (
        False, "gw-kita-esx", "idlink.example.jp", ["10.200.9.10"],
    )  # fmt: skip
    assert list(config.dateTimeInfo.ntpConfig.server) == ["10.200.9.10"]


def test_only_the_planned_services_run(config: Any) -> None:
    services = {s.key: (s.running, s.policy) for s in config.service.service}
    assert services["ntpd"] == (True, "on")
    assert services["TSM"] == (False, "off")
    assert services["TSM-SSH"] == (False, "off")


def test_ap_1_every_open_rule_names_its_addresses(config: Any) -> None:
    rules = [rule for rule in config.firewall.ruleset if rule.enabled and rule.ipListUserConfigurable]
    assert rules
    assert [rule.key for rule in rules if rule.allowedHosts.allIp] == []


def test_ap_1_the_planned_accounts_have_their_role() -> None:
    with service(FOLDER) as found:
        manager, folder = found.content.authorizationManager, found.content.rootFolder
        roles = {role.roleId: role.name for role in manager.roleList}
        given = {row.principal: roles[row.roleId] for row in manager.RetrieveEntityPermissions(folder, False)}
    assert (given["gwauto"], given["gwups"]) == ("gatekit-automation", "gatekit-ups")
