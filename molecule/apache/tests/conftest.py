"""Root on VM1, and the import path of what the tests of this folder share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from testinfra.host import Host

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host
