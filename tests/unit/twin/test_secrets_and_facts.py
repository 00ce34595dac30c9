"""Certificates, keys and connection facts: made once, readable by their owner only, never overwritten."""

from __future__ import annotations

import json
import ssl
import stat
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from gatekit.plan.model import Plan
from tests.sites import PATTERNS, example_plan
from twin.connection_facts import hosts_yaml, write_if_changed
from twin.layout import topology
from twin.pki import Pki
from twin.vault import SshKey, Vault

PLAN = example_plan("pattern4")


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    made = Pki(tmp_path / "keys")
    made.make(PLAN)
    return made


@pytest.fixture
def vault(tmp_path: Path, pki: Pki) -> Vault:
    made = Vault(tmp_path, tmp_path / "keys")
    made.make(PLAN, pki)
    return made


def test_the_vault_has_exactly_the_plans_secrets_and_keeps_them(vault: Vault, pki: Pki) -> None:
    first = vault.file.read_bytes()
    vault.make(PLAN, pki)
    assert vault.file.read_bytes() == first
    assert set(vault.secrets()) == {*PLAN.secrets, "site_ca_key"}  # which a site with another CA does without
    assert stat.S_IMODE(vault.file.stat().st_mode) == 0o600


def test_two_twins_have_different_secrets(vault: Vault, tmp_path: Path) -> None:
    pki = Pki(tmp_path / "other-keys")
    pki.make(PLAN)
    other = Vault(tmp_path / "other", tmp_path / "other-keys")
    other.make(PLAN, pki)
    assert not set(vault.secrets().values()) & set(other.secrets().values())


def test_an_ssh_key_is_made_once_and_masks_itself(vault: Vault) -> None:
    key = vault.ssh_key("operator")
    assert vault.ssh_key("operator") == key
    assert key.public.startswith("ssh-ed25519 ")
    assert stat.S_IMODE(vault.ssh_key_file("operator").stat().st_mode) == 0o600
    assert "PRIVATE" not in repr(SshKey(key.private, key.public))


def test_certificates_are_made_once_and_named_for_their_servers(pki: Pki) -> None:
    first = {path.name: path.read_bytes() for path in pki.folder.iterdir()}
    pki.make(PLAN)
    assert {path.name: path.read_bytes() for path in pki.folder.iterdir()} == first
    portal = x509.load_pem_x509_certificate(first["portal.pem"])
    names = portal.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [PLAN.data_centre.portal_name]
    assert names.get_values_for_type(x509.IPAddress) == [PLAN.data_centre.portal, PLAN.data_centre.portal_public]
    viewer = x509.load_pem_x509_certificate(first["viewer.pem"])
    usage = viewer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert {stat.S_IMODE((pki.folder / name).stat().st_mode) for name in first if name.endswith("_key.pem")} == {0o600}
    ssl.create_default_context(cafile=str(pki.ca_file)).load_cert_chain(pki.certificate("viewer"), pki.key("viewer"))


def test_a_certificate_of_another_ca_is_made_anew(pki: Pki) -> None:
    before = pki.certificate("portal").read_bytes()
    pki.key("ca").unlink()
    pki.make(PLAN)
    ca = x509.load_pem_x509_certificate(pki.ca_file.read_bytes())
    after = x509.load_pem_x509_certificate(pki.certificate("portal").read_bytes())
    after.verify_directly_issued_by(ca)
    assert pki.certificate("portal").read_bytes() != before


def test_connection_facts_carry_no_secret_and_every_source_of_traffic(vault: Vault, pki: Pki) -> None:
    twin = topology("pattern4", PLAN)
    text = hosts_yaml(twin, PLAN, vault, pki, "image:tag")
    assert text == hosts_yaml(twin, PLAN, vault, pki, "image:tag")
    assert not [name for name, value in vault.secrets().items() if value in text]
    everything = yaml.safe_load(text)["all"]
    probes = everything["children"]["probes"]["hosts"]
    assert {row["probe_name"] for row in probes.values()} == {
        host.name for host in twin.hosts if host.name not in ("esxi", "internet_router", "dc_gateway")
    }
    assert probes["probe_his_terminal"] == {
        "probe_ca_file": "/etc/browser/ca.pem",
        "probe_name": "his_terminal",
        "probe_zone": "trust",
        "probe_address": "172.20.0.50",
        "probe_backend": "podman://gatekit-pattern4-his_terminal",
    }
    assert everything["hosts"]["firewall"]["firewall_tunnel_if_id"] == 0


def test_only_container_backed_vms_have_extra_config(vault: Vault, pki: Pki) -> None:
    text = hosts_yaml(topology("pattern4", PLAN), PLAN, vault, pki, "image:tag")
    extra = yaml.safe_load(text)["all"]["hosts"]["esxi"]["esxi_vm_extra_config"]
    assert set(extra) == {"vm1", "vm2"}
    arguments = json.loads(extra["vm2"]["RUN.container"])
    assert arguments[-2:] == ["image:tag", "/sbin/init"]
    assert "gatekit-pattern4-dmz:ip=10.161.4.20,interface_name=dmz0" in arguments
    assert "gatekit.twin.host=vm2" in arguments
    assert not [word for word in arguments if " " in word or "'" in word]


def test_ap_5_a_guest_that_is_asked_to_stop_is_given_its_whole_time(vault: Vault, pki: Pki) -> None:
    def asked(plan: Plan) -> dict[str, set[str]]:
        text = hosts_yaml(topology("pattern4", plan), plan, vault, pki, "image")
        extra = yaml.safe_load(text)["all"]["hosts"]["esxi"]["esxi_vm_extra_config"]
        return {
            name: {word for word in json.loads(options["RUN.container"]) if word.startswith("--stop-timeout")}
            for name, options in extra.items()
        }

    assert asked(PLAN) == {"vm1": {"--stop-timeout=120"}, "vm2": {"--stop-timeout=120"}}
    rows = tuple(
        row.model_copy(update={"stop_delay_s": 300}) if row.vm == "vm1" else row for row in PLAN.esxi.autostart
    )
    longer = PLAN.model_copy(update={"esxi": PLAN.esxi.model_copy(update={"autostart": rows})})
    assert asked(longer) == {"vm1": {"--stop-timeout=300"}, "vm2": {"--stop-timeout=120"}}


def test_a_guests_names_are_its_own_and_outlive_its_power(vault: Vault, pki: Pki) -> None:
    text = hosts_yaml(topology("pattern4", PLAN), PLAN, vault, pki, "image")
    for options in yaml.safe_load(text)["all"]["hosts"]["esxi"]["esxi_vm_extra_config"].values():
        arguments = json.loads(options["RUN.container"])
        assert {"--dns=none", "--no-hosts"} <= set(arguments[: arguments.index("image")])


@pytest.mark.parametrize("name", PATTERNS)
def test_ap_5_every_examples_ups_is_played_however_it_is_connected(name: str, tmp_path: Path) -> None:
    plan, keys = example_plan(name), Pki(tmp_path / "keys")
    keys.make(plan)
    secrets = Vault(tmp_path, tmp_path / "keys")
    secrets.make(plan, keys)
    hosts = yaml.safe_load(hosts_yaml(topology(name, plan), plan, secrets, keys, "image"))["all"]["hosts"]
    assert {host for host, facts in hosts.items() if "ups_rehearsal" in facts} == {"vm2"}
    assert set(plan.secrets) <= set(secrets.secrets())


def test_ap_5_the_twins_ups_is_played_on_the_machine_that_speaks_with_it(vault: Vault, pki: Pki) -> None:
    def played(plan: Plan) -> set[str]:
        hosts = yaml.safe_load(hosts_yaml(topology("pattern4", plan), plan, vault, pki, "image"))["all"]["hosts"]
        return {name for name, facts in hosts.items() if "ups_rehearsal" in facts}

    assert played(PLAN) == {"vm2"}
    assert played(PLAN.model_copy(update={"ups": None})) == set()


def test_a_file_that_says_the_same_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    write_if_changed(path, "a\n")
    before = path.stat().st_mtime_ns
    write_if_changed(path, "a\n")
    assert path.stat().st_mtime_ns == before
    write_if_changed(path, "b\n")
    assert path.read_text() == "b\n"


def test_the_twins_folder_is_an_inventory_ansible_takes_whole(tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    vault, pki = Vault(folder, tmp_path / "keys"), Pki(tmp_path / "keys")
    pki.make(PLAN)
    vault.make(PLAN, pki)
    write_if_changed(folder / "hosts.yaml", hosts_yaml(topology("pattern4", PLAN), PLAN, vault, pki, "image:tag"))
    assert {path.name for path in folder.iterdir()} == {"hosts.yaml", "group_vars"}


def test_vm1s_certificate_in_the_vault_follows_the_pki(vault: Vault, pki: Pki) -> None:
    pki.certificate("vm1").unlink()
    pki.make(PLAN)
    vault.make(PLAN, pki)
    assert vault.secrets()[PLAN.vm1.apache.certificate.certificate] == pki.certificate("vm1").read_text()
