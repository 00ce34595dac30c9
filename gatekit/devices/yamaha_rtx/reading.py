"""What the configuration of an RTX means; it knows nothing of how the configuration was made.

An RTX in IKEv2 always offers traffic selectors of everything (command reference 15.16, 15.19, 15.48.2: local-id
and remote-id have no effect there); the data centre narrows them. What may enter and leave the tunnel is decided by
the tunnel's filters, so the networks of both ends are read from those, and both directions have to agree.

A protected network counts as discarded while the tunnel is down only when both hold: its route ends in ``null`` at
weight 0, and the first filter on the way out of the line's port refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from gatekit.devices.change.meaning import Meaning, RouteMeaning
from gatekit.devices.yamaha_rtx.configuration import in_context, our_lines
from gatekit.devices.yamaha_rtx.filter_reading import Filters
from gatekit.devices.yamaha_rtx.tunnel_reading import tunnel_meaning
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart

FIX = "Look at the line on the router: the reader of yamaha_rtx has no meaning for it. Remove it, or teach the reader."
_OFF = ("telnetd service off", "httpd service off", "dns service off")
_PASSIVE = re.compile(
    r"console (?:character en\.ascii|columns \d+|lines infinity)|administrator password .+|ngn type \S+ ntt"
    r"|(?:telnetd|httpd|dns) service off|syslog notice on|ipsec auto refresh on|ip filter .+|ipv6 filter .+"
    r"|login user \S+ .+|user attribute \S+ connection=(?:serial,)?ssh"
)
"""Lines that let nobody in and send nothing anywhere, in exactly the forms that are ours."""


def meaning(configuration: str, part: CpePart) -> Meaning:
    """Return what a configuration means.

    Raises:
        DeviceError: GW427 for a line of ours in another form than the known ones, or one that leans on a
            filter that is not there.
    """
    return _Reader(configuration, part).meaning()


def unknown(line: str) -> DeviceError:
    """Return the error for a line without meaning."""
    return DeviceError("GW427", "cpe.configuration", line, FIX)


class _Reader:
    def __init__(self, configuration: str, part: CpePart) -> None:
        self.part, self.plan = part, part.plan
        lines = our_lines(configuration)
        self.lines = [line.text for line in lines if not line.context]
        contexts = sorted({context for context, _ in in_context(configuration) if context})
        if contexts != ["tunnel 1"]:
            raise unknown(", ".join(contexts) or "no tunnel select 1")
        self.in_tunnel = [line.text for line in lines if line.context]
        self.filters = Filters([*self.lines, *self.in_tunnel], self.plan)
        self.rows: dict[str, list[str]] = {}
        for line in self.lines:
            self._sort(line)

    def meaning(self) -> Meaning:
        self._underlay()
        for line in _OFF:
            if line not in self.lines:
                raise unknown(f"no line: {line}")
        self.filters.check_bindings()
        return Meaning(
            host_name=self._one("host_name"),
            addresses=frozenset(self._pairs("address")),
            permits=self.filters.permits(ssh=self.rows.get("sshd service") == ["on"]),
            routes=frozenset(self._routes()),
            tunnel=tunnel_meaning(self.in_tunnel, self.plan, self.filters, self.auto_refresh),
            management=frozenset(self._management()),
            time_servers=frozenset(map(IPv4Address, self.rows.get("time", ()))),
            log_servers=frozenset(IPv4Address(word) for row in self.rows.get("logs", ()) for word in row.split()),
        )

    @property
    def auto_refresh(self) -> bool:
        return "ipsec auto refresh on" in self.lines

    def _sort(self, line: str) -> None:
        """Note the value of a line under what it is about."""
        for subject, pattern in _FORMS:
            found = pattern.fullmatch(line)
            if found:
                self.rows.setdefault(subject, []).append(" ".join(value or "" for value in found.groups()))
                return
        if not _PASSIVE.fullmatch(line):
            raise unknown(line)

    def _one(self, subject: str) -> str:
        rows = self.rows.get(subject, [])
        if len(rows) != 1:
            raise unknown(f"{subject}: {len(rows)} lines")
        return rows[0]

    def _pairs(self, subject: str) -> Iterator[tuple[str, str]]:
        for row in self.rows.get(subject, ()):
            first, second = row.split()
            yield first, second

    def _management(self) -> Iterator[IPv4Network]:
        if self.rows.get("sshd service") != ["on"]:
            return
        for word in self._one("sshd host").split():
            first, _, last = word.partition("-")
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last or first))

    def _routes(self) -> Iterator[RouteMeaning]:
        for network, hop in self._pairs("route"):
            yield RouteMeaning(network=IPv4Network(network), hop=IPv4Address(hop))
        for protected in map(IPv4Network, self.rows.get("tunnel route", ())):
            yield RouteMeaning(network=protected, hop="tunnel")
            if self.filters.never_leaves(protected, self.plan.wan.port):
                yield RouteMeaning(network=protected, hop="discard")
        ipv4 = self.plan.wan.port if self.plan.wan.ipv4 else None
        for subject in ("default route", "dhcp"):
            if self.rows.get(subject, []) != ([ipv4] if ipv4 else []):
                raise unknown(f"{subject}: {self.rows.get(subject)}")
        wanted_nat = {"nat": ["1"], "nat outer": ["1"], "nat port": [f"{ipv4} 1"]} if ipv4 else {}
        for subject in ("nat", "nat outer", "nat port"):
            if self.rows.get(subject) != wanted_nat.get(subject):
                raise unknown(f"{subject}: {self.rows.get(subject)}")

    def _underlay(self) -> None:
        """See to it that the address on the line is made as the plan says, and time and logs come from the LAN."""
        wan = self.plan.wan
        port = wan.port if wan.prefix_by == "ra" else self.plan.lan.port
        source = "ra" if wan.prefix_by == "ra" else "dhcp"
        wanted = {
            "underlay": [f"{port} {source} {wan.port} {wan.interface_id}"],
            "dhcpv6": [f"{wan.port} {' ir=on' if wan.prefix_by == 'ra' else ''}".strip()],
            "ipv6 default": [wan.port] if wan.prefix_by == "dhcpv6_pd" else None,
            "local address": [f"{subject} {self.plan.lan.address}" for subject in ("ntp", "syslog")],
        }
        for subject, values in wanted.items():
            found = [" ".join(row.split()) for row in sorted(self.rows.get(subject, []))] or None
            if found != ([" ".join(value.split()) for value in values] if values else None):
                raise unknown(f"{subject}: {found}")


_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (subject, re.compile(pattern))
    for subject, pattern in (
        ("host_name", r"console prompt (\S+)"),
        ("address", r"ip (lan\d+) address (\d[\d.]+/\d+)"),
        ("dhcp", r"ip (lan\d+) address dhcp"),
        ("underlay", r"ipv6 (lan\d+) address (ra|dhcp)-prefix@(lan\d+)(::[0-9a-f:]*)/64"),
        ("dhcpv6", r"ipv6 (lan\d+) dhcp service client( ir=on)?()"),
        ("ipv6 default", r"ipv6 route default gateway dhcp (lan\d+)"),
        ("sshd service", r"sshd service (on)"),
        ("sshd host", r"sshd host ([\d. -]+)"),
        ("route", r"ip route (\d[\d.]+/\d+) gateway (\d[\d.]+)"),
        ("tunnel route", r"ip route (\d[\d.]+/\d+) gateway tunnel 1 hide gateway null weight 0"),
        ("default route", r"ip route default gateway dhcp (lan\d+)"),
        ("nat", r"nat descriptor type (\d+) masquerade"),
        ("nat outer", r"nat descriptor address outer (\d+) primary"),
        ("nat port", r"ip (lan\d+) nat descriptor (\d+)"),
        ("binding", r"ip(?:v6)? (lan\d+) secure filter (in|out) (.+)"),
        ("logs", r"syslog host (.+)"),
        ("local address", r"(syslog|ntp) local address (\S+)"),
        ("time", r"schedule at \d+ \*/\* \*:00 \* ntpdate (\S+) syslog"),
    )
)
