"""What a simulated IOS-XE router shows of tunnel and routes, as Cisco's own parsers (genie) understand it."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.simulators.cisco_ios.answers import shown
from gatekit.simulators.cisco_ios.exec_mode import understood
from tests.evidence.readers import by_genie
from tests.unit.gatekit.devices.cisco_ios.boxes import cpe_part, planned_box, switch_box


def answer(box: Any, command: str) -> str:
    found = understood(command)
    assert found is not None
    return shown(box, found)


def routes(box: Any) -> dict[str, tuple[str, str]]:
    """Return network -> (where the route is from, where it leads)."""
    found = by_genie("cisco_ios", "show ip route", answer(box, "show ip route"))
    rows = found["vrf"]["default"]["address_family"]["ipv4"]["routes"]
    return {network: (row["source_protocol"], _leads(row["next_hop"])) for network, row in rows.items()}


def _leads(hop: dict[str, Any]) -> str:
    if "next_hop_list" in hop:
        return hop["next_hop_list"][1]["next_hop"]
    (name,) = hop["outgoing_interface"]
    return name


def test_the_routes_of_the_cpe_are_the_plans() -> None:
    part = cpe_part()
    found = routes(planned_box(part))
    dmz, lan = part.plan.routes[0], part.plan.lan
    assert found.pop(str(dmz.network)) == ("static", str(dmz.via))
    assert found.pop("10.200.0.0/16") == ("static", "Tunnel10")
    assert found.pop(f"{lan.address}/32") == ("local", "GigabitEthernet0/0/1")
    assert {source for source, _ in found.values()} == {"connected"}


def test_without_its_tunnel_the_data_centre_leads_nowhere() -> None:
    box = planned_box(cpe_part())
    del box.running.root.children["interface Tunnel10"]
    assert routes(box)["10.200.0.0/16"] == ("static", "Null0")


def test_the_routes_of_the_hospitals_switch() -> None:
    found = routes(switch_box())
    assert found["0.0.0.0/0"] == ("static", "192.168.10.254")
    assert found["192.168.99.0/24"] == ("static", "192.168.20.9")


def test_the_ike_sa_is_the_suite_of_the_plan() -> None:
    part = cpe_part()
    tunnel = part.plan.tunnel
    found = by_genie(
        "cisco_ios", "show crypto ikev2 sa detail", answer(planned_box(part), "show crypto ikev2 sa detail")
    )
    sa = found["tunnel_id"][1]
    assert (sa["encryption"], sa["keysize"], sa["prf"], sa["dh_grp"]) == (
        "aes-gcm",
        256,
        "sha384",
        tunnel.suite.dh_group,
    )
    assert (sa["local_id"], sa["remote_id"]) == (tunnel.local.identity, tunnel.remote.identity)
    assert (sa["auth_sign"], sa["auth_verify"], sa["status"]) == ("psk", "psk", "ready")
    assert sa["remote"].lower() == str(tunnel.remote.underlay)


@pytest.mark.parametrize("command", ["show crypto ipsec sa", "show crypto ipsec sa detail"])
def test_the_ipsec_sas_one_for_each_pair_of_networks(command: str) -> None:
    """The parser knows IPv4 peers alone, so the outer addresses are exchanged; nothing else is."""
    part = cpe_part()
    text = answer(planned_box(part), command).replace("2001:DB8:DC::10", "203.0.113.10")
    found = by_genie("cisco_ios", command, text.replace("2001:DB8:A:B::10", "203.0.113.9"))
    pairs = found["interface"]["Tunnel10"]["ident"].values()
    assert {
        (one["local_ident"]["addr"], one["remote_ident"]["addr"], one["pfs"], one["dh_group"]) for one in pairs
    } == {
        (str(network.network_address), "10.200.0.0", "Y", f"group{part.plan.tunnel.suite.dh_group}")
        for network in part.plan.tunnel.local.networks
    }
    for one in pairs:
        for way in ("inbound_esp_sas", "outbound_esp_sas"):
            assert [sa["transform"] for sa in one[way]["spi"].values()] == ["esp-gcm 256"]


def test_the_filter_of_the_line_lets_ike_esp_and_neighbours_in_and_nothing_else() -> None:
    found = by_genie("cisco_ios", "show ipv6 access-list", answer(planned_box(cpe_part()), "show ipv6 access-list"))
    rows = list(found["GW-WAN6-IN"]["aces"].values())
    permitted = {row["matches"]["l3"]["ipv6"]["protocol"] for row in rows if row["actions"]["forwarding"] == "permit"}
    assert permitted == {"udp", "esp", "icmp"}
    assert rows[-1]["actions"] == {"forwarding": "deny", "logging": "log-syslog"}


def test_the_release_is_the_one_that_our_reader_finds() -> None:
    found = by_genie("cisco_ios", "show version", answer(planned_box(cpe_part()), "show version"))["version"]
    assert (found["version"], found["chassis"], found["hostname"]) == ("17.9.4a", "ISR4331/K9", "cpe-higashi-a")
