from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gatekit.probes import programs
from gatekit.verify import scanning
from gatekit.verify.scanning import chance_of_missing, is_proof, port_scan, together
from gatekit.verify.targets import Targets

SILENT = {"way": True, "tcp_accepted": "", "tcp_refused": "", "udp_accepted": "", "udp_refused": ""}


def one_pass(answered: int, **seen: str) -> dict[str, Any]:
    row = {"sent": 100, "duration_s": 1.5, "rate_pps": 1000, "controls_sent": 64, "controls_answered": answered}
    return row | {"targets": {"10.0.0.2": SILENT | seen}}


@pytest.mark.parametrize(
    ("answered", "proof"),
    [
        pytest.param([64], True, id="one-pass-without-loss"),
        pytest.param([63], False, id="one-control-lost"),
        pytest.param([61, 61], True, id="three-of-64-lost-twice"),
        pytest.param([50, 50], False, id="a-fifth-lost-twice"),
        pytest.param([50, 50, 50], True, id="a-fifth-lost-three-times"),
        pytest.param([0, 0, 0, 0], False, id="nothing-known-answered"),
    ],
)
def test_ap_6_silence_is_a_proof_once_the_passes_together_leave_no_more_than_one_without_loss(
    answered: list[int], proof: bool
) -> None:
    assert is_proof([one_pass(count) for count in answered]) is proof


def test_the_chance_of_missing_follows_the_rule_of_succession() -> None:
    assert chance_of_missing([one_pass(61), one_pass(63)]) == pytest.approx(4 / 66 * 2 / 66)


def test_a_port_that_answered_in_any_pass_has_answered() -> None:
    found = together([one_pass(61, tcp_refused="22,80"), one_pass(63, tcp_accepted="80,443", udp_refused="53")])
    assert found["targets"]["10.0.0.2"] == SILENT | {"tcp_accepted": "80,443", "tcp_refused": "22", "udp_refused": "53"}
    assert (found["sent"], found["duration_s"], len(found["passes"])) == (200, 3.0, 2)


# ------------------------------------------------------------------ with packets, between two network namespaces
OPEN, CONTROL = 6000, 7000
RATE_PPS = 16_000
LISTENER = f"""
import socket, threading
held = [socket.create_server(("10.99.0.2", port), backlog=512) for port in ({OPEN}, {CONTROL})]
print("ready", flush=True)
threading.Event().wait(120)
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


@pytest.fixture
def network() -> Iterator[tuple[str, str]]:
    """Two joined namespaces; in the second two ports listen and all others keep silent."""
    near, far = f"gkscan-a{os.getpid()}", f"gkscan-b{os.getpid()}"
    try:
        ip("netns", "add", near)
        ip("netns", "add", far)
        ip("link", "add", "name", "gk0", "netns", near, "type", "veth", "peer", "name", "gk0", "netns", far)
        for name, address in ((near, "10.99.0.1/24"), (far, "10.99.0.2/24")):
            ip("-n", name, "address", "add", address, "dev", "gk0")
            ip("-n", name, "link", "set", "gk0", "up")
        command = ["ip", "netns", "exec", far, sys.executable, "-I", "-c", LISTENER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listener:
            assert listener.stdout is not None
            assert listener.stdout.readline() == "ready\n"
            yield near, far
            listener.terminate()
    finally:
        for name in (near, far):
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True, timeout=20)


@pytest.fixture
def scanned(network: tuple[str, str], targets: Targets, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Scan the far host's ports 1 to 8000 from the near one; its filter lets through what is open and ``rule``."""
    near, far = network
    source = targets.probes["his_terminal"].model_copy(update={"address": "10.99.0.1"})
    here = targets.model_copy(update={"probes": {"near": source}, "scan_rate_pps": RATE_PPS})

    def command(backend: str, job_text: str) -> list[str]:
        return ["ip", "netns", "exec", near, sys.executable, "-I", "-", job_text]

    monkeypatch.setattr(programs, "probe_command", command)

    def run(rule: str) -> dict[str, Any]:
        opened = f"tcp dport {{ {OPEN}, {CONTROL} }} accept;"
        chain = f"chain input {{ type filter hook input priority 0; policy drop; {rule} {opened} }}"
        load = ["ip", "netns", "exec", far, "nft", "-f", "-"]
        subprocess.run(load, input=f"table ip filter {{ {chain}; }}", text=True, check=True, timeout=20)
        rows = [{"address": "10.99.0.2", "tcp": "1-8000", "udp": ""}]
        return port_scan(here, "near", [("10.99.0.2", CONTROL)], rows, lambda _: None)

    return run


@pytest.mark.peer
def test_ap_6_one_pass_is_enough_where_nothing_is_lost(scanned: Any) -> None:
    found = scanned("")
    assert found["targets"]["10.99.0.2"] == SILENT | {"tcp_accepted": f"{OPEN},{CONTROL}"}
    assert [row["controls_answered"] for row in found["passes"]] == [64]


@pytest.mark.peer
def test_ap_6_where_packets_get_lost_further_passes_at_half_the_rate_find_every_open_port(scanned: Any) -> None:
    found = scanned("limit rate over 5000/second burst 500 packets drop;")
    assert found["targets"]["10.99.0.2"] == SILENT | {"tcp_accepted": f"{OPEN},{CONTROL}"}
    assert is_proof(found["passes"])
    rates = [row["rate_pps"] for row in found["passes"]]
    assert len(rates) > 1
    assert rates == [RATE_PPS // 2**number for number in range(len(rates))]


@pytest.mark.peer
def test_ap_6_a_scan_that_sees_nothing_it_knows_ends_void(scanned: Any) -> None:
    found = scanned("drop;")
    assert len(found["passes"]) == scanning.MOST_PASSES
    assert not is_proof(found["passes"])
