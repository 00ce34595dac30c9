"""The `docker` that the ESX simulator finds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from twin.esx import _WRAPPER


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ("stop 0123", "stop 0123"),  # the guest is given its --stop-timeout
        ("rm -v -f 0123", "rm --time=0 -v -f 0123"),
        ("volume rm -f 0123", "volume rm -f 0123"),
    ],
)
def test_a_guest_is_waited_for_when_it_is_stopped_and_not_when_it_is_removed(
    tmp_path: Path, asked: str, done: str
) -> None:
    for name, text in (("nsenter", '#!/bin/sh\nshift\necho "$@"\n'), ("docker", _WRAPPER.format(podman="podman"))):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o700)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TWIN_NAMESPACE_FD": "3"}
    command = [str(tmp_path / "docker"), *asked.split()]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["podman", *done.split()]
