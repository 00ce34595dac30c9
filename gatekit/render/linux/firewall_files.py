"""Every file of a Linux firewall, by how it comes into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.plan.network_device import FirewallPlan
from gatekit.render.edge import plain
from gatekit.render.linux.firewall import firewall_nft
from gatekit.render.linux.host_facts import FirewallHostFacts
from gatekit.render.linux.network import ROUTE_PROTOCOL, network_batch, sysctl_conf
from gatekit.render.linux.router_files import (
    BATCH_PATH,
    NETWORK_UNIT,
    RULES_PATH,
    STRONGSWAN_UNIT,
    RouterFiles,
    common_files,
    device_unit,
    role_input,
    tunnel_files,
    tunnel_units,
    unit,
)
from gatekit.render.text import RenderedFile


def firewall_files(plan: FirewallPlan, host: FirewallHostFacts) -> RouterFiles:
    """Return the files of one firewall; nothing secret is in them, the PSK stands by its name.

    Raises:
        RenderError: GW302 where plan and host do not fit (see ``firewall_nft``, ``swanctl_conf``).
    """
    batch = RenderedFile(path=BATCH_PATH, content=network_batch(plan, host))
    settled = [*common_files(sysctl_conf(host)), _network_unit(plan, host)]
    units = ["gatekit-firewall.service", NETWORK_UNIT, "ulogd2.service"]
    ways = [batch]
    if plan.tunnel is not None:
        settled += tunnel_units(plan.tunnel, host.tunnel, host.if_id)
        units += [STRONGSWAN_UNIT, "gatekit-tunnel.timer"] if plan.tunnel.initiator else [STRONGSWAN_UNIT]
        ways += tunnel_files(plan.tunnel, host.if_id)
    return RouterFiles(
        rules=RenderedFile(path=RULES_PATH, content=firewall_nft(plan, host)),
        ways=tuple(ways),
        settled=tuple(settled),
        units=tuple(units),
        tunnel=plan.tunnel.name if plan.tunnel is not None else None,
    )


def firewall_role_input(plan: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, Any]:
    """Return what roles/firewall hands to its modules; the edge where Ansible's dicts become types."""
    return role_input(
        firewall_files(FirewallPlan.model_validate(plain(plan)), FirewallHostFacts.model_validate(plain(host)))
    )


def _network_unit(plan: FirewallPlan, host: FirewallHostFacts) -> RenderedFile:
    xfrm = None
    if plan.tunnel is not None and host.if_id is not None:
        xfrm = {"name": host.tunnel, "over": host.untrust, "if_id": host.if_id}
    return unit(
        "gatekit-network.service",
        batch_path=BATCH_PATH,
        route_protocol=ROUTE_PROTOCOL,
        # a container has no udev, so no device unit ever comes up there
        awaited_devices=[device_unit(name) for name in host.ours] if host.manage_addresses else [],
        xfrm=xfrm,
        networkd_interface=None,
    )
