from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.esxi import simulator
from tests.stories.esxi.simulator import Simulator


@pytest.fixture(scope="session")
def esxsim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulator.build(tmp_path_factory.mktemp("esxsim") / "esxsim")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    simulator.make_certificates(folder)
    return folder


@pytest.fixture
def esxi(esxsim: Path, certificates: Path) -> Iterator[Simulator]:
    """One fresh host; what it logs never holds the password."""
    running = simulator.start(esxsim, certificates, "-control")
    yield running
    simulator.stop(running)
    assert simulator.PASSWORD not in running.log()
