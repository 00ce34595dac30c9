"""Every file of a Linux firewall, by how it comes into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.model import Frozen
from gatekit.plan.model import FirewallPlan, TunnelPlan
from gatekit.render.edge import plain
from gatekit.render.linux.firewall import LOG_GROUP, TABLE, firewall_nft
from gatekit.render.linux.host_facts import FirewallHostFacts
from gatekit.render.linux.network import ROUTE_PROTOCOL, network_batch, sysctl_conf
from gatekit.render.linux.tunnel import strongswan_conf, swanctl_conf
from gatekit.render.text import RenderedFile, as_file_set, header, render

RULES_PATH = "/etc/gatekit/firewall.nft"
BATCH_PATH = "/etc/gatekit/network.batch"
SYSCTL_PATH = "/etc/sysctl.d/60-gatekit-firewall.conf"
ULOGD_PATH = "/etc/ulogd.conf"
UNIT_DIRECTORY = "/etc/systemd/system"


class FirewallFiles(Frozen):
    """``rules``: loaded under the packet filter's undo timer. ``ways``: routes and tunnel, under theirs.

    ``settled``: what cannot cut anybody off. ``units``: the units that have to be enabled and running.
    """

    table: str
    rules: RenderedFile
    ways: tuple[RenderedFile, ...]
    settled: tuple[RenderedFile, ...]
    units: tuple[str, ...]
    tunnel: str | None


def firewall_files(plan: FirewallPlan, host: FirewallHostFacts) -> FirewallFiles:
    """Return the files of one firewall; nothing secret is in them, the PSK stands by its name.

    Raises:
        RenderError: GW302 where plan and host do not fit (see ``firewall_nft``, ``swanctl_conf``).
    """
    batch = RenderedFile(path=BATCH_PATH, content=network_batch(plan, host))
    settled = [
        _unit("gatekit-firewall.service", rules_path=RULES_PATH),
        _network_unit(plan, host),
        RenderedFile(path=SYSCTL_PATH, content=sysctl_conf(host)),
        _rendered(ULOGD_PATH, "ulogd.conf.j2", {"log_group": LOG_GROUP}),
    ]
    units = ["gatekit-firewall.service", "gatekit-network.service", "ulogd2.service"]
    ways = [batch]
    if plan.tunnel is not None:
        settled += _tunnel_units(plan.tunnel, host)
        units += ["strongswan.service", "gatekit-tunnel.timer"] if plan.tunnel.initiator else ["strongswan.service"]
        ways += _tunnel_files(plan.tunnel, host)
    return FirewallFiles(
        table=f"inet {TABLE}",
        rules=RenderedFile(path=RULES_PATH, content=firewall_nft(plan, host)),
        ways=tuple(ways),
        settled=tuple(settled),
        units=tuple(units),
        tunnel=plan.tunnel.name if plan.tunnel is not None else None,
    )


def firewall_role_input(plan: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, Any]:
    """Return what roles/firewall hands to its modules; the edge where Ansible's dicts become types."""
    files = firewall_files(FirewallPlan.model_validate(plain(plan)), FirewallHostFacts.model_validate(plain(host)))
    return {
        "table": files.table,
        "rules_path": files.rules.path,
        "rules": files.rules.content,
        "ways": as_file_set(files.ways),
        "settled": as_file_set(files.settled),
        "units": _unit_rows(files),
        "load": [["systemctl", "daemon-reload"], ["systemctl", "restart", *_reloaded(files)]],
        "in_use": ["swanctl", "--list-sas", "--ike", files.tunnel] if files.tunnel else [],
    }


def _unit_rows(files: FirewallFiles) -> list[dict[str, Any]]:
    """Return the units for unit_set; those with settled files read them again when one is newer."""
    running = [{"name": name, "enablement": "enabled", "activity": "running"} for name in files.units]
    read: dict[str, Any] = {"ulogd2.service": [ULOGD_PATH]}
    rows = [{**row, "reads": read.get(row["name"], [])} for row in running]
    # left alone by systemd where /proc/sys is read-only, as in a container
    sysctl = {"name": "systemd-sysctl.service", "activity": "running", "conditional": True, "reads": [SYSCTL_PATH]}
    return [sysctl, *rows]


def _reloaded(files: FirewallFiles) -> tuple[str, ...]:
    """Return what reads the ways: a restart of strongSwan also closes SAs made with an old key or offer."""
    return tuple(name for name in ("gatekit-network.service", "strongswan.service") if name in files.units)


def _tunnel_files(tunnel: TunnelPlan, host: FirewallHostFacts) -> tuple[RenderedFile, ...]:
    return (
        RenderedFile(
            path=f"/etc/swanctl/conf.d/{tunnel.name}.conf", mode="0600", content=swanctl_conf(tunnel, if_id=host.if_id)
        ),
        RenderedFile(path="/etc/strongswan.d/gatekit.conf", content=strongswan_conf(if_id=host.if_id)),
    )


def _tunnel_units(tunnel: TunnelPlan, host: FirewallHostFacts) -> tuple[RenderedFile, ...]:
    libipsec_interface = host.tunnel if host.if_id is None else None
    drop_in = _rendered(
        f"{UNIT_DIRECTORY}/strongswan.service.d/gatekit.conf",
        "strongswan.drop-in.conf.j2",
        {"libipsec_interface": libipsec_interface, "mtu": tunnel.tunnel_mtu},
    )
    if not tunnel.initiator:
        return (drop_in,)
    return (
        drop_in,
        _unit("gatekit-tunnel.service", name=tunnel.name),
        _unit("gatekit-tunnel.timer", name=tunnel.name),
    )


def _network_unit(plan: FirewallPlan, host: FirewallHostFacts) -> RenderedFile:
    xfrm = None
    if plan.tunnel is not None and host.if_id is not None:
        xfrm = {"name": host.tunnel, "over": host.untrust, "if_id": host.if_id}
    return _unit(
        "gatekit-network.service",
        batch_path=BATCH_PATH,
        route_protocol=ROUTE_PROTOCOL,
        # a container has no udev, so no device unit ever comes up there
        awaited_devices=[_device_unit(name) for name in host.ours] if host.manage_addresses else [],
        xfrm=xfrm,
    )


def _device_unit(interface: str) -> str:
    return "sys-subsystem-net-devices-" + interface.replace("-", r"\x2d") + ".device"


def _unit(name: str, /, **values: object) -> RenderedFile:
    return _rendered(f"{UNIT_DIRECTORY}/{name}", f"{name}.j2", values)


def _rendered(path: str, template: str, values: Mapping[str, object]) -> RenderedFile:
    return RenderedFile(path=path, content=render("linux", template, head=header("firewall"), **values))
