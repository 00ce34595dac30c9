"""The user data: the operator's account, who may log in, and the host key the guest shows. Secret."""

from __future__ import annotations

import json

from gatekit.plan.appliance import VmPlan

DATA_DISK_LABEL = "gatekit-data"
"""File system of a second disk; the image's program gatekit-data-disk makes it at the first boot."""


def operator_account(vm: VmPlan, authorized_keys: tuple[str, ...]) -> dict[str, object]:
    """Return the one account people and Ansible use: key only, sudo without a password."""
    return {
        "name": vm.operator,
        "gecos": "gatekit operator",
        "shell": "/bin/bash",
        "lock_passwd": True,
        "sudo": "ALL=(ALL) NOPASSWD:ALL",
        "ssh_authorized_keys": list(authorized_keys),
    }


def boot_commands(vm: VmPlan) -> list[list[str]]:
    """Return what cloud-init has no word for; each does nothing where it is done already."""
    lock = ["usermod", "--lock", "root"]  # the account that the image brought
    return [lock, ["gatekit-data-disk", DATA_DISK_LABEL]] if vm.data_disk else [lock]


def mounts(vm: VmPlan) -> dict[str, object]:
    """Return where the data disk is mounted, its file system grown to the disk at each start."""
    if vm.data_disk is None:
        return {}
    # nofail: with the disk lost the archive does not start (RequiresMountsFor), and the operator still gets in
    options = "defaults,nosuid,nodev,nofail,x-systemd.growfs"
    return {"mounts": [[f"LABEL={DATA_DISK_LABEL}", vm.data_disk.folder, "ext4", options, "0", "2"]]}


def user_data(vm: VmPlan, authorized_keys: tuple[str, ...], host_key: str) -> str:
    """Return the cloud-config: accounts and the SSH host key. It holds the private host key: treat as a secret.

    No default user is made, root's password is locked and root cannot log in over SSH. Only the
    ed25519 host key exists: cloud-init deletes the image's and makes no others when one is given.
    """
    document = {
        "users": [operator_account(vm, authorized_keys)],
        "disable_root": True,
        "ssh_pwauth": False,
        "ssh_deletekeys": True,
        "ssh_keys": {"ed25519_private": host_key.rstrip("\n") + "\n"},
        "fqdn": f"{vm.host_name}.{vm.domain}",
        "prefer_fqdn_over_hostname": False,
        "manage_etc_hosts": False,
        "package_update": False,
        "package_upgrade": False,
        "bootcmd": boot_commands(vm),
        **mounts(vm),
    }
    return "#cloud-config\n" + json.dumps(document, indent=1) + "\n"
