"""The spare CPE: on the bench beside the engineer, and in the rack in place of the main unit (VPN-1).

It has two cables of its own. On the bench they end nowhere, but have carrier; in the rack they end in the
bridges where the main unit's ended. A unit without power has no cables at all: a container's interfaces go
with its process.
"""

from __future__ import annotations

import time

from gatekit.errors import TwinError
from twin import podman
from twin.commands import run, succeeds
from twin.difference import RUNNING
from twin.naming import container_name, network_name
from twin.topology import LINE, Host, Leg

MAIN, SPARE = "cpe", "cpe_spare"
INSIDE = "untrust"
_PEERS = {INSIDE: "gkspare-lan", LINE: "gkspare-wan"}
"""This machine's ends of the spare's cables."""


def lay_on_bench(spare: Host, pid: int) -> None:
    """Give a running spare its two cables, ending nowhere; takes it out of the rack where it was in."""
    for leg in spare.unplugged:
        _cable(leg, pid)
        run(["ip", "link", "set", "dev", _PEERS[leg.network], "nomaster"])


def leave_rack() -> None:
    """Take the spare's cables out of the rack, where they are in it.

    Before the main unit has power again: with both on the line, its duplicate address detection would find the other.
    """
    for peer in _PEERS.values():
        if succeeds(["ip", "link", "show", "dev", peer]):
            run(["ip", "link", "set", "dev", peer, "nomaster"])


def swap(site: str, spare: Host) -> float:
    """Let the main unit lose its power, put the spare in its place and give it power; return when it had it.

    Returns:
        Seconds since the epoch.
    Raises:
        TwinError: GW705 when main or spare is not there.
    """
    main, other = container_name(site, MAIN), container_name(site, SPARE)
    there = {one.name: one.state for one in podman.containers(site)}
    for name in (main, other):
        if name not in there:
            raise TwinError("GW705", f"twin.{name}", "missing", f"Raise the twin: python -m twin up {site}.")
    running = [name for name in (main, other) if there[name] == RUNNING]
    podman.cut_power(running)
    power_at = time.time()
    podman.start(other)
    bridges = {one.name: one.interface for one in podman.networks() if one.site == site}
    pid = podman.process_id(other)
    for leg in spare.unplugged:
        _cable(leg, pid)
        run(["ip", "link", "set", "dev", _PEERS[leg.network], "master", bridges[network_name(site, leg.network)]])
    return power_at


def _cable(leg: Leg, pid: int) -> None:
    """Make one cable between the spare and this machine; one that is there stays."""
    peer, namespace = _PEERS[leg.network], f"/proc/{pid}/ns/net"
    if succeeds(["nsenter", f"--net={namespace}", "ip", "link", "show", "dev", leg.interface]):
        return
    if succeeds(["ip", "link", "show", "dev", peer]):
        run(["ip", "link", "delete", "dev", peer])
    run(["ip", "link", "add", peer, "type", "veth", "peer", "name", leg.interface, "netns", str(pid)])
    run(["ip", "link", "set", "dev", peer, "addrgenmode", "none"])  # the machine has no address on a twin's cable
    run(["ip", "link", "set", "dev", peer, "up"])
    run(["nsenter", f"--net={namespace}", "ip", "link", "set", "dev", leg.interface, "up"])
