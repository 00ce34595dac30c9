"""pynetdicom's thread never takes an answer that is ours, however unluckily it is interrupted."""

from __future__ import annotations

import threading
import time

import pytest

from gatekit.dicom.checkpoint import Checkpoint
from gatekit.dicom.model import Ask, Level, Patient, Side
from gatekit.dicom.network import DicomPeer
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, ScriptedPeer, real_instances

pytestmark = pytest.mark.peer

INTERRUPTED_S = 0.02


class Reactor(threading.Thread):
    """The loop of pynetdicom's thread, interrupted right after it has passed the checkpoint."""

    def __init__(self, plain: threading.Event | None = None) -> None:
        super().__init__(daemon=True)
        self.paused, self.ends, self.looked_at_s = False, False, 0.0
        self.checkpoint = plain or Checkpoint(self)
        self.checkpoint.set()

    def run(self) -> None:
        while not self.ends:
            self.paused = True
            self.checkpoint.wait()
            time.sleep(INTERRUPTED_S)
            self.paused = False
            self.looked_at_s = time.monotonic()


def looks_after_the_pause(reactor: Reactor) -> int:
    """Return in how many of 20 pauses the thread still looked for a message."""
    reactor.start()
    stolen = 0
    for _ in range(20):
        time.sleep(INTERRUPTED_S / 3)
        reactor.checkpoint.clear()
        while not reactor.paused:
            time.sleep(0.0001)
        started_s = time.monotonic()
        time.sleep(INTERRUPTED_S * 2)
        stolen += reactor.looked_at_s > started_s
        reactor.checkpoint.set()
    reactor.ends = True
    reactor.join(5)
    return stolen


def test_in_2_a_paused_thread_looks_for_nothing_and_a_plain_event_would_let_it():
    assert looks_after_the_pause(Reactor()) == 0
    assert looks_after_the_pause(Reactor(threading.Event())) > 0


def test_in_2_clear_does_not_wait_for_a_thread_that_is_gone_or_for_itself():
    gone = threading.Thread(target=time.monotonic)
    gone.start()
    gone.join()
    Checkpoint(gone).clear()
    Checkpoint(threading.current_thread()).clear()


def test_in_2_waiting_ends_with_the_limit():
    gate = Checkpoint(threading.current_thread())
    assert gate.wait(0.01)
    gate.clear()
    assert not gate.wait(0.01)
    assert not gate.is_set()


def test_in_2_every_association_has_the_checkpoint_and_loses_no_answer():
    rounds = 100
    instances = real_instances()
    studies = len({one.StudyInstanceUID for one in instances.values()})
    with ScriptedPeer("PACS", instances) as pacs, DicomPeer(pacs.peer, "GATEWAY") as peer:
        ask = Ask(Side.PACS, Level.STUDY)
        counted = {len(peer.find(Patient(PATIENT_ID), ask)) for _ in range(rounds)}
        assert isinstance(peer._kept.established()._reactor_checkpoint, Checkpoint)
    assert (counted, len(pacs.finds)) == ({studies}, rounds)
