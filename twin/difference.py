"""What is there against what is wanted: which containers and networks go, start and are made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RUNNING = "running"
_RESTARTABLE = frozenset({"exited", "stopped"})
"""States a container can be started from; anything else (created, dead, removing ...) is made anew."""


@dataclass(frozen=True, slots=True)
class SeenContainer:
    """A container with a twin's label, as podman lists it."""

    name: str
    site: str
    host: str
    spec: str  # digest it was made from; empty for VMs
    state: str


@dataclass(frozen=True, slots=True)
class SeenNetwork:
    """A podman network. ``site`` is empty when it bears no label of ours."""

    name: str
    site: str
    subnets: tuple[str, ...]
    bridge_address: str
    interface: str  # of the bridge on this machine


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be done; each tuple in a fixed order."""

    remove: tuple[str, ...]  # container names
    start: tuple[str, ...]  # host names
    create: tuple[str, ...]  # host names

    def __bool__(self) -> bool:
        raise TypeError("a Difference has no truth value; ask for .nothing_to_do")

    @property
    def nothing_to_do(self) -> bool:
        """Return whether what is there is what is wanted."""
        return not (self.remove or self.start or self.create)


def containers_to_change(
    wanted: Mapping[str, str], seen: Iterable[SeenContainer], guests: frozenset[str]
) -> Difference:
    """Return what has to be done with the containers of one site.

    Args:
        wanted: digest of each host by its name.
        seen: the containers with the site's label.
        guests: names of VMs: the ESX simulator's to make and to start, left alone here.
    """
    by_host = {one.host: one for one in seen if one.host not in guests}
    remove, start, create = [], [], []
    for host, one in sorted(by_host.items()):
        if wanted.get(host) != one.spec or one.state not in (_RESTARTABLE | {RUNNING}):
            remove.append(one.name)
    for host, digest in wanted.items():
        there = by_host.get(host)
        if there is None or there.name in remove or there.spec != digest:
            create.append(host)
        elif there.state != RUNNING:
            start.append(host)
    return Difference(tuple(remove), tuple(start), tuple(create))


def networks_to_change(
    wanted: Mapping[str, tuple[str, str]], seen: Iterable[SeenNetwork]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (names to remove, names to make); ``wanted`` maps a name to (subnet, bridge address)."""
    by_name = {one.name: one for one in seen}
    good = {
        name
        for name, (subnet, bridge) in wanted.items()
        if name in by_name and by_name[name].subnets == (subnet,) and by_name[name].bridge_address == bridge
    }
    remove = tuple(sorted(set(by_name) - good))
    return remove, tuple(name for name in wanted if name not in good)
