"""From one installed version to another and back; a version that does not come up is left again by itself.

The new version takes the configuration of the old one and rewrites it in its own form, which the old one may not be
able to read. So configuration and contents are kept as they were under the old version's name, and a way back puts
them there again. Contents are never written twice by the server, so links keep them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..changes import Change
from ..commands import run
from ..errors import NodeError
from .installation import MARKER, Layout, linked_version, point_link
from .management import Management, Refused, operation
from .outage import Outage, Requests

__all__ = ["Service", "SwitchChange", "apply", "plan"]

_KEPT = ("configuration", "data/content")
_READY = ("running", "reload-required", "restart-required")
_STOP_TIMEOUT_S = 120


@dataclass(frozen=True)
class SwitchChange(Change):
    """From the version in use to another; ``restores`` says whether that one's kept configuration comes back."""

    layout: Layout
    source: str
    target: str
    restores: bool


@dataclass(frozen=True)
class Service:
    """How the server is stopped, started and asked; the tests bring their own."""

    unit: str
    start_timeout_s: float
    connect: Callable[[], Management]
    ask: Callable[[], int]

    def stop(self) -> None:
        self._systemctl("stop", _STOP_TIMEOUT_S)

    def start(self) -> None:
        self._systemctl("start", self.start_timeout_s)

    def _systemctl(self, verb: str, timeout_s: float) -> None:
        # A start that failed before would keep the next one out (start limit).
        run(["systemctl", "reset-failed", "--", self.unit])
        outcome = run(["systemctl", verb, "--", self.unit], timeout_s=timeout_s)
        if outcome.status != 0:
            raise NodeError("GW420", f"units.{self.unit}", outcome.reason, f"Read journalctl -u {self.unit}.")


def kept_folder(layout: Layout, version: str = "") -> Path:
    """Return where a version's configuration and contents are kept while another one is in use."""
    return Path(layout.base_folder).parent / "kept" / version


def plan(layout: Layout, target: str, *, back: bool) -> SwitchChange:
    """Return the change of version.

    Args:
        layout: where versions stand.
        target: the version wanted; with ``back`` "" stands for the one kept last.
        back: whether the configuration kept under that version's name comes back.
    Raises:
        NodeError: GW407 the version is not installed, nothing is kept under its name, or no version is in use.
    """
    now = linked_version(layout)
    if not now:
        raise NodeError("GW407", layout.link, "no version in use", "Run the role wildfly first.")
    if back and not target:
        target = _kept_last(layout)
    if not (layout.home(target) / MARKER).is_file():
        raise NodeError("GW407", str(layout.home(target)), target, "Install that version first.")
    if back and now != target and not kept_folder(layout, target).is_dir():
        raise NodeError("GW407", str(kept_folder(layout, target)), target, "No configuration was kept under that name.")
    return SwitchChange({"version": now}, {"version": target}, layout, now, target, back)


def _kept_last(layout: Layout) -> str:
    kept = sorted(kept_folder(layout).glob("[!.]*"), key=lambda folder: folder.stat().st_mtime)
    if not kept:
        fix = "Nothing was upgraded here, so there is no way back."
        raise NodeError("GW407", str(kept_folder(layout)), "empty", fix)
    return kept[-1].name


def apply(change: SwitchChange, service: Service) -> Outage:
    """Go to the other version and return how long requests failed; go back by itself when it does not come up.

    Raises:
        NodeError: GW420 with the reason; its ``value`` ends with whether the old version runs again.
    """
    deployed = _deployments(service)
    with Requests(service.ask) as requests:
        _go(change, service)
        try:
            _come_up(change.target, deployed, requests.wanted, service)
        except NodeError as err:
            _return(change, service, deployed, requests.wanted, err)
    return requests.outage()


def _go(change: SwitchChange, service: Service) -> None:
    service.stop()
    _keep(change.layout, change.source)
    if change.restores:
        _restore(change.layout, change.target)
    point_link(change.layout, change.target)


def _return(change: SwitchChange, service: Service, deployed: Mapping[str, str], status: int, cause: NodeError) -> None:
    """Put the old version back and raise why.

    Raises:
        NodeError: GW420 always.
    """
    service.stop()
    _restore(change.layout, change.source)
    point_link(change.layout, change.source)
    path, said = f"wildfly.{change.target}", f"{cause.path}: {cause.value}"
    try:
        _come_up(change.source, deployed, status, service)
    except NodeError as err:
        fix = f"Neither came up; read journalctl -u {service.unit}."
        raise NodeError("GW420", path, f"{said}; and {change.source} did not come up: {err.value}", fix) from err
    fix = f"{cause.fix} {change.source} runs again with its configuration and applications."
    raise NodeError("GW420", path, f"{said}; went back to {change.source}", fix) from cause


def _deployments(service: Service) -> dict[str, str]:
    """Return name and status of every application."""
    asked = operation("read-children-resources", child_type="deployment", include_runtime=True)
    management = service.connect()
    try:
        found: dict[str, Any] = management.ask(asked)
    except Refused as err:
        raise NodeError("GW410", "wildfly.deployments", str(err), "Read the server's log.") from err
    finally:
        management.close()
    return {name: str(row.get("status")) for name, row in found.items()}


def _come_up(version: str, deployed: Mapping[str, str], status: int, service: Service) -> None:
    """Start and prove: this version runs, every application that was well is well, requests are answered as before."""
    service.start()
    management = service.connect()
    try:
        management.wait_until(_READY, service.start_timeout_s)
        found = management.ask(operation("read-attribute", name="product-version"))
    finally:
        management.close()
    if found != version:
        raise NodeError("GW420", "wildfly.product_version", found, f"{version} was started; look at the link.")
    now = _deployments(service)
    ill = sorted(name for name, was in deployed.items() if was == "OK" != now.get(name))
    if ill:
        fix = "They do not run on this version; read the server's log."
        raise NodeError("GW420", "wildfly.deployments", ", ".join(ill), fix)
    answered = service.ask()
    if answered != status:
        raise NodeError("GW420", "wildfly.request", answered, f"It was {status} before the change.")


def _keep(layout: Layout, version: str) -> None:
    """Keep configuration and contents of a stopped server; what was kept under that name before goes."""
    folder = kept_folder(layout, version)
    staged = folder.with_name(f".{version}.keeping")
    shutil.rmtree(staged, ignore_errors=True)
    staged.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in _KEPT:
        _copy(Path(layout.base_folder, part), staged / part, linked=part == "data/content")
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(staged, folder)
    os.utime(folder)


def _restore(layout: Layout, version: str) -> None:
    folder = kept_folder(layout, version)
    for part in _KEPT:
        target = Path(layout.base_folder, part)
        staged = target.with_name(f".{target.name}.restoring")
        shutil.rmtree(staged, ignore_errors=True)
        _copy(folder / part, staged, linked=part == "data/content")
        shutil.rmtree(target, ignore_errors=True)
        os.rename(staged, target)


def _copy(source: Path, target: Path, *, linked: bool) -> None:
    """Copy a tree with owners and modes; a source that is not there gives nothing."""
    if not source.is_dir():
        return
    shutil.copytree(source, target, symlinks=True, copy_function=os.link if linked else shutil.copy2)
    for path in (source, *source.rglob("*")):
        status, beside = path.lstat(), target / path.relative_to(source)
        os.chown(beside, status.st_uid, status.st_gid, follow_symlinks=False)
