"""The files that a Linux firewall and a Linux CPE have in common, and how their roles are given them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.model import Frozen
from gatekit.plan.network_device import TunnelPlan
from gatekit.render.linux.nft import LOG_GROUP, TABLE
from gatekit.render.linux.tunnel import strongswan_conf, swanctl_conf
from gatekit.render.text import RenderedFile, as_file_set, header, render

RULES_PATH = "/etc/gatekit/firewall.nft"
BATCH_PATH = "/etc/gatekit/network.batch"
SYSCTL_PATH = "/etc/sysctl.d/60-gatekit-firewall.conf"
ULOGD_PATH = "/etc/ulogd.conf"
UNIT_DIRECTORY = "/etc/systemd/system"
NETWORK_UNIT, STRONGSWAN_UNIT = "gatekit-network.service", "strongswan.service"
_LOAD = {
    "systemd-networkd.service": ["systemctl", "restart", "systemd-networkd.service"],
    NETWORK_UNIT: ["systemctl", "restart", NETWORK_UNIT],
    # a restart also closes SAs made with an old key or offer
    STRONGSWAN_UNIT: ["systemctl", "restart", STRONGSWAN_UNIT],
}
"""What reads the ways again, by the unit that holds them, in this order."""


class RouterFiles(Frozen):
    """``rules``: loaded under the packet filter's undo timer. ``ways``: routes and tunnel, under theirs.

    ``settled``: what cannot cut anybody off. ``units``: the units that have to be enabled and running.
    """

    rules: RenderedFile
    ways: tuple[RenderedFile, ...]
    settled: tuple[RenderedFile, ...]
    units: tuple[str, ...]
    tunnel: str | None


def role_input(files: RouterFiles) -> dict[str, Any]:
    """Return what the roles firewall and cpe hand to their modules."""
    return {
        "table": f"inet {TABLE}",
        "rules_path": files.rules.path,
        "rules": files.rules.content,
        "ways": as_file_set(files.ways),
        "settled": as_file_set(files.settled),
        "units": _unit_rows(files),
        "batch_path": BATCH_PATH,
        "load": [["systemctl", "daemon-reload"], *(line for unit, line in _LOAD.items() if unit in files.units)],
        "in_use": ["swanctl", "--list-sas", "--ike", files.tunnel] if files.tunnel else [],
    }


def common_files(sysctl: str) -> tuple[RenderedFile, ...]:
    """Return the units and settings that every Linux router has."""
    return (
        unit("gatekit-firewall.service", rules_path=RULES_PATH),
        RenderedFile(path=SYSCTL_PATH, content=sysctl),
        rendered(ULOGD_PATH, "ulogd.conf.j2", {"log_group": LOG_GROUP}),
    )


def tunnel_files(tunnel: TunnelPlan, if_id: int | None) -> tuple[RenderedFile, ...]:
    """Return what strongSwan reads; the PSK stands by its name."""
    return (
        RenderedFile(
            path=f"/etc/swanctl/conf.d/{tunnel.name}.conf", mode="0600", content=swanctl_conf(tunnel, if_id=if_id)
        ),
        RenderedFile(path="/etc/strongswan.d/gatekit.conf", content=strongswan_conf(if_id=if_id)),
    )


def tunnel_units(
    tunnel: TunnelPlan, interface: str | None, if_id: int | None, line_interface: str | None = None
) -> tuple[RenderedFile, ...]:
    """Return strongSwan's drop-in and, where we begin the tunnel, what looks after it.

    ``line_interface`` bears the address that is learnt from the line; None where the address is fixed.
    """
    drop_in = rendered(
        f"{UNIT_DIRECTORY}/strongswan.service.d/gatekit.conf",
        "strongswan.drop-in.conf.j2",
        {
            "libipsec_interface": interface if if_id is None else None,
            "mtu": tunnel.tunnel_mtu,
            "line_interface": line_interface,
        },
    )
    if not tunnel.initiator:
        return (drop_in,)
    return (
        drop_in,
        unit("gatekit-tunnel.service", name=tunnel.name),
        unit("gatekit-tunnel.timer", name=tunnel.name),
    )


def device_unit(interface: str) -> str:
    """Return the unit that stands for an interface."""
    return "sys-subsystem-net-devices-" + interface.replace("-", r"\x2d") + ".device"


def unit(name: str, /, **values: object) -> RenderedFile:
    """Return a unit of ours from the template of its name."""
    return rendered(f"{UNIT_DIRECTORY}/{name}", f"{name}.j2", values)


def rendered(path: str, template: str, values: Mapping[str, object]) -> RenderedFile:
    """Return a file from a template of this folder."""
    return RenderedFile(path=path, content=render("linux", template, head=header("firewall"), **values))


def _unit_rows(files: RouterFiles) -> list[dict[str, Any]]:
    """Return the units for unit_set; those with settled files read them again when one is newer."""
    running = [{"name": name, "enablement": "enabled", "activity": "running"} for name in files.units]
    read: dict[str, Any] = {"ulogd2.service": [ULOGD_PATH]}
    rows = [{**row, "reads": read.get(row["name"], [])} for row in running]
    # left alone by systemd where /proc/sys is read-only, as in a container
    sysctl = {"name": "systemd-sysctl.service", "activity": "running", "conditional": True, "reads": [SYSCTL_PATH]}
    return [sysctl, *rows]
