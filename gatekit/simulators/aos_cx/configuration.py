"""The configuration of a simulated AOS-CX, and how the box shows it (vendor reference 7.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.switch import ADDRESS, Refused, SwitchConfiguration, by_number

_OPTIONS = re.compile(r"(?: vrf \S+)?(?: distance \d+)?(?: tag \d+)?")


class Configuration(SwitchConfiguration):
    """See ``SwitchConfiguration``."""

    indent = "    "
    section_forms = (r"vlan \d+(?:,\d+)*", r"interface (?:vlan \d+|\d+/\d+/\d+|mgmt)")
    inside_forms = {  # noqa: RUF012 - declared by the class above
        "no shutdown": r"no shutdown",
        "shutdown": r"shutdown",
        "description": r"description .+",
        "vrf attach": r"vrf attach \S+",
        "vlan access": r"vlan access \d+",
        "ip address": rf"ip address {ADDRESS}/\d+",
    }
    global_forms = (
        rf"ip route {ADDRESS}/\d+ (?:{ADDRESS}|nullroute|reject|blackhole).*",
        r"user \S+ group administrators password ciphertext \S+",
        r"snmp-server community \S+",
        r"ssh server vrf \S+",
        r"https-server vrf \S+",
        r"vrf \S+",
    )

    def take(self, line: str, section: str | None) -> str | None:
        """See ``SwitchConfiguration``; of ``shutdown`` and ``no shutdown`` the last one holds."""
        opened = super().take(line, section)
        other = {"shutdown": "no shutdown", "no shutdown": "shutdown"}.get(line)
        if other and opened:
            self.sections[opened].pop(other, None)
        return opened

    def normal(self, line: str) -> str:
        """Return the line as the box keeps it; Refused names the wrong word by its column."""
        words = line.split()
        if words[:2] != ["ip", "route"]:
            return line
        if len(words) < 4:
            raise Refused(len(line), "incomplete")
        try:
            network = IPv4Network(words[2], strict=False) if "/" in words[2] else None
        except ValueError:
            network = None
        if network is None:
            raise Refused(len("ip route "))
        if words[3] not in {"nullroute", "reject", "blackhole"} and not _is_address(words[3]):
            raise Refused(line.index(words[3], len("ip route ") + len(words[2])))
        rest = "".join(f" {word}" for word in words[4:])
        if not _OPTIONS.fullmatch(rest):
            raise Refused(len(line) - len(rest) + 1)
        return f"ip route {network} {words[3]}{rest}".replace(" vrf default", "")

    def removed(self, line: str) -> list[str]:
        """Return what ``no`` takes away: of a route in one VRF every distance and tag."""
        wanted, vrf = self.normal(line), _vrf(line)
        return [one for one in self.lines if (one == wanted or one.startswith(f"{wanted} ")) and _vrf(one) == vrf]

    def networks(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Yield the VLAN interfaces of the default VRF that are up."""
        for name, held in self.sections.items():
            if not name.startswith("interface vlan") or {"shutdown", "vrf attach"} & held.keys():
                continue
            if "ip address" in held:
                yield name.removeprefix("interface ").replace(" ", ""), IPv4Interface(held["ip address"].split()[2])

    def routes(self) -> Iterator[tuple[IPv4Network, IPv4Address]]:
        """Yield the static routes of the default VRF."""
        for line in self.lines:
            words = line.split()
            if words[:2] == ["ip", "route"] and _is_address(words[3]) and _vrf(line) == "default":
                yield IPv4Network(words[2]), IPv4Address(words[3])

    def text(self) -> str:
        """Return it in the box's fixed order, without its header."""
        routes = sorted((line for line in self.lines if line.startswith("ip route")), key=by_number)
        first = [line for line in self.lines if line.startswith(("user", "vrf", "snmp-server", "ssh"))]
        last = [line for line in self.lines if line not in routes and line not in first]
        names = sorted((name for name in self.sections if name.startswith("vlan")), key=by_number)
        names += sorted((name for name in self.sections if name.startswith("interface")), key=by_number)
        inside = [row for name in names for row in self._shown(name)]
        return "".join(f"{row}\n" for row in [f"hostname {self.host_name}", *first, "!", *inside, *routes, "!", *last])

    def _shown(self, name: str) -> list[str]:
        return [name, *(f"{self.indent}{line}" for line in self.sections[name].values())]


def _vrf(line: str) -> str:
    found = re.search(r" vrf (\S+)", line)
    return found[1] if found else "default"


def _is_address(word: str) -> bool:
    try:
        IPv4Address(word)
    except ValueError:
        return False
    return True
