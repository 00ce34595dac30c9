"""What firewall policies, local-in policies and allowaccess let begin, together (vendor reference 2.1).

To reach the firewall itself a packet needs all of: the port that has the address answers (``allowaccess``; for IKE
a phase 1 on it), a local-in policy accepts, and when it came in by another interface, a firewall policy accepts.
Without a last local-in policy that refuses the rest, everybody reaches what answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.change.meaning import Permit
from gatekit.devices.fortios.known import ADDRESS, INTERFACE, LOCAL_IN, POLICY, SERVICE, ZONE
from gatekit.devices.fortios.negotiation import tunnel_name
from gatekit.devices.fortios.rows import Row, Sheet
from gatekit.devices.fortios.rule import EVERYWHERE, Rule, Service, covered, inside, permit_of, permits_of_rules
from gatekit.plan.flow import Protocol, Zone
from gatekit.plan.network_device import FirewallPlan

ACCESS: dict[str, Service] = {
    "ping": (Protocol.ICMP, None),
    "ssh": (Protocol.TCP, 22),
    "https": (Protocol.TCP, 443),
    "http": (Protocol.TCP, 80),
    "telnet": (Protocol.TCP, 23),
    "snmp": (Protocol.UDP, 161),
}
IKE: frozenset[Service] = frozenset({(Protocol.UDP, 500), (Protocol.UDP, 4500), (Protocol.ESP, None)})
_POLICY_KEYS = (
    *("name", "srcintf", "dstintf", "srcaddr", "dstaddr", "action", "schedule", "service", "status"),
    *("logtraffic", "tcp-mss-sender", "tcp-mss-receiver"),
)
_LOCAL_IN_KEYS = ("intf", "srcaddr", "dstaddr", "action", "schedule", "service", "status")


class Rules:
    """The policies of one device's text, read against which port faces which zone."""

    def __init__(self, sheet: Sheet, plan: FirewallPlan) -> None:
        self._sheet, self._plan = sheet, plan
        self._tunnel = tunnel_name(sheet)
        self._zones = self._named_zones()
        self.forward = [self._forward(row) for row in sheet.rows(POLICY) if _is_on(row, _POLICY_KEYS)]
        self.local_in = [self._to_itself(row) for row in sheet.rows(LOCAL_IN) if _is_on(row, _LOCAL_IN_KEYS)]

    def permits(self, addresses: dict[Zone, IPv4Address], access: dict[Zone, frozenset[str]]) -> frozenset[Permit]:
        """Return what may begin through the device and to it; addresses and allowaccess by the zone of the port."""
        own = {IPv4Network(address): zone for zone, address in addresses.items()}
        through = list(permits_of_rules(self.forward))
        itself = [one for one in self._reached(own, access) if self._passes(one, own, through)]
        found = [one for one in through if one.destination not in own]
        return frozenset(self._as_planned(one) for one in (*found, *itself))

    def kept_out(self) -> frozenset[IPv4Network]:
        """Return the networks that a policy above every accepting one keeps from leaving in clear."""
        found: set[IPv4Network] = set()
        for rule in self.forward:
            if rule.accept:
                break
            everybody = EVERYWHERE in rule.sources and rule.services is None and rule.ways_in >= self._all_zones
            if everybody and rule.ways_out >= self._all_zones - {Zone.DATA_CENTRE}:
                found |= set(rule.destinations)
        return frozenset(found)

    def mss(self) -> int:
        """Return what every policy into or out of the tunnel clamps TCP to; 0 when none does."""
        crossing = [rule for rule in self.forward if rule.accept and Zone.DATA_CENTRE in rule.ways_in | rule.ways_out]
        ends = ("tcp-mss-sender", "tcp-mss-receiver")
        found = {rule.row.number(key) for rule in crossing for key in ends}
        if len(found) > 1:
            raise self._sheet.own(POLICY).refuse("the policies of the tunnel clamp the MSS differently")
        return found.pop() if found and self._tunnel else 0

    # ------------------------------------------------------------------ names
    @property
    def _all_zones(self) -> frozenset[Zone]:
        inner = {Zone.UNTRUST, Zone.DMZ, Zone.TRUST}
        return frozenset(inner | {Zone.DATA_CENTRE} if self._tunnel else inner)

    def _named_zones(self) -> dict[str, frozenset[Zone]]:
        """Return what an interface name in a policy stands for, by the ports behind it."""
        facing = {row.port: row.zone for row in self._plan.interfaces}
        named = {port: frozenset({zone}) for port, zone in facing.items()}
        for row in self._sheet.rows(ZONE):
            row.only(("interface", "intrazone"))
            row.required("intrazone", ["deny"])
            members = row.values("interface")
            if strangers := [port for port in members if port not in facing]:
                raise row.refuse(f"interface {' '.join(strangers)}")
            named[row.key] = frozenset(facing[port] for port in members)
        if self._tunnel is not None:
            named[self._tunnel] = frozenset({Zone.DATA_CENTRE})
        return named | {"any": self._all_zones}

    def _ways(self, row: Row, key: str) -> frozenset[Zone]:
        found: set[Zone] = set()
        for name in row.values(key):
            if name not in self._zones:
                raise row.refuse(f"{key} {name}")
            found |= self._zones[name]
        return frozenset(found)

    def _networks(self, row: Row, key: str) -> tuple[IPv4Network, ...]:
        found = []
        for name in row.values(key):
            address = self._sheet.row(ADDRESS, name)
            if name == "all":
                found.append(EVERYWHERE)
            elif address is None:
                raise row.refuse(f"{key} {name}")
            else:
                address.only(("subnet",))
                found.append(address.network("subnet"))
        return tuple(found)

    def _services(self, row: Row) -> frozenset[Service] | None:
        names = row.values("service")
        if "ALL" in names:
            return None
        found: set[Service] = set()
        for name in names:
            service = self._sheet.row(SERVICE, name)
            if service is None:
                raise row.refuse(f"service {name}")
            found |= _meant(service)
        return frozenset(found)

    def _forward(self, row: Row) -> Rule:
        return replace(self._to_itself(row, "srcintf"), ways_out=self._ways(row, "dstintf"))

    def _to_itself(self, row: Row, way_in: str = "intf") -> Rule:
        row.required("schedule", ["always"])
        rule = Rule(
            row=row,
            accept=row.required("action", ["accept", "deny"]) == "accept",
            ways_in=self._ways(row, way_in),
            ways_out=frozenset({Zone.FIREWALL}),
            sources=self._networks(row, "srcaddr"),
            destinations=self._networks(row, "dstaddr"),
            services=self._services(row),
        )
        if rule.accept and rule.services is None:
            raise row.refuse("service ALL is let through")
        return rule

    # ------------------------------------------------------------------ to the firewall itself
    def _reached(self, own: dict[IPv4Network, Zone], access: dict[Zone, frozenset[str]]) -> Iterator[Permit]:
        """Yield what reaches one of our addresses, by local-in policies and what answers there."""
        last = next((index for index, rule in enumerate(self.local_in) if _all(rule)), len(self.local_in))
        closed = last < len(self.local_in) and self.local_in[last].ways_in >= self._all_zones
        if not closed and any(not rule.accept for rule in self.local_in):
            raise self._sheet.own(LOCAL_IN).refuse("refuses some, and lets the rest in")
        rules = [replace(rule, destinations=_own(rule, own)) for rule in self.local_in[:last]]
        for permit in permits_of_rules(rules):
            zone = own.get(IPv4Network(str(permit.destination)))
            if zone is not None and self._answers(zone, (permit.protocol, permit.port), access):
                yield permit
        if not closed:
            for address, zone in own.items():
                if unknown := access[zone] - set(ACCESS):
                    raise self._sheet.own(INTERFACE).refuse(f"allowaccess {' '.join(sorted(unknown))}")
                for service in self._answering(zone, access):
                    yield permit_of(zone, Zone.FIREWALL, EVERYWHERE, address, service)

    def _answers(self, zone: Zone, service: Service, access: dict[Zone, frozenset[str]]) -> bool:
        known = service in IKE or service in ACCESS.values()
        return not known or service in self._answering(zone, access)

    def _answering(self, zone: Zone, access: dict[Zone, frozenset[str]]) -> Iterable[Service]:
        answering = {ACCESS[word] for word in access[zone] if word in ACCESS}
        return answering | IKE if self._tunnel and zone is Zone.UNTRUST else answering

    def _passes(self, permit: Permit, own: dict[IPv4Network, Zone], through: list[Permit]) -> bool:
        """Return whether a packet for the address of another interface is let through to it."""
        zone = own[IPv4Network(str(permit.destination))]
        crossing = permit.model_copy(update={"destination_zone": zone})
        return permit.source_zone is zone or any(covered(crossing, one) for one in through)

    def _as_planned(self, permit: Permit) -> Permit:
        """Return the permit with the data centre named, which lies behind UNTRUST where a CPE ends the tunnel."""
        if self._tunnel is not None:
            return permit
        changed = {
            f"{end}_zone": Zone.DATA_CENTRE
            for end in ("source", "destination")
            if getattr(permit, f"{end}_zone") is Zone.UNTRUST
            and any(inside(getattr(permit, end), network) for network in self._plan.protected)
        }
        return permit.model_copy(update=changed)


def _is_on(row: Row, keys: Iterable[str]) -> bool:
    row.only(tuple(keys))
    return row.required("status", ["enable", "disable"]) == "enable"


def _all(rule: Rule) -> bool:
    """Return whether a rule refuses everything on its interfaces."""
    everywhere = EVERYWHERE in rule.sources and EVERYWHERE in rule.destinations
    return not rule.accept and everywhere and rule.services is None


def _own(rule: Rule, own: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return which of our addresses a local-in policy speaks of."""
    return tuple(address for address in own if any(address.subnet_of(network) for network in rule.destinations))


def _meant(row: Row) -> set[Service]:
    row.only(("protocol", "protocol-number", "icmptype", "tcp-portrange", "udp-portrange"))
    match row.value("protocol"):
        case "ICMP" if row.value("icmptype") == "8":
            return {(Protocol.ICMP, None)}
        case "IP" if row.value("protocol-number") == "50":
            return {(Protocol.ESP, None)}
        case None | "TCP/UDP/SCTP" | "TCP/UDP/UDP-Lite/SCTP":
            found: set[Service] = set()
            for protocol in (Protocol.TCP, Protocol.UDP):
                for port in row.values(f"{protocol.value}-portrange"):
                    if not port.isdecimal():
                        raise row.refuse(f"{protocol.value}-portrange {port}")
                    found.add((protocol, int(port)))
            return found
        case protocol:
            raise row.refuse(f"protocol {protocol}")
