"""Power-on really boots guests: containers behind the VMs, cloud-init from guestinfo, SSH with the planned host key.

Settings: GATEKIT_GUEST_IMAGE, the twin's guest image (``python -m twin images`` builds it).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_build import Deadlines, apply_vms
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site, vm_refs, vm_states
from gatekit.devices.esxi.vm_state import FirstBootState, VmWish, Wishes
from gatekit.errors import DeviceError
from gatekit.plan.appliance import VmPlan
from tests.stories.esxi import simulator, site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

NETWORK, SUBNET, GATEWAY = "gatekit-story-esxi", "10.98.8.0/24", "10.98.8.250"
LABEL = "gatekit-story=esxi"
PATIENT = Deadlines(task_s=60, shutdown_s=20, guest_s=30)


def podman(*arguments: str, check: bool = True) -> str:
    return subprocess.run(["podman", *arguments], check=check, capture_output=True, text=True).stdout.strip()


def clean() -> None:
    for container in podman("ps", "--all", "--quiet", "--filter", f"label={LABEL}").splitlines():
        podman("rm", "--force", "--time", "5", "--volumes", container)
    if NETWORK in podman("network", "ls", "--format", "{{.Name}}").splitlines():
        podman("network", "rm", NETWORK)


@pytest.fixture(scope="module")
def image() -> str:
    name = os.environ.get("GATEKIT_GUEST_IMAGE", "")
    assert name, "set GATEKIT_GUEST_IMAGE to the twin's guest image; `python -m twin images` builds it"
    return name


@pytest.fixture
def booting(esxsim: Path, certificates: Path, image: str, tmp_path: Path) -> Iterator[Simulator]:
    """One host whose VMs are containers; nothing is left when it has stopped."""
    assert image
    clean()
    podman("network", "create", "--internal", "--disable-dns", "--subnet", SUBNET, "--gateway", GATEWAY, NETWORK)
    wrapper = simulator.docker_wrapper(tmp_path / "bin")
    running = simulator.start(esxsim, certificates, "-control", path_first=wrapper)
    yield running
    simulator.stop(running)
    left = podman("ps", "--all", "--quiet", "--filter", f"label={LABEL}")
    clean()
    assert left == ""


def guest(name: str) -> VmPlan:
    vm = site.plan().vm(name)
    address = IPv4Address("10.98.8.0") + int(str(vm.address).rpartition(".")[2])
    return vm.model_copy(update={"address": address, "default_gateway": IPv4Address("10.98.8.254")})


def backed(vm: VmPlan, image: str, network: str = NETWORK) -> VmWish:
    arguments = [
        "--systemd=always", "--stop-signal=SIGRTMIN+3", "--cap-add=NET_ADMIN,SYS_ADMIN", "--hostname", vm.host_name,
        "--name", f"gatekit-story-{vm.name}", "--label", LABEL,
        "--network", f"{network}:ip={vm.address},interface_name=dmz0", image, "/sbin/init",
    ]  # fmt: skip
    return site.wish(vm, {"RUN.container": json.dumps(arguments), "RUN.mountdmi": "false"})


def wishes(image: str, network: str = NETWORK) -> Wishes:
    plan = site.host_plan()
    linux = tuple(backed(guest(name), image, network) for name in ("vm1", "vm2"))
    windows = site.wish(guest("vm3"))
    return Wishes(plan.name, plan.datastore, (*linux, windows), plan.autostart)


def login(address: str, folder: Path, command: str) -> str:
    """Run a command as the operator, with the host key known beforehand and no other accepted."""
    private, public = site.keys()
    key = folder / "key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(private)
    (folder / "known_hosts").write_text(f"{address} {public}\n")
    options = [
        "StrictHostKeyChecking=yes", f"UserKnownHostsFile={folder}/known_hosts", "IdentitiesOnly=yes", "BatchMode=yes",
        "PasswordAuthentication=no", "ConnectTimeout=5",
    ]  # fmt: skip
    flags = [flag for option in options for flag in ("-o", option)]
    end = time.monotonic() + 30
    while True:
        done = subprocess.run(
            ["ssh", "-i", str(key), *flags, f"gwops@{address}", command], check=False, capture_output=True, text=True
        )
        if done.returncode == 0:
            return done.stdout.strip()
        if time.monotonic() > end or "Host key verification failed" in done.stderr:
            raise AssertionError(done.stderr)
        time.sleep(0.2)


def test_ap_2_ap_3_guests_boot_with_their_address_account_and_host_key(
    booting: Simulator, image: str, tmp_path: Path
) -> None:
    wished = wishes(image)
    with site.session(booting) as session:
        site.build_host(session)
        changes = plan_vms(observe_site(session), wished)
        apply_vms(session, changes, wished, PATIENT)
        found = observe_site(session)
        again = plan_vms(found, wished)
    assert not again.changed
    assert again.notes == ()
    for name in ("vm1", "vm2"):
        vm = found.vm(name)
        assert vm is not None
        assert vm.shows(guest(name).mac, str(guest(name).address))
        assert vm.first_boot is FirstBootState.USED
        assert site.keys()[0] not in str(vm.options)
        address = str(guest(name).address)
        assert login(address, tmp_path, "hostname") == f"gw-kita-{name}"
        assert login(address, tmp_path, "sudo passwd --status root").split()[1] == "L"
        host_keys = login(address, tmp_path, "ls /etc/ssh/ssh_host_*").split()
        assert host_keys == ["/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key.pub"]
        assert "passwordauthentication no" in login(address, tmp_path, "sudo sshd -T")
    windows = found.vm("vm3")
    assert windows is not None
    assert (windows.powered_on, windows.first_boot) == (True, FirstBootState.NONE)


def test_a_guest_keeps_its_disk_over_power_off_and_on(booting: Simulator, image: str, tmp_path: Path) -> None:
    wished = wishes(image)
    with site.session(booting) as session:
        site.build_host(session)
        apply_vms(session, plan_vms(observe_site(session), wished), wished, PATIENT)
        address = str(guest("vm1").address)
        login(address, tmp_path, "sudo touch /root/mark && sync")
        ref, _ = vm_states(session, vm_refs(session))["vm1"]
        finish(session, [Started("vm1.off", ref.PowerOffVM_Task())], 30)
        changes = plan_vms(observe_site(session), wished)
        apply_vms(session, changes, wished, PATIENT)
        assert changes.lines() == ['vm vm1: power "off" -> "on"']
        assert login(address, tmp_path, "sudo ls /root/mark") == "/root/mark"


def test_a_destroyed_vm_leaves_no_container_and_no_place_in_the_start_sequence(booting: Simulator, image: str) -> None:
    wished = wishes(image)
    with site.session(booting) as session:
        site.build_host(session)
        apply_vms(session, plan_vms(observe_site(session), wished), wished, PATIENT)
        ref, _ = vm_states(session, vm_refs(session))["vm2"]
        finish(session, [Started("off", ref.PowerOffVM_Task())], 30)
        finish(session, [Started("destroy", ref.Destroy_Task())], 30)
        assert "gatekit-story-vm2" not in podman("ps", "--all", "--format", "{{.Names}}").splitlines()
        assert [row.vm for row in observe_site(session).autostart] == ["vm1", "vm3"]


def test_a_guest_that_cannot_start_is_a_fault_of_the_task_and_completed_later(booting: Simulator, image: str) -> None:
    broken, right = wishes(image, network="gatekit-no-such-network"), wishes(image)
    with site.session(booting) as session:
        site.build_host(session)
        with pytest.raises(DeviceError) as caught:
            apply_vms(session, plan_vms(observe_site(session), broken), broken, PATIENT)
        half = observe_site(session).vm("vm1")
        apply_vms(session, plan_vms(observe_site(session), right), right, PATIENT)
        assert not plan_vms(observe_site(session), right).changed
    assert (caught.value.code, caught.value.path) == ("GW410", "gw-kita-esx.vm1.power_on")
    assert "gatekit-no-such-network" in str(caught.value.value)
    assert site.keys()[0] not in str(caught.value)
    assert half is not None
    assert (half.powered_on, half.first_boot) == (False, FirstBootState.WAITING)


def test_a_guest_that_stays_silent_is_named_with_what_it_reports(booting: Simulator, image: str) -> None:
    wished = wishes(image)
    vm1 = wished.vms[0]
    moved = replace(vm1, plan=vm1.plan.model_copy(update={"address": IPv4Address("10.98.8.99")}))
    lost = replace(wished, vms=(moved, *wished.vms[1:]))
    with site.session(booting) as session:
        site.build_host(session)
        with pytest.raises(DeviceError) as caught:
            apply_vms(session, plan_vms(observe_site(session), lost), lost, Deadlines(guest_s=2))
    assert (caught.value.code, caught.value.path) == ("GW415", "gw-kita-esx.guests")
    assert caught.value.value == {"vm1": [(guest("vm1").mac, "10.98.8.10")]}
