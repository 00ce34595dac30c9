"""The drill of VPN-1: the main CPE dies, the staged spare takes its place, and nobody touches the data centre."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stories.cpe.line import ROOT, Line
from tests.stories.site.job import Job
from twin import lifecycle, spare
from twin.demo import main_job
from twin.layout import topology
from twin.progress import Progress

pytestmark = pytest.mark.story

TUNNEL_SETUP_S = 2.0
"""IKE_SA_INIT and IKE_AUTH over the twin's line: measured below half a second."""
READY = Path("/var/tmp/gatekit-drill")  # noqa: S108 - on VM1, written by the operator's account


@pytest.fixture(scope="module")
def with_spare(built: Job, line: Line) -> Iterator[Job]:
    """A site with a spare; the main unit is in its place again afterwards."""
    assert line.plan.cpe is not None
    if not any(unit.role == "spare" for unit in line.plan.cpe.units):
        pytest.skip(f"pattern {line.plan.pattern} has no spare on site (VPN-1 has)")
    yield built
    lifecycle.up(built.site, Progress())


def evidence_of(built: Job, identity: str) -> dict[str, object]:
    assert built.run(playbook="playbooks/verify.yml").status == 0
    evidence = json.loads((built.folder / "evidence.json").read_text(encoding="utf-8"))
    rows = [*evidence["records"], *evidence["not_run"]]
    return next(row for row in rows if row["id"] == identity)


def test_vpn_1_the_spare_is_staged_with_the_same_plan_and_staging_again_changes_nothing(with_spare: Job) -> None:
    staged = with_spare.run(playbook="playbooks/cpe_stage.yml")
    assert staged.status == 0, staged.output[-4000:]
    again = with_spare.run(playbook="playbooks/cpe_stage.yml")
    assert again.status == 0
    assert not any(again.changed.values()), again.output


def test_vpn_1_the_spare_takes_over_within_dead_peer_detection(with_spare: Job, line: Line) -> None:
    """The stream is the drill play's own; the swap is what the customer does."""
    line.on("vm1", "rm", "-f", str(READY))
    state_before = line.on("dc_gateway", "cat", "/etc/swanctl/conf.d/twin.conf")
    extra = f"site_allow_interruption=true cpe_drill_longest_s=300 cpe_drill_ready_path={READY}"
    command = [*main_job(with_spare.site, "-e", extra), "playbooks/cpe_drill.yml"]
    unit = topology(with_spare.site, line.plan).host(spare.SPARE)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as drill:
        wait_for(lambda: line.on("vm1", "ls", str(READY), check=False) != "" or drill.poll() is not None, 120)
        power_at = spare.swap(with_spare.site, unit)
        printed, _ = drill.communicate(timeout=300)
    assert drill.returncode == 0, printed[-4000:]
    noted = json.loads((with_spare.folder / "drill.json").read_text(encoding="utf-8"))
    after_power_s = noted["first_answer_at"] - power_at
    print(f"outage {noted['outage_s']} s, {after_power_s:.1f} s after the spare had power")  # evidence
    assert after_power_s <= line.plan.tunnel.dpd_delay_s + TUNNEL_SETUP_S + 2
    assert line.on("dc_gateway", "cat", "/etc/swanctl/conf.d/twin.conf") == state_before


def test_vpn_1_the_evidence_bears_spare_and_outage(with_spare: Job, line: Line) -> None:
    lifecycle.up(with_spare.site, Progress())  # the main unit is in its place again, the spare on the bench
    wait_for(lambda: "INSTALLED" in line.sas("cpe"), 120)
    assert evidence_of(with_spare, "cpe.spare")["ok"] is True
    row = evidence_of(with_spare, "cpe.drill")
    assert row["ok"] is True
    assert "s without answers" in row["observed"]["en"]  # type: ignore[index]  # JSON


def wait_for(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)
