"""Raises, repairs and removes a twin. What is there is read from labels each time: no state file can lie.

An interrupted `up` leaves containers whose digest or state is not the wanted one; the next `up` removes
those and goes on. One `up` or `down` at a time on a machine (a lock in /run/lock).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gatekit.errors import TwinError
from gatekit.plan.make import plan_site
from gatekit.plan.model import Plan
from twin import host_files, isolation, machine, podman, readiness, spare
from twin.commands import require_tool
from twin.connection_facts import hosts_yaml, write_if_changed
from twin.container_arguments import Around, create_arguments, digest
from twin.difference import RUNNING, Difference, SeenContainer, containers_to_change, networks_to_change
from twin.esx import Simulator, refuse_dead
from twin.esx_build import simulator_binary
from twin.folders import ROOT, TWINS, keys_folder, site_folder
from twin.image_build import build_images
from twin.image_catalogue import REPOSITORY, Image
from twin.layout import topology
from twin.mirror import build_mirror
from twin.naming import container_name, network_name
from twin.pki import Pki
from twin.progress import Progress, in_parallel
from twin.topology import Host, Kind, Topology
from twin.vault import Vault

INVENTORIES = ROOT / "inventories"
_LOCK = Path("/run/lock/gatekit-twin.lock")
_PARALLEL_STARTS = 4
_SIMULATOR_DEADLINE_S = 15.0
_TOOLS = ("podman", "runc", "ip", "nft", "nsenter")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One twin as it has to be; ``arguments`` and ``digests`` by host name."""

    topology: Topology
    plan: Plan
    site: host_files.Site
    vault: Vault
    pki: Pki
    images: dict[Image, str]
    mirror: Path
    simulator: Path

    @property
    def guests(self) -> frozenset[str]:
        """Return the names of the VMs, which the ESX simulator makes."""
        return frozenset(vm.name for vm in self.plan.vms)


@dataclass(frozen=True, slots=True)
class HostStatus:
    """One line of ``status``."""

    name: str
    address: str
    state: str  # ready, not ready, missing, or podman's word
    image: str


@contextmanager
def machine_lock() -> Iterator[None]:
    """Hold the machine's twin lock; TwinError GW701 when another run has it."""
    _LOCK.parent.mkdir(parents=True, exist_ok=True)
    with _LOCK.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            lock.seek(0)
            fix = "Wait until that run has ended."
            raise TwinError("GW701", "twin.lock", f"process {lock.read().strip() or '?'}", fix) from held
        lock.truncate(0)
        lock.write(f"{os.getpid()}")
        lock.flush()
        yield


def plan_of(site: str, inventories: Path = INVENTORIES) -> Plan:
    """Return the plan of a site."""
    return plan_site(inventories / site)


def up(site: str, progress: Progress, *, replace: bool = False, inventories: Path = INVENTORIES) -> Wanted:
    """Make the twin of a site be up and ready; what is right already is left alone.

    Raises:
        TwinError: GW701 another twin (unless ``replace``), GW702 an address is used by this machine,
            GW703 a tool failed, GW704 a host is not ready in time.
    """
    for tool in _TOOLS:
        require_tool(tool)
    with machine_lock():
        wanted = _wanted(site, inventories, progress)
        seen = podman.networks()
        other = machine.other_twin(wanted.topology, seen)
        if replace and other is not None:
            _remove(other, progress)
            seen = podman.networks()
        machine.refuse_other_twin(wanted.topology, seen)
        machine.refuse_used_ranges(wanted.topology, machine.used_ranges(), seen)
        _make(wanted, progress)
        _write_inventory(wanted)
    progress.say(f"twin {site} is up: {len(wanted.topology.hosts)} hosts")
    return wanted


def down(site: str, progress: Progress, *, keep_images: bool = False) -> None:
    """Remove every container, network, rule, process and image of a site's twin; build/ stays."""
    with machine_lock():
        _remove(site, progress)
        if not keep_images:
            _remove_images(progress)
    progress.say(f"twin {site} is down")


def down_all(progress: Progress) -> None:
    """Remove every twin that stands on this machine or was raised from this checkout, and the images; build/ stays."""
    with machine_lock():
        standing = {one.site for one in podman.networks() if one.site} | {one.site for one in podman.containers()}
        raised = {folder.name for folder in TWINS.glob("*")}
        for site in sorted(standing | raised):
            _remove(site, progress)
        _remove_images(progress)
    progress.say("no twin is left")


def status(site: str) -> tuple[HostStatus, ...]:
    """Return the state of each host of the site's twin, VMs that are there included."""
    plan = plan_of(site)
    wanted = topology(site, plan)
    seen = {one.host: one for one in podman.containers(site)}
    pids = podman.process_ids([one.name for one in seen.values()])
    rows = [_host_status(host, seen.get(host.name), pids) for host in wanted.hosts]
    guests = [vm for vm in plan.vms if vm.name in seen]
    return (*rows, *(HostStatus(vm.name, str(vm.address), seen[vm.name].state, str(Image.GUEST)) for vm in guests))


def _host_status(host: Host, seen: SeenContainer | None, pids: dict[str, int]) -> HostStatus:
    state = "missing" if seen is None else seen.state
    if seen is not None and state == RUNNING:
        state = "ready" if readiness.is_ready(host, pids[seen.name]) else "not ready"
    return HostStatus(host.name, str(host.address), state, str(host.image))


# -------------------------------------------------------------------- what is wanted
def _wanted(site: str, inventories: Path, progress: Progress) -> Wanted:
    plan = plan_of(site, inventories)
    twin = topology(site, plan)
    images = build_images(progress)
    folder = site_folder(site)
    folder.mkdir(parents=True, exist_ok=True)
    vault, pki = Vault(folder, keys_folder(site)), Pki(keys_folder(site))
    pki.make(plan)
    vault.make(plan, pki)
    files = host_files.Site(
        topology=twin,
        plan=plan,
        today=datetime.now(UTC).date(),
        operator_public_key=vault.ssh_key("operator").public,
        host_keys={name: vault.ssh_key(name).private for name in ("firewall", "l3_switch", "cpe", "cpe_spare")},
        psk=vault.secrets()[plan.tunnel.psk],
        ca=pki.ca_file.read_text(),
        portal_certificate=pki.certificate("portal").read_text(),
        portal_key=pki.key("portal").read_text(),
        viewer_certificate=pki.certificate("viewer").read_text(),
        viewer_key=pki.key("viewer").read_text(),
    )
    return Wanted(twin, plan, files, vault, pki, images, build_mirror(progress), simulator_binary(progress))


# -------------------------------------------------------------------- making it so
def _make(wanted: Wanted, progress: Progress) -> None:
    site = wanted.topology.site
    hosts = {host.name: host for host in wanted.topology.hosts}
    files = {name: host_files.files_of(host, wanted.site) for name, host in hosts.items()}
    around = Around(site, wanted.plan, wanted.images, wanted.mirror, wanted.pki.ca_file)
    arguments = {name: create_arguments(around, host) for name, host in hosts.items()}
    digests = {name: digest(arguments[name], files[name]) for name in hosts}
    _make_networks(wanted, progress)
    change = containers_to_change(digests, podman.containers(site), wanted.guests)
    podman.remove_containers(change.remove)
    for name in change.remove:
        progress.say(f"removed {name}: not what is wanted")

    def create(name: str) -> None:
        container = container_name(site, name)
        podman.create_container(container, site, name, digests[name], arguments[name])
        podman.put_files(container, files[name])
        podman.start(container)
        progress.say(f"started {name} {hosts[name].address}")

    def restart(name: str) -> None:
        podman.start(container_name(site, name))
        progress.say(f"started {name} {hosts[name].address} again")

    if any(host.kind is Kind.CPE_SPARE for host in hosts.values()):
        spare.leave_rack()
    tasks = [partial(create, name) for name in change.create] + [partial(restart, name) for name in change.start]
    in_parallel(tasks, _PARALLEL_STARTS)
    _isolate(wanted.topology, wanted.plan)
    pids = podman.process_ids([container_name(site, name) for name in hosts])
    by_host = {host: pids[container_name(site, name)] for name, host in hosts.items()}
    for host, pid in by_host.items():
        if host.kind is Kind.CPE_SPARE:
            spare.lay_on_bench(host, pid)
    _make_simulator(wanted, by_host[hosts["esxi"]], progress)
    readiness.wait_ready(by_host)
    if not change.nothing_to_do:
        progress.say("all hosts are ready")


def _make_networks(wanted: Wanted, progress: Progress) -> None:
    site = wanted.topology.site
    seen = [one for one in podman.networks() if one.site == site]
    names = {network_name(site, one.name): (str(one.subnet), str(one.bridge)) for one in wanted.topology.networks}
    remove, make = networks_to_change(names, seen)
    if remove:
        podman.remove_containers([one.name for one in podman.containers(site)])
        podman.remove_networks(remove)
    for name in make:
        podman.create_network(name, site, *names[name])
    if make:
        progress.say(f"{len(make)} networks")


def _isolate(twin: Topology, plan: Plan) -> None:
    bridges = {one.name: one.interface for one in podman.networks() if one.site == twin.site}
    isolation.isolate(twin.site, bridges.values())
    isolation.leave_networks(bridges[network_name(twin.site, one.name)] for one in twin.networks if not one.machine_leg)
    if plan.cpe is not None:  # behind the firewall, seen from the engineer's machine in the DMZ
        bridge = bridges[network_name(twin.site, "dmz")]
        machine.reach(plan.cpe.lan.address, plan.address("firewall.dmz"), bridge)


def _make_simulator(wanted: Wanted, namespace_of: int, progress: Progress) -> None:
    """Start the ESX simulator where it does not run; VMs of one that died are leftovers."""
    simulator = Simulator(wanted.topology.site)
    if simulator.serves(wanted.simulator, namespace_of):
        return
    simulator.stop()
    leftovers = [one.name for one in podman.containers(wanted.topology.site) if one.host in wanted.guests]
    podman.remove_containers(leftovers)
    for name in leftovers:
        progress.say(f"removed {name}: its ESXi host was restarted")
    password = wanted.vault.secrets()[wanted.plan.esxi.administrator_password]
    pid = simulator.start(wanted.simulator, wanted.plan, wanted.pki, password, namespace_of)
    if not readiness.answers(wanted.plan.esxi.address, 443, _SIMULATOR_DEADLINE_S):
        refuse_dead(simulator, pid)
        raise TwinError("GW704", "twin.esxi.simulator", "port 443 does not answer", f"Read {simulator.log}.")
    progress.say(f"started the ESX simulator (process {pid})")


def _write_inventory(wanted: Wanted) -> None:
    text = hosts_yaml(wanted.topology, wanted.plan, wanted.vault, wanted.pki, wanted.images[Image.GUEST])
    write_if_changed(site_folder(wanted.topology.site) / "hosts.yaml", text)


# -------------------------------------------------------------------- taking it down
def _remove(site: str, progress: Progress) -> None:
    """Remove a twin by its labels: nothing has to be known about its plan."""
    if Simulator(site).stop():
        progress.say("ended the ESX simulator")
    containers = sorted(one.name for one in podman.containers(site))
    podman.remove_containers(containers)
    for name in containers:
        progress.say(f"removed container {name}")
    networks = sorted(one.name for one in podman.networks() if one.site == site)
    podman.remove_networks(networks)
    for name in networks:
        progress.say(f"removed network {name}")
    if isolation.remove_isolation(site):
        progress.say("removed the machine's packet rules")


def _remove_images(progress: Progress) -> None:
    """Remove our images, those left out that a container (molecule's, another twin's) is made from."""
    used = podman.used_images()
    for tag in podman.image_tags(f"{REPOSITORY}/"):
        if tag in used:
            progress.say(f"kept image {tag}: a container is made from it")
        else:
            podman.remove_image(tag)
            progress.say(f"removed image {tag}")


__all__ = ["Difference", "HostStatus", "Wanted", "down", "down_all", "plan_of", "status", "up"]
