"""Processes for controllers that a test ends: forks of one server that has read everything already."""

from __future__ import annotations

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.unit.gatekit.devices.killed_controller", "tests.unit.gatekit.devices.change.controller"]
)
