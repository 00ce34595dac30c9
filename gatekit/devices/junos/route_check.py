"""What on the hospital's L3 switch speaks against our route, read from its configuration (NW-4)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from gatekit.devices.junos.text import words_of
from gatekit.errors import DeviceError
from gatekit.plan.network_device import SwitchRoutePlan


def refuse_other_routes(configuration: str, part: SwitchRoutePlan) -> None:
    """Refuse what is not ours to change.

    Raises:
        DeviceError: GW421 a static route to our network, or into it, that is not ours; GW425 our next hop is on
            no connected network, or our network is connected.
    """
    ours, path = part.route.network, f"{part.name}.{part.route.network}"
    for network, rest, line in _static(configuration):
        if network.subnet_of(ours) and (network != ours or rest != ("next-hop", str(part.route.via))):
            fix = "Ask the network vendor what it is for; we change no route but ours."
            raise DeviceError("GW421", path, line, fix)
    connected = tuple(_connected(configuration))
    for network in connected:
        if network.overlaps(ours):
            fix = "Give the DMZ a network the hospital does not use (NW-2)."
            raise DeviceError("GW425", path, f"connected: {network}", fix)
    if not any(part.route.via in network for network in connected):
        fix = f"Connect the switch to the firewall's TRUST network; it has {', '.join(map(str, connected)) or 'none'}."
        raise DeviceError("GW425", f"{path}.via", str(part.route.via), fix)


def _static(configuration: str) -> Iterator[tuple[IPv4Network, tuple[str, ...], str]]:
    for line in configuration.splitlines():
        words = words_of(line)
        if words[1:4] == ("routing-options", "static", "route") and ":" not in words[4]:
            yield IPv4Network(words[4], strict=False), words[5:], line


def _connected(configuration: str) -> Iterator[IPv4Network]:
    """Yield the networks of the switch's own addresses, e.g. on ``irb.10``."""
    for line in configuration.splitlines():
        words = words_of(line)
        if (
            words[:2] == ("set", "interfaces")
            and words[3:4] == ("unit",)
            and words[5:8] == ("family", "inet", "address")
        ):
            yield IPv4Interface(words[8]).network
