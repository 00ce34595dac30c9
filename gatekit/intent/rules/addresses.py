"""Every address lies where it says, can be a host's, and is given once (NW-3, IN-1, IN-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.vm1 import vm1
from gatekit.errors import IntentError
from gatekit.intent.network import BoundaryFirewall
from gatekit.intent.site import Site
from gatekit.intent.vpn import Pattern4

NOT_GLOBAL = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15")
)


def address_rules(site: Site) -> Iterator[IntentError]:
    """Yield GW121 and GW122 for addresses outside their network, unusable or given twice."""
    yield from _trust(site)
    yield from _hosts(site)
    yield from _endpoints(site)
    if isinstance(site.vpn, Pattern4):
        yield from _line(site.vpn)


def inside(path: str, address: IPv4Address, network: IPv4Network, where: str) -> Iterator[IntentError]:
    """Yield GW121 or GW122 for an address that no host in ``network`` can have; ``where`` says where it is given."""
    if address not in network:
        yield IntentError("GW121", path, str(address), f"Use an address in {network} ({where}).")
    elif network.prefixlen < 31 and address in (network.network_address, network.broadcast_address):
        yield IntentError("GW122", path, str(address), f"Use a host address: this is an end of {network}.")


def _trust(site: Site) -> Iterator[IntentError]:
    trust = [("trust.firewall_address", site.trust.firewall_address)]
    switch, boundary = ("l3_switch.address", site.l3_switch.address), site.boundary
    if isinstance(boundary, BoundaryFirewall):
        behind = [switch, ("boundary.inside_address", boundary.inside_address)]
        yield from _alone(behind, boundary.inside_network, "boundary.inside_network")
        trust.append(("boundary.address", boundary.address))
    else:
        trust.append(switch)
    yield from _alone(trust, site.trust.network, "trust.network")


def _alone(held: Sequence[tuple[str, IPv4Address]], network: IPv4Network, where: str) -> Iterator[IntentError]:
    """Yield what is wrong with the addresses of those that share a network."""
    for path, address in held:
        yield from inside(path, address, network, where)
    for index, (path, address) in enumerate(held):
        for earlier, same in held[:index]:
            if same == address:
                yield IntentError("GW122", path, str(address), f"Use another address: {earlier} has this one.")


def _hosts(site: Site) -> Iterator[IntentError]:
    hosts = [(f"linked_systems[{index}].address", row.address) for index, row in enumerate(site.linked_systems)]
    hosts += [(f"pacs[{index}].address", row.address) for index, row in enumerate(site.pacs)]
    for path, address in hosts:
        homes = [row.network for row in site.networks if address in row.network]
        if homes:
            yield from inside(path, address, homes[0], "networks")
        elif address in site.trust.network or address in site.dmz.network:
            where = "trust.network" if address in site.trust.network else "dmz.network"
            fix = f"Give the system an address behind the L3 switch: no hospital system stands in {where}."
            yield IntentError("GW121", path, str(address), fix)
        else:
            yield IntentError("GW121", path, str(address), "Use an address in one of `networks`, or add its network.")


def _endpoints(site: Site) -> Iterator[IntentError]:
    """What listens must listen alone: at the hospital by address and port, at the Gateway by port."""
    fix = "Use another address or port: {} has this one."
    ports = {"SSH server": appliance().ports["ssh"], "Apache": appliance().ports["https"], **vm1().loopback_ports}
    seen = {("gateway", port): f"the {name} of VM1" for name, port in ports.items()}
    rows = [("archive", "gateway", site.archive.port)]
    rows += [(f"pacs[{index}]", str(row.address), row.port) for index, row in enumerate(site.pacs)]
    for index, system in enumerate(site.linked_systems):
        host = "gateway" if system.direction == "to_gateway" else str(system.address)
        rows.append((f"linked_systems[{index}]", host, system.port))
    for path, host, port in rows:
        if (host, port) in seen:
            yield IntentError("GW122", f"{path}.port", port, fix.format(seen[host, port]))
        seen.setdefault((host, port), path)


def _line(vpn: Pattern4) -> Iterator[IntentError]:
    line = vpn.line
    yield from inside("vpn.line.global_address", line.global_address, line.network, "vpn.line.network")
    yield from inside("vpn.line.gateway", line.gateway, line.network, "vpn.line.network")
    if line.gateway == line.global_address:
        fix = "Use the provider's router; the global address is the firewall's."
        yield IntentError("GW122", "vpn.line.gateway", str(line.gateway), fix)
    if any(line.global_address in network for network in NOT_GLOBAL):
        fix = "Give a global IPv4 address: pattern 4 needs one (VPN-4)."
        yield IntentError("GW131", "vpn.line.global_address", str(line.global_address), fix)
