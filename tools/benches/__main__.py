"""The table of benchmarks: ``tools/bench NAME`` prints JSON, ``tools/bench`` alone what there is."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from gatekit.errors import GatekitError
from tools.benches.demo import bench_demo
from tools.benches.devices import bench_devices
from tools.benches.dicom import bench_dicom
from tools.benches.esxi import bench_esxi
from tools.benches.floor import bench_floor
from tools.benches.measure import machine
from tools.benches.plan import bench_plan
from tools.benches.wildfly import bench_wildfly
from twin.commands import environment as podman_environment


def command_line() -> argparse.ArgumentParser:
    """Return the table: each name with what it measures and what it can be told."""
    parser = argparse.ArgumentParser("tools/bench", description=__doc__)
    table = parser.add_subparsers(title="benchmarks", metavar="NAME")

    plan = table.add_parser("plan", help="1,000 and 2,000 generated hospitals, files to plan.json")
    plan.set_defaults(bench=lambda _: bench_plan())

    demo = table.add_parser("demo", help="the twin from nothing: first run, second run, verification")
    demo.add_argument("site", nargs="?", default="pattern4")
    demo.set_defaults(bench=lambda given: bench_demo(given.site))

    floor = table.add_parser("floor", help="apt alone doing the same installs in the same guest image")
    floor.set_defaults(bench=lambda _: bench_floor())

    devices = table.add_parser("devices", help="no change, change and confirm, each platform; 1,000 sites rendered")
    devices.add_argument("--rounds", type=int, default=3, help="times each platform (3)")
    devices.set_defaults(bench=lambda given: bench_devices(given.rounds))

    esxi = table.add_parser("esxi", help="both ESXi roles through ansible-playbook: a fresh host, then no change")
    esxi.add_argument("--rounds", type=int, default=5, help="runs without a change (5)")
    esxi.set_defaults(bench=lambda given: bench_esxi(given.rounds))

    dicom = table.add_parser("dicom", help="new studies against bare movescu, and a patient who did not change")
    dicom.add_argument("--rounds", type=int, default=5, help="pairs of turns (5)")
    dicom.set_defaults(bench=lambda given: bench_dicom(given.rounds))

    wildfly = table.add_parser("wildfly", help="the WildFly module with nothing to do against one jboss-cli call")
    wildfly.add_argument("site", nargs="?", default="pattern4", help="a built site: ./demo SITE")
    wildfly.set_defaults(bench=lambda given: bench_wildfly(given.site))
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Print one JSON object; the list of benchmarks when none is named."""
    parser = command_line()
    given = parser.parse_args(words)
    if not hasattr(given, "bench"):
        parser.print_help()
        return 0
    os.environ |= podman_environment()  # the stories' labs call podman by themselves
    before = machine()
    try:
        print(json.dumps({"machine": before, **given.bench(given)}, indent=2))
    except GatekitError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
