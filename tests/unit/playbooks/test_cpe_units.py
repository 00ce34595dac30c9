"""What becomes of a CPE that fails, in patterns 1 to 3: the plays themselves, against vendors' boxes on a bench."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import yaml

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.platforms import platform_of
from gatekit.handover.sent_cpe import sent_plan, sent_unit
from gatekit.plan.network_device import CpePart
from gatekit.simulators.console import PASSWORD, USER
from gatekit.verify.cpe_records import cpe_records, cpe_sha256
from gatekit.verify.evidence import NotRunRecord, Record
from tests.sites import ROOT, example_folder, vendor_plan
from tests.unit.gatekit.devices.commissioning.bench import (
    FOREIGN,
    SECRETS,
    Bench,
    bench_of,
    give_configuration,
    part_of,
)

pytestmark = pytest.mark.peer
VAULT = {**SECRETS, "fingerprint_key": "Key-Of-The-Record-4711", "console_password": PASSWORD}
SENT, SENT_MAC = "CPE-0399", "02:00:00:00:03:99"


@dataclass
class Office:
    """A site with one vendor's CPE: its inventory, its build folder, and whatever unit is on the bench."""

    product: str
    pattern: str
    root: Path

    @property
    def speed(self) -> float:
        """Return how fast the unit's clock runs: its undo timer of 300 s must not fire while the plan is typed."""
        return 200.0 if self.product == "nec_ix" else 12.0

    @property
    def build(self) -> Path:
        return self.root / "build" / self.pattern

    def play(self, playbook: str, bench: Bench, host: str, *words: str) -> tuple[int, str]:
        """Run a play with the unit on the bench as ``host``; return its status and what it printed."""
        (self.root / "facts").mkdir(exist_ok=True)
        (self.root / "facts" / "hosts.yaml").write_text(yaml.safe_dump(self._facts(bench, host)))
        (self.root / "vault.json").write_text(json.dumps({"vault": self._vault}))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self._site())]
        command += ["-i", str(self.root / "facts" / "hosts.yaml"), "-e", f"@{self.root / 'vault.json'}", *words]
        ours = {"PYTHONPATH": str(ROOT), "ANSIBLE_STDOUT_CALLBACK": "default"}
        done = subprocess.run(
            [*command, f"playbooks/{playbook}"],
            cwd=ROOT,
            env=os.environ | ours,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert not [name for name, value in VAULT.items() if value in said]
        return done.returncode, said

    def _site(self) -> Path:
        folder = self.root / "inventories" / self.pattern
        if not folder.is_dir():
            folder.mkdir(parents=True)
            tree = yaml.safe_load((example_folder(self.pattern) / "site.yml").read_text(encoding="utf-8"))
            tree["vpn"]["cpe"]["product"] = self.product
            tree["vpn"]["crypto"] = vendor_plan(self.product, self.pattern).cpe.tunnel.suite.level  # type: ignore[union-attr]  # has one
            (folder / "site.yml").write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))
            data_centre = example_folder(self.pattern).parent / "data_centre.yml"
            (folder.parent / "data_centre.yml").write_text(data_centre.read_text(encoding="utf-8"))
        return folder

    @cached_property
    def _vault(self) -> dict[str, str]:
        named = vendor_plan(self.product, self.pattern).secrets
        key = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
        return {name: key if name.startswith("ssh_host_key") else "Other-Word-5" for name in named} | VAULT

    def _facts(self, bench: Bench, host: str) -> dict[str, Any]:
        others = {"ssh_host_public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA"}
        unit = {
            "ansible_host": bench.simulator.host,
            "ansible_port": bench.simulator.port,
            "console_host": "127.0.0.1",
            "console_port": bench.console.port,
            "console_user": USER,
            "console_host_public_key": bench.console.host_key,
        }
        hosts: dict[str, Any] = {"firewall": others, "l3_switch": others, "cpe": others}
        spare = {"cpe_spare": others} if self.pattern == "pattern1" else {}
        return {"all": {"hosts": {**hosts, **spare, host: unit}}}


def changed(said: str, host: str) -> int:
    found = re.search(rf"^{host} .*changed=(\d+)", said, re.MULTILINE)
    assert found is not None, said[-3000:]
    return int(found.group(1))


def is_planned(bench: Bench, part: CpePart) -> bool:
    text = bench.look(bench.box.running_text)
    saved = bench.look(lambda: bench.box.startup is not None)
    return saved and platform_of(part.plan.product).meaning(text, part) == meaning_of(part)


def test_vpn_1_a_vendors_spare_is_staged_from_its_box_and_the_record_tells_when_it_is_stale(tmp_path: Path) -> None:
    office, part = Office("cisco_iosxe", "pattern1", tmp_path), part_of("cisco_iosxe", "pattern1", "spare")
    with bench_of(part, office.build, office.speed) as bench:
        status, said = office.play("cpe_stage.yml", bench, "cpe_spare")
        assert status == 0, said[-3000:]
        assert is_planned(bench, part)
        status, said = office.play("cpe_stage.yml", bench, "cpe_spare")
        assert (status, changed(said, "cpe_spare")) == (0, 0), said[-3000:]
    noted = json.loads((office.build / "cpe_spare.json").read_text())
    assert noted == {"cpe_sha256": cpe_sha256(part.plan), "serial": part.unit.serial}
    plan = vendor_plan("cisco_iosxe", "pattern1")
    assert [row.ok for row in cpe_records(office.build, plan)[0] if row.id == "cpe.spare"] == [True]
    tunnel = part.plan.tunnel.model_copy(update={"dpd_delay_s": part.plan.tunnel.dpd_delay_s + 1})
    later = plan.model_copy(update={"cpe": part.plan.model_copy(update={"tunnel": tunnel})})
    assert [row.ok for row in cpe_records(office.build, later)[0] if row.id == "cpe.spare"] == [False]


def test_vpn_2_a_unit_from_its_box_replaces_the_broken_one_on_site(tmp_path: Path) -> None:
    office, part = Office("nec_ix", "pattern2", tmp_path), part_of("nec_ix", "pattern2")
    with bench_of(part, office.build, office.speed) as bench:
        assert office.play("cpe_replace.yml", bench, "cpe", "--check")[0] == 0
        assert part.unit.host_name not in bench.look(bench.box.running_text)
        status, said = office.play("cpe_replace.yml", bench, "cpe")
        assert status == 0, said[-3000:]
        assert is_planned(bench, part)
        pinned = bench.folder.host_key
        assert pinned
        assert pinned in (office.build / "known_hosts").read_text()
        assert (office.build / "devices" / "cpe_main.json").is_file()
        before = bench.look(bench.box.running_text)
        status, said = office.play("cpe_replace.yml", bench, "cpe")
        assert (status, changed(said, "cpe")) == (0, 0), said[-3000:]
        assert bench.look(bench.box.running_text) == before


def test_vpn_2_a_unit_with_somebody_elses_configuration_is_refused(tmp_path: Path) -> None:
    office, part = Office("nec_ix", "pattern2", tmp_path), part_of("nec_ix", "pattern2")
    with bench_of(part, office.build, office.speed) as bench:
        bench.look(lambda: give_configuration(bench.box, "nec_ix", FOREIGN["nec_ix"]))
        status, said = office.play("cpe_replace.yml", bench, "cpe", "-e", "unit_erase_serial=CPE-9999")
        assert (status != 0, "[GW409]" in said) == (True, True), said[-3000:]
        assert "other-site" in bench.look(bench.box.running_text)


@dataclass(frozen=True)
class Sent:
    """What became of the unit that was sent in pattern 3; ``planned``: whether it was as planned after each run."""

    packed: tuple[int, str]
    packed_again: tuple[int, str]
    planned: bool
    pack: dict[str, str]
    refused: dict[str, tuple[int, str]]
    planned_after_refusals: bool
    wiped: tuple[int, str]
    running: str
    note: dict[str, str]
    records: tuple[Sequence[Record], Sequence[NotRunRecord]]


WIPED_BY = ("-e", "unit_wiped_by=yamada")
USED = part_of("yamaha_rtx", "pattern3")
REFUSED = {
    "without an agreement": ("[GW408]", ()),
    "that the site file still names": ("[GW408]", ("-e", f"unit_wipe_serial={USED.unit.serial}")),
    "that shows another number": ("[GW409]", ("-e", "unit_wipe_serial=CPE-0078")),
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Pack a unit for the post, twice; when it comes back refuse to wipe it, and wipe it; the tests only look at it."""
    office = Office("yamaha_rtx", "pattern3", tmp_path_factory.mktemp("office"))
    plan = sent_plan(USED.plan, sent_unit(SENT, SENT_MAC))
    part = CpePart(plan, plan.units[0])
    given = ("-e", f"sent_serial={SENT}", "-e", f"sent_wan_mac={SENT_MAC}")
    with bench_of(part, office.build, office.speed) as bench:

        def wipe(*words: str) -> tuple[int, str]:
            return office.play("cpe_wipe.yml", bench, "cpe_returned", *WIPED_BY, *words)

        return Sent(
            packed=office.play("cpe_pack.yml", bench, "cpe_sent", *given),
            packed_again=office.play("cpe_pack.yml", bench, "cpe_sent", *given),
            planned=is_planned(bench, part),
            pack={path.name: path.read_text() for path in (office.build / f"cpe_pack_{SENT}").iterdir()},
            # some weeks later the unit comes back, and the site file names another one
            refused={unit: wipe("--tags", "cpe_wipe", *words) for unit, (_, words) in REFUSED.items()},
            planned_after_refusals=is_planned(bench, part),
            wiped=wipe("-e", f"unit_wipe_serial={SENT}"),
            running=bench.look(bench.box.running_text),
            note=json.loads((office.build / "units" / SENT / "wiped.json").read_text()),
            records=cpe_records(office.build, vendor_plan("yamaha_rtx", "pattern3")),
        )


def test_vpn_3_a_unit_is_packed_for_the_post(sent: Sent) -> None:
    status, said = sent.packed
    assert status == 0, said[-3000:]
    assert sent.planned
    assert set(sent.pack) == {"SHA256SUMS", "configuration.txt", "cpe_swap.html", "label.html"}
    papers = "".join(sent.pack.values())
    assert not [name for name, value in VAULT.items() if value in papers]


def test_vpn_3_a_packed_unit_is_packed_again_without_a_change(sent: Sent) -> None:
    status, said = sent.packed_again
    assert (status, changed(said, "cpe_sent"), changed(said, "localhost")) == (0, 0, 0), said[-3000:]


@pytest.mark.parametrize("unit", REFUSED)
def test_vpn_3_no_unit_is_wiped(unit: str, sent: Sent) -> None:
    (status, said), (code, _) = sent.refused[unit], REFUSED[unit]
    assert (status != 0, code in said) == (True, True), said[-3000:]
    assert ("Meet the unit on its console" in said) is (code == "[GW409]")  # nobody is asked what the play refuses
    assert sent.planned_after_refusals


def test_vpn_3_the_unit_that_came_back_is_wiped_and_noted(sent: Sent) -> None:
    status, said = sent.wiped
    assert status == 0, said[-3000:]
    assert USED.unit.host_name not in sent.running
    assert (sent.note["serial"], sent.note["by"]) == (SENT, "yamada")
    assert "Password:" in sent.note["shown"]
    records, not_run = sent.records
    assert [(row.id, row.ok) for row in records] == [(f"cpe.wiped.{SENT}", True)]
    assert not_run == ()
