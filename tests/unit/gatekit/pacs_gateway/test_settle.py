from __future__ import annotations

from collections.abc import Iterable

from gatekit.dicom.model import Difference, Entity
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.settle import Clock, has_settled

LIMITS = Limits(settle_s=5.0, settle_limit_s=20.0)
STUDY = Entity("1")


class Archive:
    """Gives one answer after another, the last one for ever; time passes only while somebody waits."""

    def __init__(self, answers: Iterable[Difference]) -> None:
        self.answers, self.seconds, self.looks = list(answers), 0.0, 0

    def look(self) -> Difference:
        self.looks += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def settles(self) -> bool:
        return has_settled(self.look, {"1"}, LIMITS, Clock(lambda: self.seconds, self.wait))


def lacking(number: int) -> Difference:
    return Difference(instances=tuple(Entity("1", "1.1", f"1.1.{one}") for one in range(number)))


def test_in_3_complete_study_is_not_waited_for() -> None:
    archive = Archive([Difference()])
    assert archive.settles()
    assert (archive.looks, archive.seconds) == (1, 0.0)


def test_in_3_study_that_does_not_grow_is_waited_for_the_settle_time() -> None:
    archive = Archive([Difference(studies=(STUDY,))])
    assert archive.settles()
    assert archive.seconds == LIMITS.settle_s


def test_in_3_growth_begins_the_settle_time_anew() -> None:
    archive = Archive([Difference(studies=(STUDY,)), lacking(4), lacking(4), lacking(3)])
    assert archive.settles()
    assert archive.seconds == 3.0 + LIMITS.settle_s


def test_in_3_study_that_arrives_ends_the_wait() -> None:
    archive = Archive([lacking(2), lacking(1), Difference()])
    assert archive.settles()
    assert archive.seconds == 2.0


def test_in_3_study_that_goes_on_growing_is_not_moved_yet() -> None:
    archive = Archive(lacking(number) for number in range(40, 0, -1))
    assert not archive.settles()
    assert archive.seconds == LIMITS.settle_limit_s


def test_other_studies_of_the_patient_are_not_waited_for() -> None:
    archive = Archive([Difference(studies=(Entity("2"),), only_in_archive=(STUDY,))])
    assert archive.settles()
    assert archive.seconds == 0.0
