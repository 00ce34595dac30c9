"""A UPS that does not carry the appliance until everything is off, and one that nothing is known of."""

from __future__ import annotations

from tests.refusals.case import Case
from tests.ups import CABLE, CARD

UPS = {"model": "APC SMT1500", "minutes_on_battery": 10, "low_battery_reserve_minutes": 10}

CASES = (
    Case(
        "UPS that is empty before everything is off",
        edit={"ups": {**UPS, "connection": CARD, "low_battery_reserve_minutes": 9}},
        expected=(
            (
                "GW149",
                "ups.low_battery_reserve_minutes",
                9,
                "Set the UPS to say low battery 10 minutes before it is empty; stopping takes up to 555 s.",
            ),
        ),
    ),
    Case(
        "UPS with a USB id as the host's options write it",
        edit={"ups": {**UPS, "connection": {**CABLE, "product_id": "0x0003"}}},
        expected=(
            (
                "GW110",
                "ups.connection.product_id",
                "0x0003",
                "Write four small hexadecimal digits, as lsusb prints them.",
            ),
        ),
    ),
    Case(
        "UPS with a USB id in capitals",
        edit={"ups": {**UPS, "connection": {**CABLE, "vendor_id": "051D"}}},
        expected=(
            (
                "GW110",
                "ups.connection.vendor_id",
                "051D",
                "Write four small hexadecimal digits, as lsusb prints them.",
            ),
        ),
    ),
)
