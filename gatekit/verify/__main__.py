"""``python -m gatekit.verify build/<site> [--only ID ...] [--log FILE] [--password-stdin]``.

Runs tests/site of this checkout against one built site. The ESXi password comes from the environment
(``GATEKIT_ESXI_PASSWORD``) or, with ``--password-stdin``, as the first line of standard input: never on a
command line. The exit status is pytest's: 0 every check held, 1 a check failed, 4 the site is not usable.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from gatekit.verify.esxi_reading import PASSWORD_VARIABLE

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="gatekit.verify", description=__doc__)
    parser.add_argument("folder", type=Path, help="build/<site>: plan.json and targets.json; evidence.json goes there")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only checks of this id (glob)")
    parser.add_argument("--log", type=Path, help="write everything there instead of to the terminal")
    parser.add_argument("--password-stdin", action="store_true", help="the ESXi password is the first line of stdin")
    asked = parser.parse_args()
    if asked.password_stdin:
        os.environ[PASSWORD_VARIABLE] = sys.stdin.readline().rstrip("\n")
    selection = [f"--gatekit-only={glob}" for glob in asked.only]
    site = f"--gatekit-site={asked.folder.resolve()}"
    arguments = [
        str(ROOT / "tests" / "site"),
        site,
        *selection,
        "--rootdir",
        str(ROOT),
        "--tb=line",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    with ExitStack() as stack:
        if asked.log is not None:
            log = stack.enter_context(asked.log.open("w", encoding="utf-8"))
            stack.enter_context(redirect_stdout(log))
            stack.enter_context(redirect_stderr(log))
            arguments.append("--capture=sys")
        return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
