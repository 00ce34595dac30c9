"""The UPS's part of the plan (AP-5): who hears of it, what stops in which order, and when the power may go."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import Field

from gatekit.model import Frozen
from gatekit.plan.flow import SecretName


class UpsCard(Frozen):
    """The UPS's network card and the names of its account's passwords."""

    kind: Literal["network_card"] = "network_card"
    address: IPv4Address
    port: int
    mibs: str
    account: str
    authentication: str
    authentication_password: SecretName
    privacy: str
    privacy_password: SecretName


class UpsCable(Frozen):
    """A USB device of VM2."""

    kind: Literal["usb"] = "usb"
    driver: str
    vendor_id: str
    product_id: str


class UpsMachine(Frozen):
    """One machine of the shutdown. ``begins_s``: when its turn comes at the latest, ``stop_s``: what it may take."""

    name: str
    begins_s: int
    stop_s: int


class UpsHost(Frozen):
    """The ESXi host as the shutdown logs in to it."""

    address: IPv4Address
    port: int
    account: str
    password: SecretName


class UpsPlan(Frozen):
    """The UPS and the shutdown.

    ``name`` is NUT's for the UPS, ``server`` the machine that speaks with it, ``client`` the one that stops by itself
    when its turn has come and nobody asked it. ``order_s``: for an order that needs no guest; ``program_s``: how long
    the shutdown may take until the host was told; ``cut_after_s``: how long the UPS waits from its order until it
    takes the power away; ``whole_s``: all together.
    """

    name: str
    model: str
    connection: Annotated[UpsCard | UpsCable, Field(discriminator="kind")]
    server: str
    server_address: IPv4Address
    port: int
    client: str
    on_battery_s: int
    reserve_s: int
    machines: tuple[UpsMachine, ...]
    order_s: int
    program_s: int
    cut_after_s: int
    whole_s: int
    host: UpsHost
    server_password: SecretName
    client_password: SecretName
    command_password: SecretName

    def machine(self, name: str) -> UpsMachine:
        """Return one machine of the sequence; KeyError when it is none of it."""
        for machine in self.machines:
            if machine.name == name:
                return machine
        raise KeyError(name)
