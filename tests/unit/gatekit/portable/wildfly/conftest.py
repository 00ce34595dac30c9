from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.gatekit.portable.wildfly.fake_server import FakeServer, serving


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving(FakeServer()) as running:
        yield running
