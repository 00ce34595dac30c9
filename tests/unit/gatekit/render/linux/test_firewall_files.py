"""All files of one firewall, and what the role hands to its modules."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gatekit.render.linux.firewall_files import firewall_files, firewall_role_input
from gatekit.render.linux.router_files import RouterFiles
from tests.unit.gatekit.render.linux.pattern4 import BEHIND_CPE, REAL, TWIN, firewall_plan

CASES = {
    "twin": firewall_files(firewall_plan(), TWIN),
    "real": firewall_files(firewall_plan(), REAL),
    "behind-cpe": firewall_files(firewall_plan(ends_tunnel=False), BEHIND_CPE),
}


def content(files: RouterFiles, path: str) -> str:
    return next(file.content for file in (files.rules, *files.ways, *files.settled) if file.path == path)


def test_the_key_is_named_in_one_file_that_only_root_reads() -> None:
    files = (CASES["twin"].rules, *CASES["twin"].ways, *CASES["twin"].settled)
    assert [(file.path, file.mode) for file in files if "<secret " in file.content] == [
        ("/etc/swanctl/conf.d/dc-main.conf", "0600")
    ]


def test_behind_a_cpe_there_is_no_trace_of_a_tunnel() -> None:
    files = CASES["behind-cpe"]
    assert files.units == ("gatekit-firewall.service", "gatekit-network.service", "ulogd2.service")
    assert [file.path for file in (*files.ways, *files.settled) if "swan" in file.path or "tunnel" in file.path] == []


def test_only_kernel_libipsec_needs_its_mtu_set_by_the_unit() -> None:
    drop_in = "/etc/systemd/system/strongswan.service.d/gatekit.conf"
    assert "ip link set dev ipsec0 mtu 1374" in content(CASES["twin"], drop_in)
    assert "ExecStartPost" not in content(CASES["real"], drop_in)


def test_only_a_host_with_udev_waits_for_device_units() -> None:
    unit = "/etc/systemd/system/gatekit-network.service"
    assert "sys-subsystem-net-devices-enp1s0.device" in content(CASES["real"], unit)
    assert ".device" not in content(CASES["twin"], unit)
    assert "if_id 10" in content(CASES["real"], unit)


@pytest.mark.parametrize("files", CASES.values(), ids=CASES.keys())
def test_systemd_itself_accepts_every_unit(files: RouterFiles, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is needed to judge the units: apt-get install systemd")
    units = [file for file in files.settled if file.path.endswith((".service", ".timer"))]
    for file in units:
        (tmp_path / Path(file.path).name).write_text(file.content)
    # stands in for Debian's unit; the programs of a firewall are not on this machine
    (tmp_path / "strongswan.service").write_text("[Service]\nExecStart=/bin/true\n")
    words = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / Path(file.path).name) for file in units)]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stderr
    ours = [line for line in said.splitlines() if str(tmp_path) in line or "gatekit" in line]
    assert [line for line in ours if "is not executable" not in line] == []


def test_ansible_gets_plain_values_and_the_loader_restarts_what_reads_the_ways() -> None:
    host = {**TWIN.model_dump(mode="json")}
    given = firewall_role_input(firewall_plan().model_dump(mode="json"), host)
    assert given["table"] == "inet gatekit_fw"
    assert given["load"] == [
        ["systemctl", "daemon-reload"],
        ["systemctl", "restart", "gatekit-network.service"],
        ["systemctl", "restart", "strongswan.service"],
    ]
    assert given["in_use"] == ["swanctl", "--list-sas", "--ike", "dc-main"]
    assert [row["name"] for row in given["units"]] == ["systemd-sysctl.service", *CASES["twin"].units]
    assert [row["path"] for row in given["ways"]] == [file.path for file in CASES["twin"].ways]
