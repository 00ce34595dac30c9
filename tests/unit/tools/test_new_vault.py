"""The vault of a new site: fresh, encrypted, never overwritten."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from gatekit.intent.load import missing_secrets
from gatekit.plan.make import plan_site
from tests.refusals.case import REMOVED, example, set_at
from tests.sites import vendor_plan
from tools.new_vault import CLASSES, fresh_secret, main, vault_text


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return example(4, tmp_path)


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("a password of this test\n")
    return path


def vault_of(site: Path) -> Path:
    return site / "group_vars" / "all" / "vault.yml"


def test_vault_is_encrypted_private_and_holds_every_secret_of_the_plan(site: Path, password: Path) -> None:
    assert main([str(site), "--vault-password-file", str(password)]) == 0
    path = vault_of(site)
    assert path.read_text().startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert path.stat().st_mode & 0o777 == 0o600
    command = [sys.executable, "-m", "ansible", "vault", "view", "--vault-password-file", str(password), str(path)]
    clear = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    vault = yaml.safe_load(clear)["vault"]
    wanted = plan_site(site).secrets
    assert set(vault) == {*wanted, "site_ca_certificate", "site_ca_key"}
    assert list(missing_secrets(wanted, vault)) == []


def test_existing_vault_is_left_as_it_is(site: Path, password: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = vault_of(site)
    path.parent.mkdir(parents=True)
    path.write_text("precious")
    assert main([str(site), "--vault-password-file", str(password)]) == 1
    assert path.read_text() == "precious"
    assert capsys.readouterr().err == f"{path} exists and is left as it is; move it away to make a new one.\n"


def test_nothing_is_written_when_ansible_vault_refuses(site: Path, tmp_path: Path) -> None:
    assert main([str(site), "--vault-password-file", str(tmp_path / "no-such-file")]) == 1
    assert not vault_of(site).exists()


def test_bad_site_gets_no_vault_and_its_faults_are_said(
    site: Path, password: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = yaml.safe_load((site / "site.yml").read_text(encoding="utf-8"))
    set_at(tree, "dmz", REMOVED)
    (site / "site.yml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    assert main([str(site), "--vault-password-file", str(password)]) == 1
    assert capsys.readouterr().err == (
        "dmz: 'missing' is not usable. Give dmz: The network we assign (NW-1, NW-2). [GW103]\n"
    )
    assert not vault_of(site).exists()


def test_pre_shared_key_has_32_random_bytes() -> None:
    assert len(base64.b64decode(fresh_secret("vpn_psk"), validate=True)) == 32


def test_password_has_32_characters_of_four_classes() -> None:
    for _ in range(200):
        text = fresh_secret("esxi_password")
        assert len(text) == 32
        assert text[0].isalnum()
        assert all(set(text[1:-1]) & set(kind) for kind in CLASSES)


def test_host_key_is_an_ed25519_key_that_openssh_reads() -> None:
    key = load_ssh_private_key(fresh_secret("ssh_host_key_vm1").encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)


def test_no_two_secrets_are_alike(site: Path) -> None:
    both = [yaml.safe_load(vault_text(plan_site(site)))["vault"] for _ in range(2)]
    values = [value for vault in both for value in vault.values()]
    assert len(set(values)) == len(values) == 2 * len(both[0])


def test_certificate_of_vm1_has_its_key_its_names_and_is_signed_by_the_new_site_ca(site: Path) -> None:
    plan = plan_site(site)
    vault = yaml.safe_load(vault_text(plan))["vault"]
    pair = ("tls_certificate_vm1", "site_ca_certificate")
    leaf, ca = (x509.load_pem_x509_certificate(vault[name].encode()) for name in pair)
    leaf.verify_directly_issued_by(ca)
    key = load_pem_private_key(vault["tls_key_vm1"].encode(), None)
    assert key.public_key() == leaf.public_key()
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [plan.vm1.apache.host_name]
    assert names.get_values_for_type(x509.IPAddress) == [plan.vm1.apache.address]


def test_a_vendors_site_gets_every_secret_that_its_devices_want() -> None:
    plan = vendor_plan("juniper_srx")
    vault = yaml.safe_load(vault_text(plan))["vault"]
    assert {"firewall_password", "fingerprint_key"} <= set(plan.secrets) <= set(vault)


def test_secret_of_an_unknown_kind_is_a_fault_of_the_tool() -> None:
    with pytest.raises(ValueError, match=r"^snmp_user: teach tools/new_vault\.py how to make this secret$"):
        fresh_secret("snmp_user")
