"""Products that are none or not of the role, and crypto that a product does not reach."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "firewall that is none",
        edit={"firewall.product": "nec_ix"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "nec_ix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "CPE that is none",
        pattern=3,
        edit={"vpn.cpe.product": "fortigate"},
        expected=(
            (
                "GW130",
                "vpn.cpe.product",
                "fortigate",
                "Use one of: cisco_iosxe, linux, nec_ix, yamaha_rtx.",
            ),
        ),
    ),
    Case(
        "L3 switch misspelt",
        edit={"l3_switch.product": "cisco_iso"},
        expected=(
            (
                "GW130",
                "l3_switch.product",
                "cisco_iso",
                "Did you mean `cisco_ios`?",
            ),
        ),
    ),
    Case(
        "product of nowhere",
        edit={"firewall.product": "pix"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "pix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "switch as the tunnel end of pattern 4",
        edit={"firewall.product": "cisco_ios"},
        expected=(
            (
                "GW130",
                "firewall.product",
                "cisco_ios",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
        ),
    ),
    Case(
        "HIGH on a NEC IX",
        pattern=2,
        edit={"vpn.crypto": "HIGH", "vpn.cpe.product": "nec_ix"},
        expected=(
            (
                "GW132",
                "vpn.crypto",
                "HIGH",
                "Use BASE: NEC UNIVERGE IX reaches no more (catalogue/products/nec_ix.yml).",
            ),
        ),
    ),
    Case(
        "HIGH on a Yamaha RTX",
        pattern=3,
        edit={"vpn.crypto": "HIGH", "vpn.cpe.product": "yamaha_rtx"},
        expected=(
            (
                "GW132",
                "vpn.crypto",
                "HIGH",
                "Use BASE: Yamaha RTX reaches no more (catalogue/products/yamaha_rtx.yml).",
            ),
        ),
    ),
    Case(
        "no crypto",
        edit={"vpn.crypto": "NONE"},
        expected=(
            (
                "GW104",
                "vpn.crypto",
                "NONE",
                "Use one of: HIGH, BASE.",
            ),
        ),
    ),
)
