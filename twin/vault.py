"""The twin's secrets: made once per twin, kept in build/ with mode 0600, never printed."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from gatekit.plan.model import Plan
from twin.pki import Pki, write_private

_PSK_BYTES = 32


@dataclass(frozen=True, slots=True)
class SshKey:
    """One ed25519 pair: OpenSSH PEM, and the public line without comment."""

    private: str
    public: str

    def __repr__(self) -> str:
        return f"SshKey(private='<secret>', public={self.public!r})"


class Vault:
    """The secrets of one twin in ``group_vars/all/vault.yml`` of its inventory, and SSH pairs in ``keys``."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.keys = keys
        self.file = folder / "group_vars" / "all" / "vault.yml"

    def make(self, plan: Plan, pki: Pki) -> None:
        """Write what the plan's secrets lack; what is there stays, certificates excepted: they are the PKI's."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        there, web = self.secrets(), plan.vm1.apache.certificate
        host_keys = {vm.ssh_host_key for vm in plan.vms if vm.ssh_host_key}
        missing = {name: _new_secret(name, plan, host_keys) for name in plan.secrets if name not in there}
        given = {web.certificate: pki.certificate("vm1").read_text(), web.key: pki.key("vm1").read_text()}
        winrm = plan.windows.certificate
        given |= {winrm.certificate: pki.certificate("vm3").read_text(), winrm.key: pki.key("vm3").read_text()}
        given[plan.windows.authority] = pki.ca_file.read_text()
        given["site_ca_key"] = pki.key("ca").read_text()  # signs the host's certificate, as at a site whose CA is ours
        wanted = {**there, **missing, **given}
        if wanted != there:
            write_private(self.file, ("---\n" + yaml.safe_dump({"vault": wanted}, sort_keys=True)).encode())

    def secrets(self) -> dict[str, str]:
        """Return the secrets by name; empty before ``make``."""
        if not self.file.is_file():
            return {}
        return dict(yaml.safe_load(self.file.read_text())["vault"])

    def ssh_key_file(self, name: str) -> Path:
        """Return the private key's file: ``operator``, or the name of a host."""
        return self.keys / f"ssh_{name}.pem"

    def ssh_key(self, name: str) -> SshKey:
        """Return a pair by name, made when missing."""
        path = self.ssh_key_file(name)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(path, _new_ssh_key().encode())
        private = path.read_text()
        key = serialization.load_ssh_private_key(private.encode(), None)
        public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        return SshKey(private, public.decode())


def _new_secret(name: str, plan: Plan, host_keys: set[str]) -> str:
    if name in host_keys:
        return _new_ssh_key()
    if name == plan.tunnel.psk:
        return base64.b64encode(secrets.token_bytes(_PSK_BYTES)).decode()
    return "aA1-" + secrets.token_urlsafe(18)  # ESXi wants four classes; a capital at the start does not count


def _new_ssh_key() -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    ).decode()
