"""What the hospital puts between its network and our firewall, for whoever sets it up (NW-5)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from gatekit.model import Frozen
from gatekit.plan.flow import Flow
from gatekit.plan.network_device import Route


class VlanPlan(Frozen):
    """The TRUST network in a VLAN of its own: our firewall's port is an access port of it, without a tag."""

    kind: Literal["vlan"] = "vlan"
    vlan_id: int
    network: IPv4Network


class HospitalFirewallPlan(Frozen):
    """The hospital's own firewall: two legs, its routes, and the flows of the matrix that cross it, and no other."""

    kind: Literal["hospital_firewall"] = "hospital_firewall"
    name: str  # as the flows' routes have it
    product: str
    trust_address: IPv4Address
    trust_network: IPv4Network
    inside_address: IPv4Address
    inside_network: IPv4Network
    routes: tuple[Route, ...]
    flows: tuple[Flow, ...]


type BoundaryPlan = Annotated[VlanPlan | HospitalFirewallPlan, Field(discriminator="kind")]
