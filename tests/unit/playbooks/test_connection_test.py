"""The play of the connection tests against real listeners on loopback: green, red after all sheets, silent in check."""

from __future__ import annotations

import json
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from gatekit.plan.document import plan_bytes
from tests.sites import ROOT, example_plan
from twin.images.terminal.hl7_listener import Listener, Session

pytestmark = pytest.mark.peer

LOOPBACK = IPv4Address("127.0.0.1")


class Quiet(Listener):
    """The twin's HL7 listener, which writes what it acknowledges; here nobody reads it."""

    def handle_error(self, *_: object) -> None: ...


@pytest.fixture
def emr() -> Iterator[int]:
    with Quiet(("127.0.0.1", 0), Session) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield int(listener.server_address[1])
        listener.shutdown()


def closed_port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as nobody:
        return int(nobody.server_address[1])


@pytest.fixture
def site(tmp_path: Path, emr: int):
    """Return a function that lays down build folder and inventory of a hospital with these ports of its systems."""

    def lay(ports: dict[str, int]) -> Path:
        plan = example_plan()
        rows = [row for row in plan.linked_systems if row.name in ports]
        moved = tuple(row.model_copy(update={"address": LOOPBACK, "port": ports[row.name]}) for row in rows)
        vms = tuple(vm.model_copy(update={"address": LOOPBACK}) if vm.name == "vm1" else vm for vm in plan.vms)
        gateway = plan.vm1.pacs_gateway.model_copy(update={"sources": ()})
        vm1 = plan.vm1.model_copy(update={"pacs_gateway": gateway})
        plan = plan.model_copy(update={"linked_systems": moved, "vms": vms, "vm1": vm1})
        (tmp_path / "build").mkdir()
        (tmp_path / "build/plan.json").write_bytes(plan_bytes(plan))
        (tmp_path / "inventory").mkdir()
        vm = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        variables = {"gatekit_build": str(tmp_path / "build"), "vault": {}}
        inventory = {"all": {"hosts": {"vm1": vm}, "vars": variables}}
        (tmp_path / "inventory/hosts.yaml").write_text(json.dumps(inventory))
        return tmp_path

    return lay


def play(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(folder / "inventory"), "--skip-tags", "plan"]
    return subprocess.run(
        [*command, *words, "playbooks/connection_test.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_op_7_the_play_is_green_and_changes_nothing_when_every_system_answers(site, emr) -> None:
    folder = site({"emr": emr})
    done = play(folder)
    assert done.returncode == 0, done.stdout
    assert {path.name for path in (folder / "build/connection").iterdir()} == {"emr.csv", "emr.html", "results.json"}
    results = json.loads((folder / "build/connection/results.json").read_text())
    assert [(row["id"], row["requirement"], row["ok"]) for row in results["records"]] == [
        ("connection.emr", "OP-7", True)
    ]
    assert "changed=0" in done.stdout
    assert "changed=1" not in done.stdout


def test_op_7_the_play_is_red_and_names_the_system_after_every_sheet_is_written(site, emr) -> None:
    folder = site({"emr": emr, "reports": closed_port()})
    done = play(folder)
    assert done.returncode == 2
    assert "reports: failed - the connection was refused [GW402]" in done.stdout
    names = {path.name for path in (folder / "build/connection").iterdir()}
    assert names == {"emr.csv", "emr.html", "reports.csv", "reports.html", "results.json"}


def test_op_7_check_mode_asks_nobody_and_writes_nothing(site, emr) -> None:
    folder = site({"emr": emr})
    done = play(folder, "--check")
    assert done.returncode == 0, done.stdout
    assert not (folder / "build/connection").exists()
