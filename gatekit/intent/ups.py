"""What a person decides about the UPS (AP-5): which one, how VM2 hears of it, and how long the batteries carry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatekit.intent.fields import Account, Line, Matching
from gatekit.model import Frozen

type UsbId = Annotated[str, Matching(r"[0-9a-f]{4}", "Write four small hexadecimal digits, as lsusb prints them.")]


class NetworkCard(Frozen):
    """A card in the UPS, asked by SNMPv3 with authentication and privacy; its address follows from the DMZ."""

    kind: Literal["network_card"] = Field(description="The UPS has a network card in the DMZ.")
    mibs: Literal["apcc", "eaton_pw_nm2", "mge", "pw", "cyberpower", "ietf"] = Field(
        default="ietf", description="The card's language, as NUT's snmp-ups calls it; ietf is RFC 1628."
    )
    account: Account = Field(description="The card's SNMPv3 account; its two passwords are the vault's.")
    authentication: Literal["SHA", "SHA256", "SHA384", "SHA512"] = Field(
        default="SHA256", description="The account's authentication; older cards know SHA alone."
    )
    privacy: Literal["AES", "AES192", "AES256"] = Field(default="AES", description="The account's encryption.")


class UsbCable(Frozen):
    """A cable to the server's USB port, passed through to VM2; the connection belongs to that very port."""

    kind: Literal["usb"] = Field(description="The UPS hangs on a USB port of the server.")
    driver: Literal["usbhid-ups", "nutdrv_qx"] = Field(description="NUT's driver for the model.")
    vendor_id: UsbId = Field(description="USB vendor, such as 051d.")
    product_id: UsbId = Field(description="USB product, such as 0002.")


class Ups(Frozen):
    """The UPS; without it nothing is shut down in order when the mains fail."""

    model: Line = Field(description="Maker and model, for the papers.")
    connection: Annotated[NetworkCard | UsbCable, Field(discriminator="kind")] = Field(
        description="How VM2 hears of it."
    )
    minutes_on_battery: int = Field(
        ge=1, le=120, description="So long without mains, and everything is shut down, low battery or not."
    )
    low_battery_reserve_minutes: int = Field(
        ge=1, le=120, description="What the batteries still give when the UPS says low battery, as set on it."
    )
