"""Kept associations to one peer for many threads: each is lent to one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gatekit.dicom.network import DicomPeer


class PeerPool:
    """Lends peers, the one used last first, and keeps at most ``kept`` idle associations."""

    def __init__(self, make: Callable[[], DicomPeer], kept: int) -> None:
        self._make, self._kept = make, kept
        self._lock = threading.Lock()
        self._idle: list[DicomPeer] = []
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[DicomPeer]:
        """Lend a peer to this thread; it comes back whether or not the exchange failed."""
        with self._lock:
            peer = self._idle.pop() if self._idle else self._make()
        try:
            yield peer
        finally:
            self._take_back(peer)

    def close(self) -> None:
        """Release what is idle now, and what is lent when it comes back."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for peer in idle:
            peer.close()

    def _take_back(self, peer: DicomPeer) -> None:
        with self._lock:
            keeps = not self._closed and len(self._idle) < self._kept
            if keeps:
                self._idle.append(peer)
        if not keeps:
            peer.close()
