"""What the CPE's three kinds of interface say: addresses, lists by direction, the tunnel's ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Interface

from gatekit.devices.cisco_ios.reading_crypto import TunnelInterface
from gatekit.devices.cisco_ios.text import Section
from gatekit.devices.cisco_ios.unknown import unknown

_NEUTRAL = re.compile(
    r" (description |negotiation |speed |duplex |load-interval |media-type |no shutdown$|no ip address$|"
    r"no ip (redirects|unreachables|proxy-arp)$|ipv6 enable$|no cdp enable$|no mop enabled$|no lldp )"
)
_FORMS = {
    "address": r" ip address (?P<value>\S+ \S+)",
    "dhcp": r" ip address (?P<value>dhcp)",
    "unnumbered": r" ip unnumbered (?P<value>\S+)",
    "in": r" ip access-group (?P<value>\S+) in",
    "out": r" ip access-group (?P<value>\S+) out",
    "in6": r" ipv6 traffic-filter (?P<value>\S+) in",
    "nat": r" ip nat (?P<value>inside|outside)",
    "link_local": r" ipv6 address (?P<value>\S+) link-local",
    "router_advertisement": r" ipv6 address (?P<value>autoconfig default)",
    "delegation": r" ipv6 dhcp client pd (?P<value>\S+)",
    "delegated": r" ipv6 address (?P<value>[A-Z]\S* \S+/128)",
    "mtu": r" ip mtu (?P<value>\d+)",
    "mss": r" ip tcp adjust-mss (?P<value>\d+)",
    "source": r" tunnel source (?P<value>\S+)",
    "mode": r" tunnel mode (?P<value>.+)",
    "destination": r" tunnel destination (?P<value>\S+)",
    "policy": r" tunnel protection ipsec policy ipv4 (?P<value>\S+)",
    "profile": r" tunnel protection ipsec profile (?P<value>\S+)",
    "shutdown": r" (?P<value>shutdown)",
}
_WAN = frozenset({"dhcp", "in", "out", "in6", "nat", "link_local", "router_advertisement", "delegation"})
_LAN = frozenset({"address", "in", "out", "nat"})
_TUNNEL = frozenset({"unnumbered", "in", "out", "mtu", "mss", "source", "mode", "destination", "policy", "profile"})
_LOOPBACK = frozenset({"delegated"})


@dataclass(frozen=True, slots=True)
class FoundInterface:
    """One interface; ``values`` by the names of ``_FORMS``, empty when it is shut down."""

    name: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str | None:
        """Return its static IPv4 address with prefix length, or None."""
        given = self.values.get("address")
        return None if given is None else str(IPv4Interface(given.replace(" ", "/")))

    def needs(self, name: str) -> str:
        """Return a value that has to be there.

        Raises:
            DeviceError: GW427 when it is missing.
        """
        if name not in self.values:
            raise unknown(f"interface {self.name}", f"{name} is missing")
        return self.values[name]


def interfaces_of(parts: Iterable[Section], *, wan: str, lan: str) -> dict[str, FoundInterface]:
    """Return our interfaces by name; of interfaces that are not ours only those that have an IPv4 address.

    Raises:
        DeviceError: GW427 for a line that is not known on one of ours.
    """
    found: dict[str, FoundInterface] = {}
    for part in parts:
        if not part.header.startswith("interface "):
            continue
        name = part.header.removeprefix("interface ")
        allowed = _allowed(name, wan, lan)
        values = _values(part, allowed)
        in_use = allowed is not None or ("address" in values and not any(" vrf " in line for line in part.lines))
        if in_use:
            found[name] = FoundInterface(name, {} if "shutdown" in values else values)
    return found


def tunnel_interface(found: FoundInterface) -> TunnelInterface:
    """Return the ends of the tunnel's interface.

    Raises:
        DeviceError: GW427 for another mode than IPv4 inside IPv6, or for something that is missing.
    """
    if found.needs("mode") != "ipsec ipv6 v4-overlay":
        raise unknown(f"interface {found.name}", f"tunnel mode {found.needs('mode')}")
    return TunnelInterface(
        name=found.name,
        destination=found.needs("destination"),
        profile=found.needs("profile"),
        selectors=found.values.get("policy"),
        mtu=int(found.needs("mtu")),
        mss=int(found.needs("mss")),
    )


def _allowed(name: str, wan: str, lan: str) -> frozenset[str] | None:
    if name.startswith("Tunnel"):
        return _TUNNEL
    if name == "Loopback10":
        return _LOOPBACK
    return {wan: _WAN, lan: _LAN}.get(name)


def _values(part: Section, allowed: frozenset[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in part.lines:
        if _NEUTRAL.match(line):
            continue
        key, value = next(
            ((key, match["value"]) for key, form in _FORMS.items() if (match := re.fullmatch(form, line))), ("", "")
        )
        if allowed is not None and (key in found or key not in allowed | {"shutdown"}):
            raise unknown(part.header, line)
        found[key] = value
    return found
