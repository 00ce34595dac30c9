"""How long the ESXi roles take through ansible-playbook: a fresh host, then runs that find nothing to do.

The host is the twin's simulator on loopback; no guest runs behind its machines. Reads and writes are counted there.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median

from tests.stories.esxi import simulator
from tests.stories.esxi.job import Job, run_job
from tests.stories.esxi.simulator import Simulator
from tools.benches.measure import Numbers


def bench_esxi(rounds: int) -> dict[str, Numbers]:
    """Return the seconds of the first run, and the median of ``rounds`` runs that change nothing.

    Raises:
        RuntimeError: a later run changed something, or wrote at the host.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulator.make_certificates(folder)
        esxi = simulator.start(simulator.build(folder / "esxsim"), folder, "-control")
        try:
            return {"fresh host": _numbers([run_job(esxi, folder)]), "no change": _unchanged(esxi, folder, rounds)}
        finally:
            simulator.stop(esxi)


def _unchanged(esxi: Simulator, folder: Path, rounds: int) -> Numbers:
    esxi.control("calls", method="DELETE")
    jobs = [run_job(esxi, folder) for _ in range(rounds)]
    counted = json.loads(esxi.control("calls", method="GET"))
    if counted["writes"] or any(job.changed for job in jobs):
        raise RuntimeError(f"a run without changes wrote: {counted}")
    return {**_numbers(jobs), "reads": counted["reads"] // rounds, "writes": counted["writes"]}


def _numbers(jobs: list[Job]) -> Numbers:
    return {
        "clock_s": round(median(job.clock_s for job in jobs), 2),
        "processor_s": round(median(job.processor_s for job in jobs), 2),
    }
