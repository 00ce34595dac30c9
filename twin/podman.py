"""What podman has and does, in the twin's words; nobody else builds its command lines."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from twin.commands import run, run_json
from twin.difference import SeenContainer, SeenNetwork
from twin.naming import HOST_LABEL, SITE_LABEL, SPEC_LABEL


@dataclass(frozen=True, slots=True)
class HostFile:
    """One file a host is born with; ``link`` makes it a symbolic link."""

    path: str
    content: str | bytes = ""
    mode: int = 0o644
    link: str = ""

    def raw(self) -> bytes:
        """Return the content as bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()

    def __repr__(self) -> str:  # a content may be secret
        return f"HostFile({self.path!r}, mode={self.mode:o})"


def containers(site: str | None = None) -> tuple[SeenContainer, ...]:
    """Return the containers with a twin's label, VMs included; of one site, or all."""
    label = SITE_LABEL if site is None else f"{SITE_LABEL}={site}"
    rows = _rows(["podman", "ps", "--all", "--filter", f"label={label}", "--format", "json"])
    return tuple(_container(row) for row in rows)


def networks() -> tuple[SeenNetwork, ...]:
    """Return every podman network of this machine."""
    return tuple(_network(row) for row in _rows(["podman", "network", "ls", "--format", "json"]))


def create_network(name: str, site: str, subnet: str, bridge_address: str) -> None:
    """Make an internal bridge: no way out, no DNS, and of one family: ``--ipv6`` would add an IPv4 net to it."""
    run(
        ["podman", "network", "create", "--internal", "--disable-dns", f"--subnet={subnet}",
         f"--gateway={bridge_address}", f"--label={SITE_LABEL}={site}", name]
    )  # fmt: skip


def remove_networks(names: Sequence[str]) -> None:
    """Remove networks; containers on them have to be gone."""
    if names:
        run(["podman", "network", "rm", *names])


def create_container(name: str, site: str, host: str, spec: str, arguments: Sequence[str]) -> None:
    """Create a container that is not started yet; ``arguments`` end with image and command."""
    labels = (f"{SITE_LABEL}={site}", f"{HOST_LABEL}={host}", f"{SPEC_LABEL}={spec}")
    run(["podman", "create", f"--name={name}", *(f"--label={label}" for label in labels), *arguments])


def put_files(name: str, files: Iterable[HostFile]) -> None:
    """Lay files into a container that need not run, owned by root."""
    files = tuple(files)
    if not files:  # podman takes an empty archive for none
        return
    run(["podman", "cp", "-", f"{name}:/"], stdin=archive(files))


def archive(files: Iterable[HostFile]) -> bytes:
    """Return a tar of the files with their folders; same files, same bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for file in files:
            row = tarfile.TarInfo(file.path.lstrip("/"))
            row.mode = file.mode
            if file.link:
                row.type, row.linkname = tarfile.SYMTYPE, file.link
                tar.addfile(row)
            else:
                row.size = len(file.raw())
                tar.addfile(row, io.BytesIO(file.raw()))
    return out.getvalue()


def start(name: str) -> None:
    """Start a container that is there."""
    run(["podman", "start", name])


def cut_power(names: Sequence[str]) -> None:
    """Let containers end as a machine does that loses its power."""
    if names:
        run(["podman", "kill", "--signal=KILL", *names])


def remove_containers(names: Sequence[str]) -> None:
    """Remove containers at once, running or not; gone already is no fault."""
    if names:
        run(["podman", "rm", "--force", "--ignore", "--time=0", "--volumes", *names])


def process_id(name: str) -> int:
    """Return the host's process 1 as this machine numbers it; 0 when it does not run."""
    return int(run(["podman", "inspect", "--format", "{{.State.Pid}}", name]))


def process_ids(names: Sequence[str]) -> dict[str, int]:
    """Return process 1 of each container by name; 0 when it does not run."""
    if not names:
        return {}
    lines = run(["podman", "inspect", "--format", "{{.Name}} {{.State.Pid}}", *names]).split("\n")
    return {name: int(pid) for name, pid in (line.split() for line in lines if line.strip())}


def image_tags(prefix: str) -> tuple[str, ...]:
    """Return the tags of this machine's images that begin with a prefix."""
    lines = run(["podman", "images", "--format", "{{.Repository}}:{{.Tag}}"]).split()
    return tuple(sorted({line for line in lines if line.startswith(prefix)}))


def used_images() -> frozenset[str]:
    """Return the tags that containers, running or not, were made from."""
    return frozenset(run(["podman", "ps", "--all", "--format", "{{.Image}}"]).split())


def remove_image(tag: str) -> None:
    """Remove one tag, and the image when it was its last; an image in use is an error (GW703)."""
    run(["podman", "rmi", tag])


def _rows(command: list[str]) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", run_json(command) or [])


def _container(row: dict[str, Any]) -> SeenContainer:
    labels = row.get("Labels") or {}
    return SeenContainer(
        name=row["Names"][0],
        site=labels.get(SITE_LABEL, ""),
        host=labels.get(HOST_LABEL, ""),
        spec=labels.get(SPEC_LABEL, ""),
        state=row["State"],
    )


def _network(row: dict[str, Any]) -> SeenNetwork:
    subnets = row.get("subnets") or []
    return SeenNetwork(
        name=row["name"],
        site=(row.get("labels") or {}).get(SITE_LABEL, ""),
        subnets=tuple(one["subnet"] for one in subnets),
        bridge_address=subnets[0].get("gateway", "") if subnets else "",
        interface=row.get("network_interface", ""),
    )
