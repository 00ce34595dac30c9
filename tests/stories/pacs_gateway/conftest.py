"""One PostgreSQL for all stories of this folder, emptied for each; a daemon and a hospital on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.pacs_gateway.database import Database
from tests.stories.pacs_gateway.service import Service


@pytest.fixture(scope="session")
def server() -> Iterator[Database]:
    database = Database()
    database.create()
    yield database
    database.destroy()


@pytest.fixture
def database(server: Database) -> Database:
    server.empty()
    return server


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    made.end()
