"""What never arrives is reported once, and asked for again after longer and longer pauses."""

from __future__ import annotations

import pytest

from gatekit.dicom.model import Difference, Entity
from gatekit.dicom.withheld import FIRST_PAUSE_S, LONGEST_PAUSE_S, REMEMBERED, NotArrivedError, Withheld

STUDY, SERIES, INSTANCE = Entity("1"), Entity("2", "2.1"), Entity("3", "3.1", "7")
LACKING = Difference(studies=(STUDY,), series=(SERIES,), instances=(INSTANCE, Entity("3", "3.1", "8")))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_in_4_what_did_not_arrive_is_left_out_of_the_moves_and_named():
    withheld = Withheld(Clock())
    assert withheld.part(LACKING) == LACKING
    withheld.add([STUDY, SERIES, INSTANCE])
    left = (Entity("3", "3.1", "8"),)
    assert withheld.part(LACKING) == Difference(instances=left, withheld=(STUDY, SERIES, INSTANCE))
    assert withheld.part(Difference(instances=left)) == Difference(instances=left)


def test_in_4_each_failure_doubles_the_pause_up_to_a_week():
    clock = Clock()
    withheld, pauses = Withheld(clock), []
    for _ in range(7):
        withheld.add([STUDY])
        started = clock.now
        while withheld.part(LACKING).withheld:
            clock.now += FIRST_PAUSE_S / 2
        pauses.append(clock.now - started)
    assert pauses == [FIRST_PAUSE_S * 2**n for n in range(5)] + [LONGEST_PAUSE_S] * 2


def test_in_4_memory_is_bounded():
    withheld = Withheld(Clock())
    withheld.add(Entity(str(number)) for number in range(REMEMBERED + 1))
    assert withheld.part(Difference(studies=(Entity("0"), Entity("1")))).withheld == (Entity("1"),)


@pytest.mark.parametrize(
    ("entities", "value"),
    [([STUDY], "1 at study level"), ([INSTANCE, SERIES, INSTANCE], "2 at image level, 1 at series level")],
)
def test_in_4_the_error_counts_by_level_and_carries_the_uids_for_whoever_looks(entities, value):
    error = NotArrivedError("main", entities)
    assert error.facts[:3] == ("GW518", "main.move", value)
    assert error.entities == tuple(sorted(entities))
