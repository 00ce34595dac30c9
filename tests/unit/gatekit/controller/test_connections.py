"""Connection facts, and what the build folder says before anything is logged into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gatekit.controller.build_folder import build_folder, ssh_hosts
from gatekit.controller.connections import secrets_named, ssh_connections
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.document import plan_sha256
from tests.sites import example_plan
from tests.unit.gatekit.controller.test_ssh_trust import private_key

PINNED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVBUExFRVhBTVBMRUVYQU1QTEVFWEFNUExF"


def variables(**more: Any) -> dict[str, Any]:
    return {"ansible_host": "10.161.4.254", "ansible_user": "gwops", **more}


def test_a_device_without_a_pinned_key_is_refused() -> None:
    with pytest.raises(IntentError) as caught:
        ssh_connections(["firewall"], {"firewall": variables()})
    assert caught.value.facts[:3] == ("GW103", "firewall.ssh_host_public_key", "missing")


def test_a_guests_key_follows_from_the_vault_and_a_devices_from_its_pin() -> None:
    facts = {"firewall": variables(ssh_host_public_key=PINNED), "vm1": variables(linux_base_vm={})}
    rows = ssh_connections(["firewall", "vm1"], facts)
    vault = {"ssh_host_key_vm1": private_key()}
    firewall, vm1 = ssh_hosts(example_plan(), rows, vault)
    assert firewall.host_key == PINNED
    assert vm1.host_key.startswith("ssh-ed25519 ")


def test_a_vault_entry_that_is_no_key_is_refused() -> None:
    rows = ssh_connections(["vm1"], {"vm1": variables(linux_base_vm={})})
    with pytest.raises(DeviceError) as caught:
        ssh_hosts(example_plan(), rows, {"ssh_host_key_vm1": "no key"})
    assert caught.value.code == "GW416"


def test_the_build_folder_holds_the_plan_and_its_hash_and_no_secret() -> None:
    plan, vault = example_plan(), {"ssh_host_key_vm1": private_key()}
    hosts = ssh_hosts(plan, ssh_connections(["vm1"], {"vm1": variables(linux_base_vm={})}), vault)
    files = build_folder(plan, hosts, Path("/build/pattern4"))
    assert sorted(files) == ["known_hosts", "plan.json", "plan.sha256", "ssh_config"]
    assert files["plan.sha256"].split()[0] == plan_sha256(plan)
    assert json.loads(files["plan.json"])["site"] == "kita"
    assert not any("PRIVATE KEY" in text for text in files.values())


def test_a_role_gets_its_own_secrets_and_no_other() -> None:
    assert secrets_named({"one": "1", "other": "2"}, ["one"]) == {"one": "1"}


def test_a_secret_that_is_not_in_the_vault_is_named_and_no_value_is() -> None:
    with pytest.raises(IntentError) as caught:
        secrets_named({"one": "value"}, ["other"])
    assert caught.value.facts[:3] == ("GW107", "vault.other", "missing")
    assert "value" not in str(caught.value)
