"""ks.cfg: the answers of an unattended install (reference A.1.1)."""

from __future__ import annotations

from datetime import date

from gatekit.install.esxi.installation import Installation

__all__ = ["kickstart"]


def kickstart(wanted: Installation, root_password_hash: str, made_on: date) -> str:
    """Return the file; pure. It holds the hash of root's password.

    There is no %firstboot: with Secure Boot it is skipped without a word, and a command of it can hang for good.
    What the host needs after the install is converged over its API.
    """
    network = [
        "network",
        "--bootproto=static",
        f"--device={wanted.nic1_mac.upper()}",  # by MAC: the order of the ports is unknown before the install
        f"--ip={wanted.address}",
        f"--netmask={wanted.netmask}",
        f"--gateway={wanted.default_gateway}",
        f"--nameserver={','.join(str(server) for server in wanted.dns_servers)}",
        f"--hostname={wanted.host_name}",
        *([f"--vlanid={wanted.vlan}"] if wanted.vlan else []),
        "--addvmportgroup=false",
    ]
    lines = [
        f"# {wanted.site}: {wanted.host_name}, made on {made_on.isoformat()}. It WIPES the first local disk.",
        "vmaccepteula",
        "install --firstdisk=local --overwritevmfs",
        f"rootpw --iscrypted {root_password_hash}",
        " ".join(network),
        "keyboard Japanese",
        "reboot",
    ]
    return "\n".join(lines) + "\n"
