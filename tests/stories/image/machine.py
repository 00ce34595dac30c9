"""The image's disk in QEMU, as ESXi boots it: EFI with Secure Boot. Software emulation is enough."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Interface
from pathlib import Path

from gatekit.controller.ssh_trust import public_key
from gatekit.plan.appliance import VmPlan
from gatekit.render.cloud_init import FirstBoot
from gatekit.render.cloud_init.metadata import instance_id, network
from gatekit.render.cloud_init.user_data import user_data

FIRMWARE = Path("/usr/share/OVMF")
CODE, VARIABLES = "OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd"  # with Microsoft's keys: Secure Boot is on
MEMORY_MB = 1536
BOOT_TIMEOUT_S = 600
SSH_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Booted:
    """One running machine: how to log in, and what it says on its serial line."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def ssh(self, vm: VmPlan, host_key: str, identity: Path, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the guest as the operator; only the planned host key is accepted."""
        known = self.folder / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self.port} {public_key(host_key, 'ssh_host_key')}\n")
        options = {
            "BatchMode": "yes", "StrictHostKeyChecking": "yes", "UserKnownHostsFile": str(known),
            "GlobalKnownHostsFile": "/dev/null", "IdentitiesOnly": "yes", "IdentityFile": str(identity),
            "ConnectTimeout": "10",
        }  # fmt: skip
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        login = ["ssh", "-F", "none", *words, "-p", str(self.port), f"{vm.operator}@127.0.0.1", command]
        return subprocess.run(login, capture_output=True, text=True, check=False, timeout=SSH_TIMEOUT_S)

    def await_login(self, vm: VmPlan, host_key: str, identity: Path) -> None:
        """Wait until the operator can log in.

        Raises:
            AssertionError: QEMU ended or the time is over, with what the console said last.
        """
        end = time.monotonic() + BOOT_TIMEOUT_S
        while (tried := self.ssh(vm, host_key, identity, "true")).returncode != 0:
            said = f"{tried.stderr}\n{(self.folder / 'qemu.log').read_text()}\n{self.console()[-3000:]}"
            assert self.process.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(2)

    def console(self) -> str:
        """Return what the serial line has said."""
        return (self.folder / "console").read_text(errors="replace")


def seed(folder: Path, vm: VmPlan, first_boot: FirstBoot) -> Path:
    """Return a disk with the same documents that ESXi's guestinfo carries, in the form of NoCloud."""
    meta = {"instance-id": instance_id(vm), "local-hostname": vm.host_name}
    files = {
        "meta-data": json.dumps(meta),
        "user-data": user_data(vm, first_boot.authorized_keys, first_boot.host_key),
        "network-config": json.dumps(network(vm)),
    }
    source = folder / "seed"
    source.mkdir(mode=0o700)
    for name, text in files.items():
        (source / name).write_text(text)
    iso = folder / "seed.iso"
    command = ["xorriso", "-as", "mkisofs", "-quiet", "-V", "CIDATA", "-J", "-R", "-o", str(iso), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return iso


def _disk(folder: Path, ova: Path) -> Path:
    """Return a writable disk on top of the OVA's own VMDK, larger than it, as on a host."""
    with tarfile.open(ova) as archive:
        (member,) = [one for one in archive if one.name.endswith(".vmdk")]
        archive.extract(member, folder, filter="data")
    return _qcow2(folder / "disk.qcow2", 8, "-b", str(folder / member.name), "-F", "vmdk")


def _qcow2(path: Path, size_gb: int, *base: str) -> Path:
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", *base, str(path), f"{size_gb}G"], check=True)
    return path


def _data_disk(folder: Path, vm: VmPlan) -> list[str]:
    """Return the options of the blank second disk, on the controller that ESXi gives it too."""
    if vm.data_disk is None:
        return []
    image = _qcow2(folder / "data.qcow2", vm.data_disk.size_gb)
    drive = f"if=none,id=data,format=qcow2,file={image}"
    return ["-drive", drive, "-device", "pvscsi,id=scsi", "-device", "scsi-hd,drive=data,bus=scsi.0"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def boot(folder: Path, ova: Path, vm: VmPlan, first_boot: FirstBoot) -> Iterator[Booted]:
    """Boot the OVA's disk with the VM's MAC and address; only its SSH port is reached, and it reaches nothing."""
    port = _free_port()
    variables = folder / "variables.fd"
    shutil.copy2(FIRMWARE / VARIABLES, variables)
    net = IPv4Interface(f"{vm.address}/{vm.prefix_length}").network
    forward = f"hostfwd=tcp:127.0.0.1:{port}-{vm.address}:22"
    command = [
        "qemu-system-x86_64", "-machine", "q35,smm=on", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
        "-m", str(MEMORY_MB), "-nodefaults", "-display", "none", "-serial", f"file:{folder / 'console'}",
        "-global", "driver=cfi.pflash01,property=secure,value=on",
        "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={FIRMWARE / CODE}",
        "-drive", f"if=pflash,unit=1,format=raw,file={variables}",
        "-drive", f"if=none,id=system,format=qcow2,file={_disk(folder, ova)}",
        "-device", "ide-hd,drive=system,bus=ide.0",
        "-drive", f"if=none,id=seed,format=raw,readonly=on,file={seed(folder, vm, first_boot)}",
        "-device", "ide-cd,drive=seed,bus=ide.1",
        # without romfile= the firmware tries the network first, for minutes
        "-netdev", f"user,id=dmz,restrict=on,net={net},host={vm.default_gateway},{forward}",
        "-device", f"vmxnet3,netdev=dmz,mac={vm.mac},romfile=",
        "-device", "virtio-rng-pci",
        *_data_disk(folder, vm),
    ]  # fmt: skip
    (folder / "console").touch()
    with (folder / "qemu.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        yield Booted(folder, port, process)
    finally:
        process.terminate()
        process.wait(timeout=30)
