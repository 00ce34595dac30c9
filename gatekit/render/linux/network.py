"""Addresses, routes and kernel settings of a Linux firewall (AP-6, NW-1, NW-3).

One batch for iproute2, run by a oneshot unit of ours after the packet filter: the same file serves a
real firewall and a container whose surroundings bring the addresses.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatekit.plan.flow import Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.linux.host_facts import FirewallHostFacts
from gatekit.render.text import header, render

ROUTE_PROTOCOL = 97  # marks our routes, so that a route that left the plan is found and removed
BLACKHOLE_METRIC = 4278  # far behind any real route (vendor reference 3.1)


def network_batch(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    """Return the input of ``ip -batch``: addresses if they are ours to set, then every route of the plan.

    The data centre's networks get a blackhole that stays when nothing else leads there (vendor
    reference 0.4, rule 1); where a CPE ends the tunnel they are reached over it, and the firewall speaks from
    its DMZ address, as the matrix says.
    """
    lines = [*(_address_lines(plan, host) if host.manage_addresses else ()), *_route_lines(plan, host)]
    return header("firewall.routes") + "".join(f"{line}\n" for line in lines)


def sysctl_conf(host: FirewallHostFacts) -> str:
    """Return the kernel's settings: it forwards, and asks the way back of every source."""
    return render("linux", "sysctl.conf.j2", head=header("firewall.interfaces"), interfaces=host.ours, announces=False)


def _address_lines(plan: FirewallPlan, host: FirewallHostFacts) -> Iterable[str]:
    for interface in plan.interfaces:
        device = host.interface(interface.zone)
        yield f"address replace {interface.address}/{interface.prefix_length} dev {device}"
        yield f"link set dev {device} up"


def _route_lines(plan: FirewallPlan, host: FirewallHostFacts) -> Iterable[str]:
    ours = f"proto {ROUTE_PROTOCOL}"
    if plan.tunnel is not None:
        for network in plan.protected:
            yield f"route replace blackhole {network} {ours} metric {BLACKHOLE_METRIC}"
    yield f"route replace default via {plan.default_gateway} {ours}"
    for route in plan.routes:
        yield f"route replace {route.network} via {route.via} {ours}"
    inside = next(interface.address for interface in plan.interfaces if interface.zone is Zone.DMZ)
    if plan.tunnel is None:
        for network in plan.protected:
            yield f"route replace {network} via {plan.default_gateway} src {inside} {ours}"
    if plan.tunnel is not None and host.tunnel is not None and host.if_id is not None:
        yield f"link set dev {host.tunnel} mtu {plan.tunnel.tunnel_mtu} up"
        for network in plan.protected:
            yield f"route replace {network} dev {host.tunnel} src {inside} {ours}"
