"""The whole convergence, host and machines, as the job runs it; how long it takes is ``tools/bench esxi``'s to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stories.esxi.job import run_job
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

MOST_READS = 50
"""41 are enough; a read more for each item of the baseline would double them."""


def test_ap_1_once_the_host_is_as_planned_a_run_reads_little_and_writes_nothing(
    esxi: Simulator, tmp_path: Path
) -> None:
    first = run_job(esxi, tmp_path)
    esxi.control("calls", method="DELETE")
    second = run_job(esxi, tmp_path)
    counted = json.loads(esxi.control("calls", method="GET"))
    assert (first.changed, second.changed, counted["writes"]) == (2, 0, 0)
    assert 0 < counted["reads"] <= MOST_READS
