from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Zone
from gatekit.render.junos import firewall_config, route_lines
from gatekit.simulators.junos.configuration import split
from gatekit.simulators.junos.grammar import parse
from tests.sites import PATTERNS
from tests.unit.gatekit.simulators.junos.boxes import SECRETS, as_planned, firewall, l3_switch, srx


@pytest.mark.parametrize("name", PATTERNS)
def test_rendering_twice_gives_the_same_text_with_secrets_by_name_only(name: str) -> None:
    text = firewall_config(firewall(name))
    assert text == firewall_config(firewall(name))
    assert len(set(text.splitlines())) == len(text.splitlines())
    assert "<secret firewall_password>" in text
    assert ("<secret vpn_psk>" in text) is (name == "pattern4")
    assert not any(value in text for value in SECRETS.values())


@pytest.mark.parametrize("name", PATTERNS)
def test_the_box_takes_every_line_and_its_commit_check_succeeds(name: str) -> None:
    for line in firewall_config(firewall(name)).splitlines():
        words, columns = split(line.replace("plain-text-password-value", "encrypted-password"))
        parse(words[1:], columns[1:])
    assert srx(as_planned(firewall(name))).commits.check() == "configuration check succeeds\n"


@pytest.mark.parametrize("name", PATTERNS[:3])
def test_where_a_cpe_ends_the_tunnel_the_firewall_has_no_ipsec_of_its_own(name: str) -> None:
    text = firewall_config(firewall(name))
    assert not [line for line in text.splitlines() if "security ike" in line or "ipsec" in line or " st0" in line]
    assert "security-zone VPN" not in text


def test_vpn_4_no_policy_lets_the_data_centre_be_reached_through_untrust() -> None:
    ways = [line for line in firewall_config(firewall()).splitlines() if "zone UNTRUST" in line and " policy " in line]
    assert ways
    assert not [line for line in ways if "10.200." in line]


def test_one_policy_a_flow_and_a_denial_at_the_end_of_every_way_to_the_firewall() -> None:
    plan = firewall()
    text = firewall_config(plan)
    for flow in plan.flows:
        begins_elsewhere = flow.source.zone is not Zone.FIREWALL
        assert (f" policy {flow.id.replace('.', '-')} then permit" in text) is begins_elsewhere
    assert text.count("policy deny-host then deny") == 4
    assert text.rstrip().endswith("set security policies default-policy deny-all")


def test_nw_4_the_l3_switch_gets_our_route_and_nothing_else() -> None:
    assert route_lines(l3_switch()) == "set routing-options static route 10.161.4.0/24 next-hop 192.168.10.5\n"


def _refused(**changes: object) -> tuple[str, str, object]:
    with pytest.raises(RenderError) as caught:
        firewall_config(firewall().model_copy(update=changes))
    code, path, value, fix = caught.value.facts
    assert fix
    return code, path, value


def _flow(wanted: str, **changes: object) -> tuple[Flow, ...]:
    return tuple(flow.model_copy(update=changes) if flow.id == wanted else flow for flow in firewall().flows)


def test_a_port_that_an_srx_does_not_have_is_refused() -> None:
    rows = firewall().interfaces
    bad = (rows[0].model_copy(update={"port": "wan 1"}), *rows[1:])
    assert _refused(interfaces=bad) == ("GW302", "firewall.interfaces.untrust.port", "wan 1")


def test_a_flow_id_that_is_no_policy_name_is_refused() -> None:
    long = "pacs.store." + "x" * 60
    assert _refused(flows=_flow("pacs.store.main", id=long)) == (
        "GW302",
        f"firewall.flows.{long}",
        long.replace(".", "-"),
    )


def test_two_flows_with_one_policy_name_are_refused() -> None:
    assert _refused(flows=_flow("link.emr", id="pacs-query.main")) == (
        "GW302",
        "firewall.flows.pacs-query.main",
        "pacs-query-main",
    )


def test_a_service_of_the_firewall_that_junos_has_no_name_for_is_refused() -> None:
    flows = _flow("maintain.firewall", ports=(2222,))
    assert _refused(flows=flows) == ("GW302", "firewall.flows.maintain.firewall", "tcp (2222,)")


def test_a_flow_that_stays_in_one_zone_is_refused() -> None:
    trust = next(flow.source for flow in firewall().flows if flow.id == "proxy.terminals")
    flows = _flow("proxy.terminals", destination=trust)
    assert _refused(flows=flows) == ("GW302", "firewall.flows.proxy.terminals", "TRUST")


def test_a_protected_network_without_halves_is_refused() -> None:
    assert _refused(protected=(IPv4Network("10.200.0.1/32"),)) == ("GW302", "firewall.protected", "10.200.0.1/32")


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        ({"dh_group": 21}, "tunnel.suite.dh_group", 21),
        ({"integrity": "sha256"}, "tunnel.suite.integrity", "sha256"),
        ({"encryption": "aes256-cbc", "integrity": "sha256"}, "tunnel.suite.prf", "sha384"),
    ],
)
def test_an_offer_that_junos_cannot_spell_is_refused(change: dict[str, object], path: str, value: object) -> None:
    tunnel = firewall().tunnel
    assert tunnel is not None
    weaker = tunnel.model_copy(update={"suite": tunnel.suite.model_copy(update=change)})
    assert _refused(tunnel=weaker) == ("GW302", path, value)


def test_a_log_server_on_two_ports_is_refused() -> None:
    assert _refused(flows=_flow("syslog.firewall", ports=(514, 6514)))[:2] == (
        "GW302",
        "firewall.flows.syslog.firewall",
    )


def test_a_second_peer_network_gets_its_own_selector_pair() -> None:
    plan = firewall()
    assert plan.tunnel is not None
    more = (*plan.tunnel.remote.networks, IPv4Network("10.210.0.0/16"))
    remote = plan.tunnel.remote.model_copy(update={"networks": more})
    text = firewall_config(plan.model_copy(update={"tunnel": plan.tunnel.model_copy(update={"remote": remote})}))
    assert "traffic-selector net-2 local-ip 10.161.4.0/24\n" in text
    assert "traffic-selector net-2 remote-ip 10.210.0.0/16\n" in text


def test_the_firewall_speaks_to_its_servers_from_an_address_inside_the_tunnel() -> None:
    plan = firewall()
    dmz = next(row.address for row in plan.interfaces if row.zone is Zone.DMZ)
    assert isinstance(dmz, IPv4Address)
    text = firewall_config(plan)
    assert text.count(f"source-address {dmz}\n") == 3
