"""``python -m gatekit.handover build/<site> inventories/<site>``: write the report and the papers of the pack.

``--papers``: only what the plan alone decides, before anything is built: requests have to reach people in time.
Prints each file with ``changed`` or ``unchanged``. The exit status is 0 when all are there, 2 when one cannot be made
(the reason on standard error); what was there then stays.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from gatekit.errors import GatekitError, IntentRefused
from gatekit.handover.pack import papers
from gatekit.handover.report import report_html
from gatekit.intent.load import load_intent
from gatekit.plan.make import make_plan
from gatekit.verify.evidence import read_evidence, read_site
from gatekit.whole_file import write_atomically


def write_pack(folder: Path, inventory: Path) -> dict[Path, bool]:
    """Write every file of the pack; return whether each changed.

    Raises:
        VerifyError: GW601 no usable plan, targets or evidence; GW602 evidence about another plan.
        IntentRefused: a site file that is no longer valid.
    """
    plan, plan_sha256, _ = read_site(folder)
    evidence = read_evidence(folder / "evidence.json", plan_sha256)
    return _write(folder, {"report.html": report_html(plan, evidence), **papers(plan, load_intent(inventory))})


def write_papers(folder: Path, inventory: Path) -> dict[Path, bool]:
    """Write the papers that need no evidence; return whether each changed. IntentRefused as ``load_intent``."""
    intent = load_intent(inventory)
    return _write(folder, papers(make_plan(intent), intent))


def _write(folder: Path, files: Mapping[str, str]) -> dict[Path, bool]:
    changed = {}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        changed[path] = write_atomically(path, text.encode())
    return changed


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="gatekit.handover", description=__doc__)
    parser.add_argument("folder", type=Path, help="build/<site>")
    parser.add_argument("inventory", type=Path, help="inventories/<site>")
    parser.add_argument("--papers", action="store_true", help="no report: nothing has been built yet")
    arguments = parser.parse_args()
    write = write_papers if arguments.papers else write_pack
    try:
        written = write(arguments.folder, arguments.inventory)
    except (GatekitError, IntentRefused) as error:
        print(error, file=sys.stderr)
        return 2
    for path, changed in written.items():
        print("changed" if changed else "unchanged", path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
