"""The base system, looked at from outside and with other tools than the ones that configured it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm2"]


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def connects(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture
def address(host: Host) -> str:
    return host.check_output("ip -4 -o address show dev eth0").split()[3].split("/")[0]


def effective(root: Host, keyword: str) -> list[str]:
    lines = root.check_output("/usr/sbin/sshd -T").splitlines()
    return [line.split(" ", 1)[1] for line in lines if line.split(" ", 1)[0] == keyword]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("passwordauthentication", "no"),
        ("kbdinteractiveauthentication", "no"),
        ("permitrootlogin", "no"),
        ("allowtcpforwarding", "no"),
        ("allowagentforwarding", "no"),
        ("x11forwarding", "no"),
        ("permittunnel", "no"),
        ("allowusers", "gwops"),
        ("hostkey", "/etc/ssh/ssh_host_ed25519_key"),
    ],
)
def test_sshd_reads_our_setting(root: Host, keyword: str, value: str) -> None:
    assert effective(root, keyword) == [value]


def test_sshd_offers_no_password_and_no_weak_exchange(address: str) -> None:
    words = ["ssh", "-v", "-o", "BatchMode=yes", "-o", "PreferredAuthentications=password", "-o", "ControlPath=none"]
    known = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "known_hosts"
    words += ["-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes"]
    refused = subprocess.run(
        [*words, f"gwops@{address}", "true"], capture_output=True, text=True, check=False, timeout=20
    )
    assert refused.returncode == 255
    assert "Permission denied (publickey)" in refused.stderr
    weak = subprocess.run(
        [*words, "-o", "KexAlgorithms=diffie-hellman-group14-sha256", f"gwops@{address}", "true"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert "no matching key exchange method found" in weak.stderr


def test_only_our_table_is_loaded_and_it_drops(root: Host) -> None:
    ruleset = json.loads(root.check_output("nft -j list ruleset"))["nftables"]
    assert [row["table"]["name"] for row in ruleset if "table" in row] == ["gatekit"]
    policies = {row["chain"]["name"]: row["chain"]["policy"] for row in ruleset if "chain" in row}
    assert policies == {"input": "drop", "output": "drop", "forward": "drop"}


def test_controller_reaches_ssh_and_nothing_else(root: Host, address: str) -> None:
    root.check_output("systemd-run --unit=probe-listener python3 -m http.server 8099")
    try:
        assert connects(address, 22)
        assert not connects(address, 8099)
    finally:
        root.check_output("systemctl stop probe-listener.service")


def counters(root: Host) -> dict[str, int]:
    rows: list[Any] = json.loads(root.check_output("nft -j list table inet gatekit"))["nftables"]
    found: dict[str, int] = {}
    for row in rows:
        rule = row.get("rule", {})
        for part in rule.get("expr", []):
            if "counter" in part and "comment" in rule:
                found[rule["comment"]] = part["counter"]["packets"]
    return found


def test_what_is_not_in_the_matrix_is_dropped_counted_and_logged(root: Host, address: str) -> None:
    before = counters(root)["drop.in"]
    assert not connects(address, 8098)
    assert counters(root)["drop.in"] > before
    root.check_output(
        "timeout 10 sh -c 'until journalctl --output=cat | grep -q \"gatekit drop in.*DPT=8098\"; do sleep 0.2; done'"
    )


def test_guest_cannot_reach_what_its_flows_do_not_name(root: Host, address: str) -> None:
    gateway = address.rsplit(".", 1)[0] + ".1"
    before = counters(root)["drop.out"]
    assert root.run(f"timeout 3 bash -c 'exec 3<>/dev/tcp/{gateway}/22'").rc == 124
    assert counters(root)["drop.out"] > before


def test_undo_timer_is_gone_after_the_confirmation(root: Host) -> None:
    assert root.run("systemctl is-active gatekit-packet-filter-undo.timer").stdout.strip() == "inactive"
    assert not root.file("/run/gatekit/packet_filter").exists


def test_exactly_one_time_client_runs_for_the_rights_the_guest_has(root: Host) -> None:
    bits = int(root.check_output("awk '/CapBnd/ {print $2}' /proc/1/status"), 16)
    may_set = bool(bits >> 25 & 1)  # CAP_SYS_TIME, capabilities(7)
    running = {
        name: root.run(f"systemctl is-active {name}").rc == 0
        for name in ("chrony.service", "gatekit-chrony-observe.service")
    }
    assert running == {"chrony.service": may_set, "gatekit-chrony-observe.service": not may_set}
    assert root.check_output("chronyc -n sources").splitlines()[-1].split()[1].endswith(".9")


def test_logs_wait_on_the_disk_while_the_data_centre_is_away(root: Host) -> None:
    assert root.service("rsyslog").is_running
    assert root.run("rsyslogd -N1").rc == 0


def test_packages_come_from_one_signed_source_only(root: Host) -> None:
    files = root.check_output("find /etc/apt/sources.list /etc/apt/sources.list.d -type f 2>/dev/null; true").split()
    assert files == ["/etc/apt/sources.list.d/gatekit.sources"]
    assert root.run("apt-get update --option APT::Update::Error-Mode=any").rc == 0


@pytest.mark.parametrize("unit", ["apt-daily.timer", "apt-daily-upgrade.timer", "ssh.socket", "debug-shell.service"])
def test_unit_is_masked(root: Host, unit: str) -> None:
    assert root.run(f"systemctl is-enabled {unit}").stdout.strip() == "masked"


def test_no_unit_has_failed(root: Host) -> None:
    assert root.check_output("systemctl --failed --no-legend --plain") == ""


def test_nobody_listens_beside_ssh(root: Host) -> None:
    sockets = root.check_output("ss -Hltun").splitlines()
    assert {line.split()[4].rsplit(":", 1)[1] for line in sockets} == {"22"}


def test_no_account_has_a_password(root: Host) -> None:
    fields = [line.split(":")[1] for line in root.file("/etc/shadow").content_string.splitlines()]
    assert all(field.startswith(("!", "*")) for field in fields)


def test_nothing_is_left_of_staging(root: Host) -> None:
    assert root.check_output("find /etc /home -name '.*.gatekit-*'") == ""
