"""The archive's answer decides what arrived, in few questions."""

from __future__ import annotations

from gatekit.dicom.arrival import absent_from, entities_of
from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import Ask, Entity, Level, Move, Patient, Side

HELD = {Instance("1", "1.1", "1.1.1"), Instance("1", "1.2", "1.2.1"), Instance("2", "2.1", "2.1.1")}


def test_in_4_a_move_names_what_should_arrive():
    assert entities_of(Move(Level.STUDY, "1")) == (Entity("1"),)
    assert entities_of(Move(Level.SERIES, "1", ("1.1", "1.2"))) == (Entity("1", "1.1"), Entity("1", "1.2"))
    assert entities_of(Move(Level.IMAGE, "1", ("1.1",), ("7", "8"))) == (
        Entity("1", "1.1", "7"),
        Entity("1", "1.1", "8"),
    )


def test_in_4_what_the_archive_does_not_list_is_absent_one_question_for_each_parent():
    archive = MemoryPeer(set(HELD))
    moved = [Entity("2"), Entity("9"), Entity("1", "1.1"), Entity("1", "1.9"), Entity("1", "1.2", "1.2.1")]
    moved += [Entity("1", "1.2", "1.2.9")]
    absent = {Entity("9"), Entity("1", "1.9"), Entity("1", "1.2", "1.2.9")}
    assert absent_from(archive, Patient("4711"), moved) == absent
    assert archive.asks == [
        Ask(Side.ARCHIVE, Level.STUDY, ("2", "9")),
        Ask(Side.ARCHIVE, Level.SERIES, ("1",)),
        Ask(Side.ARCHIVE, Level.IMAGE, ("1",), ("1.2",)),
    ]


def test_in_4_nothing_moved_asks_nothing():
    archive = MemoryPeer(set(HELD))
    assert absent_from(archive, Patient("4711"), []) == frozenset()
    assert archive.asks == []
