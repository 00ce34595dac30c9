"""FortiOS text -> Meaning. Reads the device's language on its own; nothing here comes from the renderer.

Every line of a table of ours is understood, known to mean nothing, or refused with GW427. Addresses and services
that no policy names are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.meaning import Meaning, Permit
from gatekit.devices.fortios.known import ADMIN, DNS, GLOBAL, INTERFACE, LOG, NTP, SYSLOG
from gatekit.devices.fortios.negotiation import routes, tunnel
from gatekit.devices.fortios.rows import Row, Sheet
from gatekit.devices.fortios.rule import EVERYWHERE
from gatekit.devices.fortios.rules import ACCESS, Rules
from gatekit.devices.fortios.tree import parse
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import FirewallPlan

_TRUSTED = [f"trusthost{number}" for number in range(1, 11)]


def meaning_of_text(text: str, plan: FirewallPlan) -> Meaning:
    """Return what a configuration lets through, where it sends and how it encrypts.

    Raises:
        DeviceError: GW427 for a line in a table of ours whose meaning is not known.
    """
    sheet = Sheet(plan.name, parse(text, plan.name))
    ports = {row.zone: sheet.row(INTERFACE, row.port) for row in plan.interfaces}
    addresses = {zone: address for zone, row in ports.items() if row and (address := _address(row))}
    access = {zone: frozenset(row.values("allowaccess")) for zone, row in ports.items() if row}
    rules = Rules(sheet, plan)
    permits = rules.permits({zone: one.ip for zone, one in addresses.items()}, access)
    sheet.own(DNS).only(("primary", "secondary", "source-ip"))
    sheet.own(LOG).only(("fwpolicy-implicit-log", "local-in-deny-unicast"))
    return Meaning(
        host_name=sheet.own(GLOBAL).value("hostname") or "",
        addresses=frozenset((row.port, str(addresses[row.zone])) for row in plan.interfaces if row.zone in addresses),
        permits=permits,
        routes=frozenset(routes(sheet, plan, rules.kept_out())),
        tunnel=tunnel(sheet, plan, rules.mss()),
        management=frozenset(_management(sheet, plan, permits)),
        time_servers=frozenset(_time_servers(sheet)),
        log_servers=frozenset(_log_servers(sheet)),
    )


def _address(row: Row) -> IPv4Interface | None:
    row.only(("ip", "allowaccess"))
    values = row.values("ip")
    try:
        return IPv4Interface("/".join(values)) if values else None
    except ValueError:
        raise row.refuse(f"ip {' '.join(values)}") from None


def _management(sheet: Sheet, plan: FirewallPlan, permits: frozenset[Permit]) -> Iterator[IPv4Network]:
    """Yield from where our account gets in: a packet has to be let in, and its source be one of the account's."""
    row = sheet.row(ADMIN, plan.operator)
    if row is None:
        return
    row.only(("accprofile", "password", *_TRUSTED))
    row.required("accprofile", ["super_admin"])
    row.required("password")
    trusted = [row.network(key) for key in _TRUSTED if row.values(key)] or [EVERYWHERE]
    for permit in permits:
        if permit.destination_zone is not Zone.FIREWALL or (permit.protocol, permit.port) != ACCESS["ssh"]:
            continue
        source = IPv4Network(str(permit.source))
        for network in trusted:
            if source.subnet_of(network):
                yield source
            elif network.subnet_of(source):
                yield network


def _time_servers(sheet: Sheet) -> Iterator[IPv4Address]:
    row = sheet.own(NTP)
    row.only(("ntpsync", "type", "source-ip"), inner=("ntpserver",))
    if row.value("ntpsync") != "enable" or row.value("type") != "custom":
        return
    servers = row.node.tables.get("ntpserver")
    for key, node in servers.entries.items() if servers else ():
        server = Row(sheet.device, f"{NTP} ntpserver", key, node)
        server.only(("server",))
        yield server.address("server")


def _log_servers(sheet: Sheet) -> Iterator[IPv4Address]:
    for name in SYSLOG:
        row = sheet.own(name)
        row.only(("status", "server", "mode", "port", "source-ip"))
        if row.value("status") == "enable":
            yield row.address("server")
