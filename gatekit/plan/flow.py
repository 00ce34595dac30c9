"""The plan's networks, addresses and flows: what every other part of the plan is said in."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from gatekit.model import Frozen, Text

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type SecretName = str
"""Key in the vault's ``vault`` mapping, e.g. ``vpn_psk``."""


HOSPITAL = "hospital."
"""How the names of the hospital's own networks begin."""


class Zone(StrEnum):
    """Where an address lies, seen from the firewall."""

    UNTRUST = "untrust"
    DMZ = "dmz"
    TRUST = "trust"
    DATA_CENTRE = "data_centre"  # reached only inside the tunnel
    FIREWALL = "firewall"  # the firewall itself


class NetworkRow(Frozen):
    """One network of the site: ``name`` is unique, e.g. ``dmz``, ``trust``, ``his``, ``data_centre``."""

    name: str
    zone: Zone
    network: IPv4Network
    purpose: Text
    assigned_by: Literal["us", "hospital", "provider"]

    @property
    def of_hospital(self) -> bool:
        """Return whether hosts of the hospital stand in it: no link between firewalls and L3 switch."""
        return self.name.startswith(HOSPITAL)


class AddressRow(Frozen):
    """One address of the appliance or of a peer it talks to, e.g. ``vm2`` or ``firewall.trust``."""

    name: str
    network: str
    address: Address
    prefix_length: int
    purpose: Text
    assigned_by: Literal["us", "hospital", "provider"]


class Protocol(StrEnum):
    TCP = "tcp"
    UDP = "udp"
    ESP = "esp"
    ICMP = "icmp"  # echo request only; errors that belong to a flow are always let through


class Endpoint(Frozen):
    """One end of a flow: a zone, a name for people and the networks it covers (never empty).

    IPv6 only between CPE and data centre, outside the tunnel; ``::/0`` is the CPE's semi-fixed address.
    """

    name: str  # vm1 vm2 vm3 esxi firewall his_clients pacs.<ae> portal data_centre_operations ...
    zone: Zone
    networks: tuple[Network, ...]

    @property
    def ipv4_networks(self) -> tuple[IPv4Network, ...]:
        """Return the networks of an end that the firewall can see: IPv4, all of them but a CPE's underlay."""
        return tuple(network for network in self.networks if isinstance(network, IPv4Network))


class Flow(Frozen):
    """One permitted flow. What is not in the matrix is refused everywhere.

    ``ports`` is empty for ICMP and ESP. ``listener`` names what answers at the destination
    (``squid``, ``sshd``, ``portal`` ...); ``ours`` says whether the listener is built by us.
    ``route`` names the points the packets pass, source and destination included, exactly one way.
    """

    id: str
    requirement: str
    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    ports: tuple[int, ...]
    purpose: Text
    listener: str
    route: tuple[str, ...]
    bandwidth_mbit_s: int | None = None  # most the source may send; enforced where it ends, on a VM of ours

    @property
    def crosses_firewall(self) -> bool:
        """Return whether the firewall forwards it: it stands on the way, and is no end of it."""
        return "firewall" in self.route[1:-1]
