"""The networks of the site: the DMZ we assign, and what the hospital has (NW-1 .. NW-5)."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gatekit.intent.fields import HostAddress, Line, Name, SiteNetwork, refusal
from gatekit.model import Frozen


def _slash_24(network: IPv4Network) -> IPv4Network:
    if network.prefixlen != 24:
        raise refusal("GW105", "The DMZ is a /24, such as 10.161.4.0/24 (NW-1).")
    return network


class Dmz(Frozen):
    """The network the appliance lives in; every address in it is assigned by us."""

    network: Annotated[SiteNetwork, AfterValidator(_slash_24)] = Field(description="Assigned by us, 10.16X.XXX.0/24.")
    outside_10_16x_because: Line | None = Field(default=None, description="Why 10.16X could not be used here (NW-2).")


class HospitalNetwork(Frozen):
    """One network of the hospital behind the L3 switch."""

    name: Name = Field(description="Short name; proxy.clients refers to it.")
    network: SiteNetwork = Field(description="The network.")
    kind: Literal["his_servers", "pacs", "departments", "his_clients", "other"] = Field(
        description="What stands in it; his_clients: HIS terminals that may use the proxy."
    )


class Trust(Frozen):
    """The network between firewall and L3 switch; both addresses come from the network vendor (NW-3)."""

    network: SiteNetwork = Field(description="The network; nothing but firewall, boundary and L3 switch stands in it.")
    firewall_address: HostAddress = Field(description="TRUST address of our firewall.")


class L3Switch(Frozen):
    """The hospital's L3 switch."""

    product: Name = Field(description="A product of the catalogue that can be an L3 switch.")
    managed_by: Literal["us", "network_vendor"] = Field(description="network_vendor: a request sheet, no login.")
    address: HostAddress = Field(
        description="Its address in the TRUST network; with a hospital firewall, in the network behind that."
    )


class NoBoundary(Frozen):
    """The L3 switch reaches our firewall directly."""

    kind: Literal["none"] = Field(description="Nothing between the L3 switch and our firewall.")


class BoundaryFirewall(Frozen):
    """A hospital-side firewall between the L3 switch and us (NW-5); run by the network vendor."""

    kind: Literal["hospital_firewall"] = Field(description="A firewall of the hospital's own.")
    product: Line = Field(description="What it is, for the papers; nobody of us logs in.")
    address: HostAddress = Field(description="Its address in the TRUST network; our firewall's routes go via it.")
    inside_network: SiteNetwork = Field(description="Between it and the L3 switch; nothing else stands in it.")
    inside_address: HostAddress = Field(description="Its address there; the L3 switch's route to the DMZ goes via it.")


class BoundaryVlan(Frozen):
    """A VLAN of its own for the TRUST network (NW-5); our firewall's port is an access port of it, without a tag."""

    kind: Literal["vlan"] = Field(description="A VLAN of its own for the TRUST network.")
    vlan_id: int = Field(ge=2, le=4094, description="The VLAN's number.")


type Boundary = Annotated[NoBoundary | BoundaryFirewall | BoundaryVlan, Field(discriminator="kind")]


class FirewallPorts(Frozen):
    """What the firewall's ports are called, where it is not what the catalogue says of the product."""

    untrust: Line = Field(description="Port towards the line or the CPE.")
    dmz: Line = Field(description="Port towards the appliance.")
    trust: Line = Field(description="Port towards the hospital.")


class Firewall(Frozen):
    """Our firewall with the zones UNTRUST, DMZ and TRUST."""

    product: Name = Field(description="A product of the catalogue that can be the firewall.")
    ports: FirewallPorts | None = Field(
        default=None, description="Names of its ports; without them the catalogue's for the product."
    )
