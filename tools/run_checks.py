"""Run the project's checks, cheapest first; the first red one stops the rest. See ./check."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHELL_SCRIPTS = ("demo", "check", ".ci/run", "tools/bootstrap.sh", "tools/lock")


@dataclass(frozen=True, slots=True)
class Check:
    """One command; its name is what ``./check`` accepts as an argument."""

    name: str
    command: tuple[str, ...]


def lint() -> Iterator[Check]:
    """Yield the static checks."""
    yield Check("ruff", ("ruff", "check", "."))
    yield Check("format", ("ruff", "format", "--check", "."))
    yield Check("mypy", ("mypy",))
    yield Check("yamllint", ("yamllint", "--strict", "."))
    yield Check("ansible-lint", ("ansible-lint", "--offline", "--strict"))
    yield Check("shell syntax", ("bash", "-n", *SHELL_SCRIPTS))
    for generator in sorted(ROOT.glob("tools/generate_*.py")):
        yield Check(f"{generator.stem} is fresh", (sys.executable, str(generator), "--check"))


def _pytest(*where: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", *where)


def unit() -> Iterator[Check]:
    """Yield the pure tests."""
    yield Check("unit", _pytest("tests/unit", "tests/refusals"))


def golden() -> Iterator[Check]:
    """Yield the golden tests with their invariants."""
    yield Check("golden", _pytest("tests/golden"))


def contract() -> Iterator[Check]:
    """Yield what every module, role and product promises."""
    yield Check("contract", _pytest("tests/contract"))


def molecule(*roles: str) -> Iterator[Check]:
    """Yield the scenario of each role."""
    found = sorted(path.parent.name for path in ROOT.glob("molecule/*/molecule.yml"))
    for role in roles or found:
        yield Check(f"molecule {role}", ("molecule", "test", "-s", role))


def story() -> Iterator[Check]:
    """Yield the stories that raise their own hosts, and those on the whole twin last."""
    yield Check("stories", _pytest("tests/stories", "-m", "story or not story", "-x"))


PARTS: dict[str, Callable[..., Iterator[Check]]] = {
    "lint": lint,
    "unit": unit,
    "golden": golden,
    "contract": contract,
    "molecule": molecule,
    "story": story,
}
FAST = ("lint", "unit", "golden", "contract")


def run(check: Check) -> bool:
    """Run one check; print its output only when it is red."""
    started = time.monotonic()
    print(f"· {check.name}", flush=True)
    shown = "CI" in os.environ or check.command[0] == sys.executable
    done = subprocess.run(check.command, cwd=ROOT, check=False, capture_output=not shown, text=True)
    seconds = time.monotonic() - started
    if done.returncode and not shown:
        print(done.stdout, done.stderr, sep="\n")
    print(f"{'✓' if done.returncode == 0 else '✗'} {check.name} ({seconds:.1f} s)", flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Return 0 when every chosen check is green."""
    if arguments[:1] == ["--fast"] or not arguments:
        chosen = FAST if arguments else tuple(PARTS)
        checks = [check for part in chosen for check in PARTS[part]()]
    elif arguments[0] in PARTS:
        checks = list(PARTS[arguments[0]](*arguments[1:]))
    else:
        print(f"./check knows --fast, {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    started = time.monotonic()
    green = all(run(check) for check in checks)
    print(f"{'green' if green else 'RED'} after {time.monotonic() - started:.0f} s")
    return 0 if green else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
