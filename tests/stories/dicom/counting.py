"""One synchronisation of a story, counted at the PACS, at the archive and by the callbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gatekit.dicom.model import Move, MoveOutcome, Patient
from gatekit.dicom.synchronise import Links, Synchronised
from tests.stories.dicom.lab import Lab

TODAY = date(2026, 11, 23)


def nothing(_: Move) -> None:
    """Do nothing before a move."""


@dataclass
class Count:
    """What peers and callbacks say since this was made."""

    lab: Lab
    outcomes: list[tuple[Move, MoveOutcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = self._now()

    def _now(self) -> Counter[str]:
        lab = self.lab
        return Counter(
            moves=lab.pacs.moves(), stores=lab.archive.stores(), finds=lab.pacs.finds() + lab.archive.finds()
        )

    def since(self) -> dict[str, int]:
        """Return C-MOVEs at the PACS, C-STOREs from it at the archive, and C-FINDs at both."""
        now = self._now()
        return {key: now[key] - self.before[key] for key in ("moves", "stores", "finds")}

    def sync(
        self, links: Links, patient: str, *, deep: bool = False, before: Callable[[Move], None] = nothing
    ) -> Synchronised:
        """Run it with the callbacks of the daemon."""
        return links.synchronise(
            Patient(patient),
            TODAY,
            deep=deep,
            before_move=before,
            after_move=lambda move, outcome: self.outcomes.append((move, outcome)),
        )
