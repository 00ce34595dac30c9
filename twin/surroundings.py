"""What the twin adds that no site file says: the Internet around the hospital and where a person sits."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Documentation networks (RFC 5737) that hold the plan's public addresses, and host numbers."""

    data_centre_wan: IPv4Network = field(default_factory=lambda: IPv4Network("203.0.113.0/24"))
    viewers: IPv4Network = field(default_factory=lambda: IPv4Network("198.51.100.192/26"))
    router_number: int = 1  # the Internet router, and the L3 switch in each hospital network
    viewer_number: int = 8
    terminal_number: int = 50  # the HIS terminal in the first network of HIS clients
