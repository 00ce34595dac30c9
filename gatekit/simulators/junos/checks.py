"""What the commit check finds, in the box's words: references to nothing, and what is not whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekit.simulators.junos import words
from gatekit.simulators.junos.configuration import Configuration, joined

type Row = tuple[str, ...]


def complaints(found: Configuration) -> str:
    """Return the check's answer, "" when it succeeds."""
    if not found.below("system", "root-authentication", "encrypted-password"):
        return words.ROOT_MISSING + words.MANDATORY
    said = "".join(line for check in CHECKS for line in check(found))
    return f"{said}error: configuration check-out failed\n" if said else ""


def _zone_interfaces(found: Configuration) -> Iterator[str]:
    seen: set[str] = set()
    for zone in found.names("security", "zones", "security-zone"):
        for unit in found.names("security", "zones", "security-zone", zone, "interfaces"):
            port, number = unit.split(".")
            if not found.below("interfaces", port, "unit", number):
                yield words.NO_INTERFACE.format(zone=zone, unit=unit)
            if unit in seen:
                yield words.TWO_ZONES.format(zone=zone, unit=unit)
            seen.add(unit)


def _policies(found: Configuration) -> Iterator[str]:
    book = {"any", "any-ipv4", *found.names("security", "address-book", "global", "address")}
    applications = {"any", *found.names("applications", "application")}
    for path, rows in _each_policy(found):
        name = path[-1]
        place = joined(path[:-2])
        for what in ("source-address", "destination-address", "application"):
            values = [row[2] for row in rows if row[:2] == ("match", what)]
            if not values:
                yield words.EMPTY.format(path=place, statement=f"policy {name}", missing=f"match {what}")
            known = applications if what == "application" else book
            for value in values:
                if value not in known:
                    kind = "Application" if what == "application" else "Address"
                    yield words.UNDEFINED.format(path=place, statement=f"policy {name}", what=f"{kind} {value}")
        if not any(row[:1] == ("then",) and row[1:2] != ("log",) for row in rows):
            yield words.EMPTY.format(path=place, statement=f"policy {name}", missing="then")


def _each_policy(found: Configuration) -> Iterator[tuple[Row, list[Row]]]:
    blocks: dict[Row, list[Row]] = {}
    for said in found.below("security", "policies"):
        if "policy" in said:
            at = said.index("policy") + 2
            blocks.setdefault(("security", "policies", *said[:at]), []).append(said[at:])
    yield from blocks.items()


def _policy_zones(found: Configuration) -> Iterator[str]:
    zones = {"junos-host", *found.names("security", "zones", "security-zone")}
    for source in found.names("security", "policies", "from-zone"):
        for destination in found.names("security", "policies", "from-zone", source, "to-zone"):
            for zone in {source, destination} - zones:
                path, statement = "security policies", f"from-zone {source} to-zone {destination}"
                yield words.UNDEFINED.format(path=path, statement=statement, what=f"Security zone {zone}")


def _applications(found: Configuration) -> Iterator[str]:
    for name in found.names("applications", "application"):
        if not found.below("applications", "application", name, "protocol"):
            statement = f"application {name}"
            yield words.EMPTY.format(path="applications", statement=statement, missing="protocol")


def _references(found: Configuration) -> Iterator[str]:
    """The chain of the tunnel, and filters on interfaces."""
    ike, ipsec = ("security", "ike"), ("security", "ipsec")
    chain = (
        ((*ike, "policy"), ("proposals",), (*ike, "proposal")),
        ((*ike, "gateway"), ("ike-policy",), (*ike, "policy")),
        ((*ipsec, "policy"), ("proposals",), (*ipsec, "proposal")),
        ((*ipsec, "vpn"), ("ike", "gateway"), (*ike, "gateway")),
        ((*ipsec, "vpn"), ("ike", "ipsec-policy"), (*ipsec, "policy")),
    )
    for owner, leaf, target in chain:
        for name in found.names(*owner):
            values = found.names(*owner, name, *leaf)
            statement = f"{owner[-1]} {name}"
            if not values:
                yield words.EMPTY.format(path=joined(owner[:-1]), statement=statement, missing=" ".join(leaf))
            for value in values:
                if value not in found.names(*target):
                    what = f"{target[-1]} {value}"
                    yield words.UNDEFINED.format(path=joined(owner[:-1]), statement=statement, what=what)
    for name in found.names(*ike, "policy"):
        if not found.below(*ike, "policy", name, "pre-shared-key"):
            yield words.EMPTY.format(path="security ike", statement=f"policy {name}", missing="pre-shared-key")


def _filters(found: Configuration) -> Iterator[str]:
    known = set(found.names("firewall", "family", "inet", "filter"))
    for port in found.names("interfaces"):
        for number, *rest in found.below("interfaces", port, "unit"):
            if rest[:3] == ["family", "inet", "filter"] and rest[4] not in known:
                path = f"interfaces {port} unit {number} family inet"
                yield words.UNDEFINED.format(path=path, statement="filter", what=f"Filter {rest[4]}")


def _routes(found: Configuration) -> Iterator[str]:
    for network in found.names("routing-options", "static", "route"):
        kinds = found.names("routing-options", "static", "route", network)
        if not kinds or set(kinds) == {"next-hop", "discard"}:
            path, statement = "routing-options static", f"route {network}"
            yield words.EMPTY.format(path=path, statement=statement, missing="next-hop")


CHECKS: tuple[Callable[[Configuration], Iterator[str]], ...] = (
    _zone_interfaces,
    _policies,
    _policy_zones,
    _applications,
    _references,
    _filters,
    _routes,
)
