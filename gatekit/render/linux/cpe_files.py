"""Every file of a Linux CPE, by how it comes into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.plan.network_device import CpePlan
from gatekit.render.edge import plain
from gatekit.render.linux.cpe import cpe_nft
from gatekit.render.linux.cpe_network import cpe_batch, cpe_sysctl, networkd_files
from gatekit.render.linux.host_facts import CpeHostFacts
from gatekit.render.linux.network import ROUTE_PROTOCOL
from gatekit.render.linux.router_files import (
    BATCH_PATH,
    NETWORK_UNIT,
    RULES_PATH,
    STRONGSWAN_UNIT,
    RouterFiles,
    common_files,
    role_input,
    tunnel_files,
    tunnel_units,
    unit,
)
from gatekit.render.text import RenderedFile


def cpe_files(plan: CpePlan, host: CpeHostFacts) -> RouterFiles:
    """Return the files of one CPE; nothing secret is in them, the PSK stands by its name."""
    xfrm = {"name": host.tunnel, "over": host.wan, "if_id": host.if_id} if host.if_id is not None else None
    network_unit = unit(
        NETWORK_UNIT,
        batch_path=BATCH_PATH,
        route_protocol=ROUTE_PROTOCOL,
        awaited_devices=[],
        xfrm=xfrm,
        networkd_interface=host.lan,
        announced_address=plan.lan.address,
    )
    return RouterFiles(
        rules=RenderedFile(path=RULES_PATH, content=cpe_nft(plan, host)),
        ways=(
            RenderedFile(path=BATCH_PATH, content=cpe_batch(plan, host)),
            *networkd_files(plan, host),
            *tunnel_files(plan.tunnel, host.if_id),
        ),
        settled=(
            *common_files(cpe_sysctl(host)),
            network_unit,
            *tunnel_units(plan.tunnel, host.tunnel, host.if_id, host.wan),
        ),
        units=(
            "gatekit-firewall.service",
            "systemd-networkd.service",
            NETWORK_UNIT,
            "ulogd2.service",
            STRONGSWAN_UNIT,
            "gatekit-tunnel.timer",
        ),
        tunnel=plan.tunnel.name,
    )


def cpe_role_input(plan: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, Any]:
    """Return what roles/cpe hands to its modules; the edge where Ansible's dicts become types."""
    return role_input(cpe_files(CpePlan.model_validate(plain(plan)), CpeHostFacts.model_validate(plain(host))))
