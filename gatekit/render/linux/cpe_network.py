"""Addresses and routes of a Linux CPE (VPN-1 .. VPN-3).

systemd-networkd learns the line's side, by RA or by DHCPv6 prefix delegation, always with the interface
identifier of the plan: the spare has the same address. Routes are one batch of ours, as on the firewall.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatekit.plan.network_device import CpePlan
from gatekit.render.linux.host_facts import CpeHostFacts
from gatekit.render.linux.network import BLACKHOLE_METRIC, ROUTE_PROTOCOL
from gatekit.render.text import RenderedFile, header, render

NETWORKD = "/etc/systemd/network"


def cpe_batch(plan: CpePlan, host: CpeHostFacts) -> str:
    """Return the input of ``ip -batch``: a blackhole that stays for the data centre, and the way to the DMZ."""
    return header("cpe.routes") + "".join(f"{line}\n" for line in _route_lines(plan, host))


def cpe_sysctl(host: CpeHostFacts) -> str:
    """Return the kernel's settings: it forwards IPv4, and a unit that takes over says at once where it is."""
    return render("linux", "sysctl.conf.j2", head=header("cpe.lan"), interfaces=host.ours, announces=True)


def networkd_files(plan: CpePlan, host: CpeHostFacts) -> tuple[RenderedFile, ...]:
    """Return networkd's files: line, inner side, and that it leaves foreign routes and rules alone."""
    values = {"plan": plan, "host": host, "delegated": plan.wan.prefix_by == "dhcpv6_pd"}
    return (
        _file("/etc/systemd/networkd.conf.d/gatekit.conf", "networkd.conf.j2", {}),
        _file(f"{NETWORKD}/10-gatekit-wan.network", "cpe-wan.network.j2", values),
        _file(f"{NETWORKD}/10-gatekit-lan.network", "cpe-lan.network.j2", values),
    )


def _route_lines(plan: CpePlan, host: CpeHostFacts) -> Iterable[str]:
    ours = f"proto {ROUTE_PROTOCOL}"
    for network in plan.protected:
        yield f"route replace blackhole {network} {ours} metric {BLACKHOLE_METRIC}"
    for route in plan.routes:
        yield f"route replace {route.network} via {route.via} {ours}"
    if host.if_id is not None:
        yield f"link set dev {host.tunnel} mtu {plan.tunnel.tunnel_mtu} up"
        for network in plan.protected:
            yield f"route replace {network} dev {host.tunnel} src {plan.lan.address} {ours}"


def _file(path: str, template: str, values: dict[str, object]) -> RenderedFile:
    return RenderedFile(path=path, content=render("linux", template, head=header("cpe"), **values))
