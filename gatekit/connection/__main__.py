"""Write the sheets: ``python -m gatekit.connection BUILD < answers.json``.

``BUILD`` is build/<site> with plan.json; the answers are those of the module ``connection_probe``. Ends with
0 when no system failed, with 1 when one did (every sheet is written then as well), with 2 when nothing could be judged.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from gatekit.connection.csv_sheet import sheet_csv
from gatekit.connection.model import Results, State, SystemResult
from gatekit.connection.results import results_of
from gatekit.connection.sheet import sheet_html
from gatekit.errors import GatekitError, VerifyError
from gatekit.plan.model import Plan
from gatekit.whole_file import write_atomically


def main(arguments: list[str]) -> int:
    """Judge, write, say what failed; return the exit status."""
    try:
        plan, results = _judged(Path(arguments[0]), sys.stdin.read())
    except GatekitError as error:
        print(error, file=sys.stderr)
        return 2
    write_sheets(plan, results, Path(arguments[0]) / "connection")
    for result in results.systems:
        print(_line(result))
    return int(any(result.state is State.FAILED for result in results.systems))


def write_sheets(plan: Plan, results: Results, folder: Path) -> None:
    """Write ``<system>.html``, ``<system>.csv`` and results.json; sheets of systems that are gone are removed."""
    folder.mkdir(exist_ok=True)
    wanted = {"results.json": (results.model_dump_json(indent=1) + "\n").encode()}
    for result in results.systems:
        wanted[f"{result.system.key}.html"] = sheet_html(plan, results, result).encode()
        wanted[f"{result.system.key}.csv"] = sheet_csv(plan, results, result)
    for path in folder.iterdir():
        if path.suffix in (".html", ".csv") and path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        write_atomically(folder / name, content)


def _judged(build: Path, answers: str) -> tuple[Plan, Results]:
    try:
        plan_bytes = (build / "plan.json").read_bytes()
        plan, given = Plan.model_validate_json(plan_bytes), json.loads(answers)
    except (OSError, ValueError) as error:
        raise VerifyError("GW601", str(build), str(error), "Plan the site first; the play does.") from error
    return plan, results_of(plan, hashlib.sha256(plan_bytes).hexdigest(), given)


def _line(result: SystemResult) -> str:
    faults = [step.judgement for step in result.steps if step.judgement.state is not State.PASSED]
    tail = "; ".join(f"{fault.observed.en}{f' [{fault.code}]' if fault.code else ''}" for fault in faults)
    return f"{result.system.key}: {result.state.value}{f' - {tail}' if tail else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
