"""The whole convergence, host and machines, as the job runs it (issue 6).

What is bounded is processor time, of the best of three runs: neighbours on a busy machine stretch the clock, and
through the caches processor time too. The seconds by the clock are printed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stories.esxi.job import run_job
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

UNCHANGED_S, MANY_CHANGES_S = 5.0, 15.0


def test_ap_1_a_fresh_host_takes_under_15_s_and_one_as_planned_under_5_s_without_a_write(
    esxi: Simulator, tmp_path: Path
) -> None:
    first = run_job(esxi, tmp_path)
    esxi.control("calls", method="DELETE")
    later = [run_job(esxi, tmp_path) for _ in range(3)]
    counted = json.loads(esxi.control("calls", method="GET"))
    print(first, later, counted)
    assert [first.changed, *(job.changed for job in later), counted["writes"]] == [2, 0, 0, 0, 0]
    assert first.processor_s < MANY_CHANGES_S
    assert min(job.processor_s for job in later) < UNCHANGED_S
