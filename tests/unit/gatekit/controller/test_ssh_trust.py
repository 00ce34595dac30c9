"""Host keys are known before the first contact."""

from __future__ import annotations

import subprocess
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gatekit.controller.ssh_trust import SshHost, known_hosts, public_key, ssh_config
from gatekit.errors import DeviceError


def private_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def host(name: str = "vm1", port: int = 22) -> SshHost:
    return SshHost(
        name=name,
        address=IPv4Address("10.161.4.10"),
        port=port,
        user="gwops",
        host_key=public_key(private_key(), "ssh_host_key_vm1"),
        identity_file="/keys/id",
    )


def test_a_key_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(DeviceError) as caught:
        public_key("hunter2", "ssh_host_key_vm1")
    assert caught.value.facts[:3] == ("GW416", "vault.ssh_host_key_vm1", "not an OpenSSH private key")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("port", "shown"), [(22, "10.161.4.10"), (2222, "[10.161.4.10]:2222")])
def test_openssh_finds_the_key_by_address_and_by_name(tmp_path: Path, port: int, shown: str) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(known_hosts((host(port=port),)))
    for name in (shown, "vm1"):
        found = subprocess.run(["ssh-keygen", "-F", name, "-f", path], capture_output=True, text=True, check=True)
        assert "ssh-ed25519" in found.stdout


def test_openssh_reads_the_config_as_strict(tmp_path: Path) -> None:
    path = tmp_path / "ssh_config"
    path.write_text(ssh_config((host(port=2222),), "/build/known_hosts"))
    found = subprocess.run(["ssh", "-G", "-F", path, "vm1"], capture_output=True, text=True, check=True).stdout
    lines = set(found.splitlines())
    assert {
        "hostname 10.161.4.10",
        "port 2222",
        "user gwops",
        "stricthostkeychecking true",
        "userknownhostsfile /build/known_hosts",
        "identityfile /keys/id",
        "identitiesonly yes",
    } <= lines
