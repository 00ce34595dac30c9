"""VPN patterns against line and CPE (VPN-1 .. VPN-4)."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
    Case(
        "pattern 4 with a CPE",
        edit={"vpn.cpe": {"product": "nec_ix", "unit": {"serial": "IX", "wan_mac": "02:00:00:00:02:01"}}},
        expected=(
            (
                "GW130",
                "vpn.cpe",
                "a mapping",
                "Remove cpe: in pattern 4 the firewall ends the tunnel.",
            ),
        ),
    ),
    Case(
        "pattern 4 without a global address",
        edit={"vpn.line.global_address": REMOVED},
        expected=(
            (
                "GW131",
                "vpn.line.global_address",
                "missing",
                "Give the line's one global IPv4 address (VPN-4).",
            ),
        ),
    ),
    Case(
        "pattern 4 over FLET'S",
        edit={
            "vpn.line": {
                "kind": "flets_hikari_next",
                "area": "east",
                "ipv6_option": True,
                "hikari_denwa": False,
                "home_gateway": False,
            }
        },
        expected=(
            (
                "GW131",
                "vpn.line.kind",
                "flets_hikari_next",
                "Use internet: pattern 4 is the hospital's own line (VPN-4).",
            ),
        ),
    ),
    Case(
        "pattern 4 with other services",
        edit={"vpn.other_services": []},
        expected=(
            (
                "GW131",
                "vpn.other_services",
                "an empty list",
                "Remove it: only pattern 1's line carries others.",
            ),
        ),
    ),
    Case(
        "other services without a home gateway",
        pattern=1,
        edit={"vpn.line.home_gateway": False},
        expected=(
            (
                "GW131",
                "vpn.line.home_gateway",
                False,
                "Give the line a home gateway: other services are IPv4, which only it hands to the CPE (by DHCP).",
            ),
        ),
    ),
    Case(
        "pattern 2 over an Internet line",
        pattern=2,
        edit={"vpn.line.kind": "internet"},
        expected=(
            (
                "GW131",
                "vpn.line.kind",
                "internet",
                "Use flets_hikari_next: patterns 1 to 3 need FLET'S.",
            ),
        ),
    ),
    Case(
        "pattern 2 without a CPE",
        pattern=2,
        edit={"vpn.cpe": REMOVED},
        expected=(
            (
                "GW130",
                "vpn.cpe",
                "missing",
                "Give cpe: patterns 1 to 3 end the tunnel in a CPE.",
            ),
        ),
    ),
    Case(
        "pattern 3 with a spare",
        pattern=3,
        edit={"vpn.cpe.spare": {"serial": "RTX-2", "wan_mac": "02:00:00:00:03:02"}},
        expected=(
            (
                "GW130",
                "vpn.cpe.spare",
                "a mapping",
                "Remove it: patterns 2 and 3 have one `unit`.",
            ),
        ),
    ),
    Case(
        "pattern 1 with one CPE",
        pattern=1,
        edit={"vpn.cpe.spare": REMOVED},
        expected=(
            (
                "GW130",
                "vpn.cpe.spare",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
        ),
    ),
    Case(
        "pattern 1 with a unit",
        pattern=1,
        edit={"vpn.cpe": {"product": "cisco_iosxe", "unit": {"serial": "S1", "wan_mac": "02:00:00:00:01:01"}}},
        expected=(
            (
                "GW130",
                "vpn.cpe.main",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
            (
                "GW130",
                "vpn.cpe.spare",
                "missing",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
            (
                "GW130",
                "vpn.cpe.unit",
                "a mapping",
                "Give main and spare: pattern 1 has two CPEs (VPN-1).",
            ),
        ),
    ),
    Case(
        "main and spare are one unit",
        pattern=1,
        edit={"vpn.cpe.spare": {"serial": "CPE-0101", "wan_mac": "02:00:00:00:01:01"}},
        expected=(
            (
                "GW111",
                "vpn.cpe.spare.serial",
                "CPE-0101",
                "Give the spare's own, as on its label: main has this one.",
            ),
            (
                "GW111",
                "vpn.cpe.spare.wan_mac",
                "02:00:00:00:01:01",
                "Give the spare's own, as on its label: main has this one.",
            ),
        ),
    ),
    Case(
        "FLET'S without the IPv6 option",
        pattern=2,
        edit={"vpn.line.ipv6_option": False},
        expected=(
            (
                "GW131",
                "vpn.line.ipv6_option",
                False,
                "Order フレッツ・v6オプション first: the pattern needs it.",
            ),
        ),
    ),
    Case(
        "FLET'S with the IPv6 option not said",
        pattern=2,
        edit={"vpn.line.ipv6_option": REMOVED},
        expected=(
            (
                "GW131",
                "vpn.line.ipv6_option",
                "missing",
                "Give ipv6_option: true; the pattern needs フレッツ・v6オプション.",
            ),
        ),
    ),
)
