"""Names and labels by which the twin finds what is its own. Pure."""

from __future__ import annotations

PREFIX = "gatekit"
SITE_LABEL = "gatekit.twin"
HOST_LABEL = "gatekit.twin.host"
SPEC_LABEL = "gatekit.twin.spec"
"""Digest of what a host was made from; another digest means: make it anew."""

_INTERFACE_LENGTH = 15  # IFNAMSIZ - 1


def container_name(site: str, host: str) -> str:
    """Return e.g. ``gatekit-pattern4-firewall``."""
    return f"{PREFIX}-{site}-{host}"


def network_name(site: str, network: str) -> str:
    """Return e.g. ``gatekit-pattern4-dmz``."""
    return f"{PREFIX}-{site}-{network}"


def isolation_table(site: str) -> str:
    """Return the name of the machine's nft table that keeps the twin from forwarding."""
    return f"{PREFIX}_twin_{site}".replace("-", "_")


def interface_name(network: str) -> str:
    """Return the name of a host's leg in a network, e.g. ``dmz0``; at most 15 characters."""
    name = f"{network}0"
    if len(name) > _INTERFACE_LENGTH:
        raise ValueError(f"{network}: too long for an interface name")
    return name
