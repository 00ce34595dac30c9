from __future__ import annotations

import pytest
from pynetdicom.transport import AssociationSocket

from tests.unit.gatekit.dicom.sockets import shut_and_close


@pytest.fixture(autouse=True)
def _sockets_close_at_once(monkeypatch):
    monkeypatch.setattr(AssociationSocket, "_shutdown_socket", shut_and_close)
