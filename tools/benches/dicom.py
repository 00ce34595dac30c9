"""Differential Query/Retrieve against bare ``movescu``: real peers in containers on a network of their own."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from statistics import median

from gatekit.dicom.model import Move, MoveOutcome, Patient
from gatekit.dicom.synchronise import Links
from tests.stories.dicom.lab import ARCHIVE_AE, DICOM_PORT, KINDS, PACS, PACS_AE, Lab
from tests.stories.dicom.studies import Slice, slices
from tools.benches.measure import Numbers

TODAY = date(2026, 11, 23)
PATIENT = Patient("BENCH1")
STUDIES, SERIES, IMAGES, SIDE = 8, 2, 20, 512
UNCHANGED_STUDIES = 100


def bench_dicom(rounds: int, kinds: tuple[str, ...] = KINDS) -> Numbers:
    """Return all numbers, with each kind of PACS."""
    numbers: Numbers = {"instances": STUDIES * SERIES * IMAGES, "instance_kb": SIDE * SIDE * 2 // 1024}
    for kind in kinds:
        numbers |= bench_new(kind, rounds) | bench_unchanged(kind)
    return numbers


def bench_new(kind: str, rounds: int) -> Numbers:
    """Return rates in instances/s of new studies for us and for movescu, turn by turn, each into an empty archive.

    Both send the same C-MOVE identifiers, one a study, on one association to the PACS. The ratio is the median over
    pairs of neighbouring turns, since other work on the machine changes both alike.
    """
    lab = Lab(kind)
    try:
        lab.up()
        ones = list(slices(PATIENT.patient_id, STUDIES, SERIES, IMAGES))
        lab.acquire(ones, side=SIDE)
        queries = _queries(lab.folder, ones)
        lab.archive.run("sh", "-ec", "\n".join(f"dump2dcm {name}.dump {name}.dcm" for name in queries))
        links = lab.links(parallel_moves=1)
        taken: dict[str, list[float]] = {"ours": [], "movescu": []}
        for turn in range(2 * rounds):
            lab.archive.empty()
            who = "ours" if turn % 4 in {0, 3} else "movescu"
            moves = lab.pacs.moves()
            taken[who].append(_sync(links)[0] if who == "ours" else _movescu(lab, queries))
            if (len(lab.archive.instances()), lab.pacs.moves() - moves) != (len(ones), STUDIES):
                raise RuntimeError(f"{kind}: not everything arrived by one C-MOVE a study")
        links.close()
    finally:
        lab.close()
    rates = {f"new_{kind}_{who}_per_s": round(len(ones) / median(times), 1) for who, times in taken.items()}
    ratios = sorted(bare / ours for ours, bare in zip(taken["ours"], taken["movescu"], strict=True))
    spread = f"{ratios[0]:.2f} .. {ratios[-1]:.2f}"
    return {**rates, f"new_{kind}_ratio": round(median(ratios), 3), f"new_{kind}_ratio_of_pairs": spread}


def bench_unchanged(kind: str) -> Numbers:
    """Return seconds and C-FIND exchanges for a patient of 100 studies that did not change."""
    lab = Lab(kind)
    try:
        lab.up()
        lab.acquire(slices(PATIENT.patient_id, UNCHANGED_STUDIES, 2, 2))
        links = lab.links(parallel_moves=4)
        _sync(links)
        quick = [_sync(links) for _ in range(5)]
        deep = _sync(links, deep=True)
        links.close()
    finally:
        lab.close()
    return {
        f"unchanged_{kind}_s": round(median(one[0] for one in quick), 3),
        f"unchanged_{kind}_finds": quick[0][1],
        f"deep_{kind}_s": round(deep[0], 3),
        f"deep_{kind}_finds": deep[1],
    }


def _sync(links: Links, *, deep: bool = False) -> tuple[float, int]:
    """Return seconds and C-FIND exchanges of one synchronisation."""
    started = time.monotonic()
    done = links.synchronise(PATIENT, TODAY, deep=deep, before_move=_quiet, after_move=_quiet_after)
    return time.monotonic() - started, done.exchanges


def _quiet(_: Move) -> None:
    """Do nothing before a move."""


def _quiet_after(_: Move, __: MoveOutcome) -> None:
    """Do nothing after a move."""


def _queries(folder: Path, ones: list[Slice]) -> list[str]:
    """Write one C-MOVE identifier a study, as dump2dcm text; return the names movescu takes."""
    studies = sorted({one.study_uid for one in ones})
    for number, study in enumerate(studies):
        (folder / f"q{number}.dump").write_text(f"(0008,0052) CS [STUDY]\n(0020,000d) UI [{study}]\n")
    return [f"/srv/lab/q{number}" for number in range(len(studies))]


def _movescu(lab: Lab, queries: list[str]) -> float:
    """Return the seconds of one movescu that does all moves on one association; podman's own time is not in it."""
    target = f"-S -aet {ARCHIVE_AE} -aec {PACS_AE} -aem {ARCHIVE_AE} {PACS} {DICOM_PORT}"
    script = f"date +%s.%N && movescu {target} {' '.join(f'{name}.dcm' for name in queries)} && date +%s.%N"
    first, last = lab.archive.run("sh", "-ec", script).split()
    return float(last) - float(first)
