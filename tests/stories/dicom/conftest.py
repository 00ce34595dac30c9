from __future__ import annotations

from collections.abc import Iterator

import pytest
from pynetdicom.transport import AssociationSocket

from tests.stories.dicom.lab import KINDS, Lab
from tests.unit.gatekit.dicom.sockets import shut_and_close


@pytest.fixture(autouse=True)
def _sockets_close_at_once(monkeypatch):
    monkeypatch.setattr(AssociationSocket, "_shutdown_socket", shut_and_close)


@pytest.fixture(scope="module", params=KINDS)
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A PACS of each kind and an Orthanc as archive; a story takes patients of its own."""
    lab = Lab(request.param)
    try:
        lab.up()
        yield lab
    finally:
        lab.close()
