"""Pulls and plugs cables: the machine's end of a host's veth goes down or up. Real, and undone by `restore`."""

from __future__ import annotations

import json
from typing import Any, cast

from gatekit.errors import TwinError
from twin import podman
from twin.commands import run
from twin.difference import RUNNING
from twin.naming import interface_name


def cut(site: str, host: str, network: str) -> None:
    """Take the carrier away from a host's leg, as if somebody pulled the cable.

    Raises:
        TwinError: GW705 when the host does not run or has no leg in the network.
    """
    _set(site, host, network, "down")


def restore(site: str, host: str, network: str) -> None:
    """Plug the cable in again; errors as ``cut``."""
    _set(site, host, network, "up")


def is_cut(site: str, host: str, network: str) -> bool:
    """Return whether the leg has no carrier; errors as ``cut``."""
    return "UP" not in cast("list[str]", _peer(site, host, network)["flags"])


def _set(site: str, host: str, network: str, state: str) -> None:
    run(["ip", "link", "set", "dev", str(_peer(site, host, network)["ifname"]), state])


def _peer(site: str, host: str, network: str) -> dict[str, Any]:
    """Return this machine's end of the cable as ``ip -j link`` describes it."""
    pid = _running(site, host)
    legs = json.loads(run(["nsenter", f"--net=/proc/{pid}/ns/net", "ip", "-j", "link", "show"]))
    for leg in legs:
        if leg["ifname"] == interface_name(network):
            ends = json.loads(run(["ip", "-j", "link", "show"]))
            return cast("dict[str, Any]", next(end for end in ends if end["ifindex"] == leg["link_index"]))
    there = ", ".join(leg["ifname"] for leg in legs if leg["ifname"] != "lo")
    raise TwinError("GW705", f"twin.{host}", network, f"Its interfaces are: {there}.")


def _running(site: str, host: str) -> int:
    there = podman.containers(site)
    for one in there:
        if one.host == host and one.state == RUNNING:
            return podman.process_id(one.name)
    names = ", ".join(sorted(one.host for one in there if one.state == RUNNING)) or "none"
    raise TwinError("GW705", "twin.host", host, f"Running are: {names}.")
