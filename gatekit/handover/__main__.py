"""``python -m gatekit.handover build/<site>``: write report.html from plan.json and evidence.json.

Prints ``changed`` or ``unchanged``, then the path. The exit status is 0 when the report is there, 2 when
it cannot be made (the reason on standard error).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gatekit.errors import GatekitError
from gatekit.handover.report import report_html
from gatekit.verify.evidence import read_evidence, read_site, write_atomically


def write_report(folder: Path) -> bool:
    """Write ``report.html`` and return whether it changed.

    Raises:
        VerifyError: GW601 no usable plan, targets or evidence; GW602 evidence about another plan.
    """
    plan, plan_sha256, _ = read_site(folder)
    evidence = read_evidence(folder / "evidence.json", plan_sha256)
    return write_atomically(folder / "report.html", report_html(plan, evidence).encode())


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="gatekit.handover", description=__doc__)
    parser.add_argument("folder", type=Path, help="build/<site>")
    folder: Path = parser.parse_args().folder
    try:
        changed = write_report(folder)
    except GatekitError as error:
        print(error, file=sys.stderr)
        return 2
    print("changed" if changed else "unchanged", folder / "report.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
