"""What each host's container is created with. Pure: the same host, the same arguments, the same digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gatekit.plan.model import Plan
from twin import host_files, podman
from twin.image_catalogue import Image
from twin.naming import network_name
from twin.topology import Host, Kind, Leg

_ROUTER_SYSCTLS = tuple(
    f"net.ipv4.conf.{scope}.{one}"
    for scope in ("all", "default")
    for one in ("accept_redirects=0", "send_redirects=0", "accept_source_route=0", "rp_filter=1")
)
_CPE_SYSCTLS = (
    "net.ipv6.conf.all.disable_ipv6=0",
    "net.ipv6.conf.default.accept_ra=0",  # networkd reads the line's router advertisements, not the kernel
    "net.ipv6.conf.default.ndisc_notify=1",
)
_SYSCTLS: dict[Kind, tuple[str, ...]] = {
    Kind.FIREWALL: _ROUTER_SYSCTLS,
    Kind.CPE: (*_CPE_SYSCTLS, *_ROUTER_SYSCTLS),
    Kind.CPE_SPARE: (*_CPE_SYSCTLS, *_ROUTER_SYSCTLS),
    Kind.NGN: ("net.ipv6.conf.all.forwarding=1",),
}
"""/proc/sys cannot be written in a container: what the roles set on a real host is set at create."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the containers of one twin are made from, files aside."""

    site: str
    plan: Plan
    images: Mapping[Image, str]
    mirror: Path
    ca_file: Path


def create_arguments(around: Around, host: Host) -> tuple[str, ...]:
    """Return what follows ``podman create --name ... --label ...`` for a host."""
    return (
        f"--hostname={host.name.replace('_', '-')}",
        "--cap-add=NET_ADMIN",
        *_networks(around.site, host),
        f"--sysctl=net.ipv4.ip_forward={int(host.forwards)}",
        *(("--systemd=always", "--stop-signal=SIGRTMIN+3", "--cap-add=SYS_ADMIN") if host.boots else ()),
        *(("--device=/dev/net/tun",) if host.image is Image.FIREWALL else ()),
        *(f"--sysctl={one}" for one in _SYSCTLS.get(host.kind, ())),
        *_of_kind(around, host.kind),
        around.images[host.image],
        *host_files.command_of(host),
    )


def digest(arguments: tuple[str, ...], files: tuple[podman.HostFile, ...]) -> str:
    """Return what a host was made from, as 16 hexadecimal digits."""
    content = "\0".join(arguments).encode() + podman.archive(files)
    return hashlib.sha256(content).hexdigest()[:16]


def _networks(site: str, host: Host) -> Iterator[str]:
    if not host.legs:
        yield "--network=none"
        return
    yield "--dns=none"
    for leg in host.legs:
        yield f"--network={network_name(site, leg.network)}:{_address(leg)},interface_name={leg.interface}"


def _address(leg: Leg) -> str:
    return f"{'ip' if leg.address.version == 4 else 'ip6'}={leg.address.ip}"


def _of_kind(around: Around, kind: Kind) -> Iterator[str]:
    if kind is Kind.DC_SERVICES:
        yield f"--volume={around.mirror}:/srv/mirror:ro"
    if kind is Kind.VIEWER:
        centre = around.plan.data_centre
        yield f"--add-host={centre.portal_name}:{centre.portal_public}"
    if kind is Kind.ESXI:
        yield f"--volume={around.ca_file}:/etc/twin/ca.pem:ro"
