"""The data centre as the operator of the network runs it: inventories/data_centre.yml, for all hospitals."""

from __future__ import annotations

from pydantic import Field

from gatekit.intent.fields import (
    AbsolutePath,
    Account,
    Component,
    Email,
    HostAddress,
    HostAddress6,
    HostName,
    Line,
    Phone,
    Port,
    SiteNetwork,
    Suite,
    WebUrl,
)
from gatekit.intent.hospital import BothLanguages
from gatekit.model import Frozen


class Peer(Frozen):
    """One VPN device of the data centre."""

    identity: HostName = Field(description="What it calls itself in IKE.")
    ipv4: HostAddress | None = Field(default=None, description="Its address on the Internet; pattern 4 needs it.")
    ipv6: HostAddress6 | None = Field(default=None, description="Its IPv6 address; patterns 1 to 3 need it.")


class Peers(Frozen):
    """The data centre's VPN devices by the network they are reached over."""

    internet: Peer = Field(description="Patterns 1 and 4.")
    closed_network: Peer = Field(description="Patterns 2 and 3.")


class Portal(Frozen):
    """The service that HIS terminals and viewing facilities use."""

    name: HostName = Field(description="Its name; the certificate is made out to it.")
    address: HostAddress = Field(description="Inside the tunnel, for HIS terminals.")
    public_address: HostAddress = Field(description="On the Internet, for viewing facilities (OP-9).")
    port: Port = Field(default=443, description="Its HTTPS port.")


class Mirror(Frozen):
    """The package mirror of the Linux guests."""

    url: WebUrl = Field(description="Where it is.")
    suite: Suite = Field(description="Suite, or ./ for a flat mirror.")
    components: tuple[Component, ...] = Field(description="Components; empty for a flat mirror.")
    signed_by: AbsolutePath = Field(description="Path of its signing key in the guest.")


class Support(Frozen):
    """OP-11: whom the hospital calls, and when."""

    name: BothLanguages = Field(description="Name of the support centre.")
    phone: Phone = Field(description="Telephone number.")
    email: Email = Field(description="Mail address.")
    hours: BothLanguages = Field(description="Hours of support.")


class DataCentre(Frozen):
    """What every hospital's Gateway is linked with."""

    domain: HostName = Field(description="Host names and identities of all appliances end in it.")
    networks: tuple[SiteNetwork, ...] = Field(min_length=1, description="Networks reached through the tunnel only.")
    operations: SiteNetwork = Field(description="Where support sits; inside one of the networks.")
    services: HostAddress = Field(description="DNS, NTP, syslog and the package mirror.")
    portal: Portal = Field(description="The service.")
    peers: Peers = Field(description="VPN devices.")
    mirror: Mirror = Field(description="Packages of the Linux guests.")
    support: Support = Field(description="Whom a hospital calls (OP-11).")
    operator_account: Account = Field(description="Account our automation logs in with, by key.")
    guideline: Line = Field(description="Edition of the ministry's guideline that generated papers cite.")
