"""Run the project's checks, cheapest first; the first red one stops the rest. See ./check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from twin.commands import environment as podman_environment
from twin.image_build import build_images
from twin.image_catalogue import Image
from twin.mirror import build_mirror
from twin.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
SITES = ("pattern4",)
"""Example hospitals of tests/stories/site, which kills and breaks; ``WITH_CPE``: those of tests/stories/cpe."""
WITH_CPE = ("pattern1", "pattern2", "pattern3")
STORIES = ("pacs_gateway", "firewall", "dicom", "esxi", "ups", "windows", "report", "twin")
BY_THEMSELVES = {
    "tests/stories/image": "a machine emulated without the processor's help takes as long as a site",
    "tests/site": "asks a built site and its twin: the sites' stories run it on theirs",
}
"""Tests that ``./check`` leaves to ``./check story image`` and to the job, with the reason."""
SHELL_SCRIPTS = ("demo", "check", ".ci/run", "tools/bootstrap.sh", "tools/lock", "tools/bench")
AT_ONCE = 3
"""On two cores: what raises hosts or speaks to a device waits two thirds of its time."""
TWIN = "the twin"
"""The sites' data centres share their networks: one twin at a time."""
YIELDING = ("nice", "-n", "5")
"""The sites, one after another, take longest: what runs beside them leaves them the processor."""
GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


@dataclass(frozen=True, slots=True)
class Check:
    """One command, told by its name; ``holds`` names what no other check may hold at the same time."""

    name: str
    command: tuple[str, ...]
    beside: bool = False  # may run at the same time as the checks around it that may, too
    holds: str = ""
    last: bool = False  # begins when all that is not last has ended


def lint() -> Iterator[Check]:
    """Yield the static checks."""
    yield Check("ruff", ("ruff", "check", "."))
    yield Check("format", ("ruff", "format", "--check", "."))
    yield Check("mypy", ("mypy",))
    yield Check("yamllint", ("yamllint", "--strict", "."))
    yield Check("shell syntax", ("bash", "-n", *SHELL_SCRIPTS))
    for generator in sorted(ROOT.glob("tools/generate_*.py")):
        yield Check(f"{generator.stem} is fresh", (sys.executable, str(generator), "--check"))
    yield Check("ansible-lint", ("ansible-lint", "--offline", "--strict"), beside=True)


def _pytest(*where: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", *where)


def unit() -> Iterator[Check]:
    """Yield the pure tests."""
    yield Check("unit", _pytest("tests/unit", "tests/refusals", "-m", "not peer"), beside=True)


def peer() -> Iterator[Check]:
    """Yield the tests that talk to a real peer on loopback.

    Those of the network devices and of whole playbooks wait for dialogues most of the time and run among all others;
    some of the rest measures time and runs where the processor is freest.
    """
    folders = sorted((ROOT / "tests/unit/gatekit/devices").iterdir())
    speaking = [one for one in folders if any("mark.peer" in test.read_text() for test in one.glob("test_*.py"))]
    waiting = [
        "tests/unit/playbooks",
        "tests/unit/gatekit/simulators",
        *(str(one.relative_to(ROOT)) for one in speaking),
    ]
    for folder in waiting:
        yield Check(f"peer {folder.rsplit('/', 1)[1]}", _pytest(folder, "-m", "peer"), beside=True)
    rest = _pytest("tests/unit", "-m", "peer", *(f"--ignore={folder}" for folder in waiting))
    yield Check("peer", rest, beside=True, last=True)


def golden() -> Iterator[Check]:
    """Yield the golden tests with their invariants."""
    yield Check("golden", _pytest("tests/golden"), beside=True)


def contract() -> Iterator[Check]:
    """Yield what every module, role and product promises."""
    yield Check("contract", _pytest("tests/contract"), beside=True)


def evidence() -> Iterator[Check]:
    """Yield what software that nobody here wrote says of our texts and of the simulators' answers."""
    yield Check("evidence", _pytest("tests/evidence"), beside=True)


def go() -> Iterator[Check]:
    """Yield the tests of the ESX simulator; without Go on the machine its stories in Python still run."""
    if GO is None:
        print("- the simulator's Go tests are left out: no Go on this machine")
        return
    yield Check("go vet", (GO, "-C", "twin/esxsim", "vet", "./..."))
    yield Check("go test", (GO, "-C", "twin/esxsim", "test", "./..."))


@cache
def images() -> None:
    """Build the twin's images and mirror once, and tell the scenarios which they are."""
    progress = Progress()
    tags = build_images(progress)
    named = {"GUEST": Image.GUEST, "FIREWALL": Image.FIREWALL, "SWITCH": Image.SWITCH, "PACS": Image.PACS}
    os.environ |= {f"GATEKIT_{name}_IMAGE": tags[image] for name, image in named.items()}
    os.environ["GATEKIT_MIRROR"] = str(build_mirror(progress))
    os.environ |= podman_environment()


def molecule(*roles: str) -> Iterator[Check]:
    """Yield the scenario of each role, wildfly's first: it takes longest."""
    images()
    found = sorted((path.parent.name for path in ROOT.glob("molecule/*/molecule.yml")), reverse=True)
    for role in roles or found:
        yield Check(f"molecule {role}", ("molecule", "test", "-s", role), beside=True)


def story(*names: str) -> Iterator[Check]:
    """Yield the stories that raise their own hosts; ``./check story dicom`` one.

    That of the twin comes last, when no site wants the twin any more; it leaves the processor to the peers beside it.
    """
    images()
    for name in names or STORIES:
        twin = name == "twin"
        yield Check(
            f"story {name}", _pytest(f"tests/stories/{name}"), beside=True, holds=TWIN if twin else "", last=twin
        )


def site(*names: str) -> Iterator[Check]:
    """Yield whole hospitals on their twins, which take longest; ``./check site pattern4``."""
    images()
    for name in names or (*SITES, *WITH_CPE):
        where = "cpe" if name in WITH_CPE else "site"
        yield Check(
            f"site {name}",
            _pytest(f"tests/stories/{where}", f"--gatekit-example={name}"),
            beside=True,
            holds=TWIN,
        )


PARTS: dict[str, Callable[..., Iterator[Check]]] = {
    "lint": lint,
    "unit": unit,
    "golden": golden,
    "contract": contract,
    "evidence": evidence,
    "go": go,
    "site": site,
    "molecule": molecule,
    "story": story,
    "peer": peer,
}
FAST = ("lint", "unit", "golden", "contract")
FIRST = (*FAST, "evidence", "go")
"""What costs little, before the rest begins."""


def run(check: Check) -> bool:
    """Run one check; print its output at once, or only when it is red where others run at the same time."""
    started = time.monotonic()
    print(f"· {check.name}", flush=True)
    shown = check.command[0] == sys.executable and not check.beside
    command = (*YIELDING, *check.command) if check.beside and not check.holds else check.command
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=not shown, text=True)
    seconds = time.monotonic() - started
    if done.returncode and not shown:
        print(done.stdout, done.stderr, sep="\n")
    print(f"{'✓' if done.returncode == 0 else '✗'} {check.name} ({seconds:.1f} s)", flush=True)
    return done.returncode == 0


def run_all(checks: Iterator[Check]) -> bool:
    """Return whether all are green; the first red one lets nothing further begin.

    What may run beside others does so, AT_ONCE at a time.
    """
    for (beside, _), group in groupby(checks, key=lambda check: (check.beside, check.last)):
        if beside:
            if not run_beside(list(group)):
                return False
        elif not all(run(check) for check in group):
            return False
    return True


def run_beside(checks: Sequence[Check]) -> bool:
    """Return whether all are green; each worker takes the first check left whose ``holds`` nobody holds."""
    left, held, turn, red = list(checks), set[str](), threading.Condition(), threading.Event()

    def free() -> Check | None:
        return next((check for check in left if not check.holds or check.holds not in held), None)

    def take() -> Check | None:
        with turn:
            turn.wait_for(lambda: red.is_set() or not left or free() is not None)
            check = None if red.is_set() else free()
            if check is not None:
                left.remove(check)
                held.add(check.holds)
            return check

    def work() -> None:
        while (check := take()) is not None:
            green = run(check)
            with turn:
                held.discard(check.holds)
                if not green:
                    red.set()
                turn.notify_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for worker in [pool.submit(work) for _ in range(AT_ONCE)]:
            worker.result()
    return not red.is_set()


def all_of(parts: Iterable[str]) -> Iterator[Check]:
    """Yield the checks of these parts, in the order of PARTS."""
    return (check for name, part in PARTS.items() if name in parts for check in part())


def whole() -> Iterator[Check]:
    """Yield every check: what is cheap, what raises hosts or speaks to them, and last what stands in its way."""
    yield from all_of(FIRST)
    yield from sorted(all_of(PARTS.keys() - FIRST), key=lambda check: check.last)


def main(arguments: list[str]) -> int:
    """Return 0 when every chosen check is green."""
    started = time.monotonic()
    checks: Iterator[Check]
    if not arguments:
        checks = whole()
    elif arguments == ["--fast"]:
        checks = all_of(FAST)
    elif arguments[0] in PARTS:
        checks = PARTS[arguments[0]](*arguments[1:])
    else:
        print(f"./check knows --fast, {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    green = run_all(checks)
    print(f"{'green' if green else 'RED'} after {time.monotonic() - started:.0f} s")
    return 0 if green else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
