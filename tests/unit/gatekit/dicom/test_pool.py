"""Kept associations are lent to one thread at a time, and released when there are too many or it is over."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast

import pytest

from gatekit.dicom.network import DicomPeer
from gatekit.dicom.pool import PeerPool

pytestmark = pytest.mark.peer


@dataclass(eq=False)
class Peer:
    closed: int = 0

    def close(self) -> None:
        self.closed += 1


def pool(kept: int) -> tuple[PeerPool, list[Peer]]:
    made: list[Peer] = []

    def make() -> DicomPeer:
        made.append(Peer())
        return cast(Any, made[-1])

    return PeerPool(make, kept), made


def test_in_4_the_peer_used_last_is_lent_again_also_after_a_fault():
    peers, made = pool(2)
    with pytest.raises(InterruptedError), peers.lent():
        raise InterruptedError
    with peers.lent() as one:
        assert cast(Any, one) is made[0]
    assert (len(made), made[0].closed) == (1, 0)


def test_in_4_nobody_shares_and_what_is_too_many_is_released():
    peers, made = pool(2)
    with ExitStack() as lent:
        assert len({id(lent.enter_context(peers.lent())) for _ in range(3)}) == 3
    assert sorted(one.closed for one in made) == [0, 0, 1]


def test_in_4_closing_releases_the_idle_at_once_and_the_lent_when_they_come_back():
    peers, made = pool(2)
    with peers.lent():
        with peers.lent():
            pass
        peers.close()
        assert [one.closed for one in made] == [0, 1]
    assert [one.closed for one in made] == [1, 1]
