"""The router's answers as people who have real routers read them: by the templates of ntc-templates."""

from __future__ import annotations

import pytest
from ntc_templates.parse import parse_output

from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.portable.secrets import reveal
from gatekit.simulators.yamaha_rtx import load, shows, words
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from tests.sites import parts_of, vendor_plan


@pytest.fixture
def router() -> Configuration:
    made = Configuration()
    text = PLATFORM.render(parts_of(vendor_plan("yamaha_rtx", "pattern1"))["cpe_main"])
    load(made, text, reveal=lambda line: reveal("test", line, {"cpe_password": "w1", "vpn_psk": "w2"}))
    return made


def routes(router: Configuration) -> set[tuple[str, ...]]:
    rows = parse_output(platform="yamaha", command="show ip route", data=shows.ip_route(router))
    names = ("network", "prefix_length", "nexthop_ip", "nexthop_if", "protocol", "additional_info")
    return {tuple(row[name] for name in names) for row in rows}


def test_routes_are_read_by_an_independent_template(router):
    assert routes(router) == {
        ("10.161.252.4", "30", "10.161.252.5", "LAN1", "implicit", ""),
        ("10.161.1.0", "24", "10.161.252.6", "LAN1", "static", ""),
        ("10.200.0.0", "16", "-", "TUNNEL[1]", "static", "hide"),
        ("default", "", "192.168.1.1", "LAN2", "static", ""),
    }


def test_without_its_tunnel_the_data_centre_leads_nowhere(router):
    router.take("no tunnel enable 1", 1)
    assert ("10.200.0.0", "16", "-", "NULL", "static", "") in routes(router)


def test_the_environment_is_read_by_an_independent_template():
    row = parse_output(
        platform="yamaha", command="show environment", data=words.environment("RTX1300", "Rev.23.00.14")
    )[0]
    assert (row["version"], row["config_file"], row["security_class"], row["telnet"]) == (
        "23.00.14",
        "config0",
        "1",
        "OFF",
    )


def test_the_tunnel_is_shown_by_its_peer_and_its_name(router):
    assert "Total: isakmp:1 send:1 recv:1\n" in shows.ipsec_sa(router)
    assert shows.ipsec_sa(router).count("2001:db8:dc::10") == 3
    assert "Description: dc-main\n" in shows.status_tunnel(router, 1)
    assert "   IPv4: 1400 octets\n" in shows.status_tunnel(router, 1)
