"""What the twin adds that no site file says: the Internet around the hospital and where a person sits."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Documentation networks (RFC 5737, RFC 3849) that hold the plan's public addresses, and host numbers."""

    data_centre_wan: IPv4Network = field(default_factory=lambda: IPv4Network("203.0.113.0/24"))
    viewers: IPv4Network = field(default_factory=lambda: IPv4Network("198.51.100.192/26"))
    line: IPv6Network = field(default_factory=lambda: IPv6Network("2001:db8:f1:1::/64"))
    delegated: IPv6Network = field(default_factory=lambda: IPv6Network("2001:db8:f1:100::/56"))
    home_gateway: IPv4Interface = field(default_factory=lambda: IPv4Interface("192.168.1.1/24"))
    router_number: int = 1  # the Internet router, the NGN, and the L3 switch in each hospital network
    home_gateway_number: int = 2  # on the Internet side
    placeholder_number: int = 0xFFFE  # what podman gives the CPE on the line, until the line itself does
    viewer_number: int = 8
    terminal_number: int = 50  # the HIS terminal in the first network of HIS clients
