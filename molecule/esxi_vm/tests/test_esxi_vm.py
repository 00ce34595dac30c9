"""VMs as another client sees them, and their guests from outside, over SSH with the host key known beforehand."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.esxi.by_hand import host, service, vms

FOLDER = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "esxi"
PREFIX = "10.166.253"


@pytest.fixture(scope="module")
def host_service() -> Iterator[Any]:
    with service(FOLDER) as found:
        yield found


def test_vms_run_with_their_address_on_their_mac(host_service: Any) -> None:
    found = {
        name: (str(vm.runtime.powerState), vm.guest.net[0].macAddress, vm.guest.net[0].ipConfig.ipAddress[0].ipAddress)
        for name, vm in vms(host_service).items()
    }
    assert found == {
        "vm1": ("poweredOn", "00:50:56:10:fd:0a", f"{PREFIX}.10"),
        "vm2": ("poweredOn", "00:50:56:10:fd:14", f"{PREFIX}.20"),
    }


def test_no_secret_is_left_on_a_vm(host_service: Any) -> None:
    for vm in vms(host_service).values():
        options = {option.key: option.value for option in vm.config.extraConfig}
        assert "guestinfo.userdata" not in options
        assert options["gatekit.userdata.sha256"]


def test_ap_5_the_start_sequence(host_service: Any) -> None:
    config = host(host_service).configManager.autoStartManager.config
    assert config.defaults.enabled
    assert [(row.key.name, row.startOrder, row.startAction) for row in config.powerInfo] == [
        ("vm2", 1, "powerOn"),
        ("vm1", 2, "powerOn"),
    ]


@pytest.mark.parametrize(("vm", "address"), [("vm1", f"{PREFIX}.10"), ("vm2", f"{PREFIX}.20")])
def test_the_operator_gets_in_with_key_and_known_host_key(vm: str, address: str, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(f"{address} {(FOLDER / f'host_key_{vm}.pub').read_text()}")
    command = [
        "ssh", "-i", str(FOLDER / "operator"), "-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={known}",
        "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", f"gwops@{address}", "sudo id -u; hostname",
    ]  # fmt: skip
    end = time.monotonic() + 30
    while True:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode == 0 or time.monotonic() > end:
            break
        time.sleep(0.3)
    assert (done.stdout.split(), done.stderr) == (["0", f"gw-{vm}"], "")
