"""Collects what tasks in check mode would change, for the document of a preview or a drift report.

Silent until the module ``site_devices`` begins a comparison; the document is written at every play's start and at
the end, so that it stands there too when an error ends the run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from gatekit.comparison.collect import Collector
from gatekit.comparison.document import write
from gatekit.comparison.model import Comparison

DOCUMENTATION = r"""
name: gatekit_comparison
type: aggregate
short_description: Writes change.md or drift.md into the build folder
description:
  - Begins with the result of the module C(site_devices), and takes every result of a task in check mode since then.
  - What is collected, and how it reads, is decided in gatekit.comparison.
"""

BEGINS = "site_devices"
ASKS_NO_DEVICE = frozenset({"assert", "debug", "fail", "include_tasks", "meta", "validate_argument_spec"})
"""Actions that end well without a look at the device; a role's arguments are judged even where its tag is left out."""


class CallbackModule(CallbackBase):
    """Thin: hands results on."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "gatekit_comparison"

    def __init__(self) -> None:
        super().__init__()
        self._collector: Collector | None = None
        self._folder = Path()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Begin with the devices; note what a task would change."""
        if result.task.action == BEGINS:
            self._collector = Collector(Comparison.model_validate(result.result["comparison"], strict=False))
            self._folder = Path(result.result["folder"])
        elif result.task.action.rpartition(".")[2] in ASKS_NO_DEVICE:
            return
        elif self._collector is not None and result.task.check_mode:
            self._collector.take(result.host.get_name(), result.task.name, result.result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - Ansible's signature
        """Note why a device must not be changed like this."""
        if self._collector is not None:
            self._collector.refuse(result.host.get_name(), result.task.name, result.result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Note a device that answers and lets nobody in: a wrong host key, a refused login."""
        self.v2_runner_on_failed(result)

    def v2_playbook_on_play_start(self, play: Any) -> None:  # noqa: ARG002 - Ansible's signature
        """Write what is known by now: the last play reads it."""
        self._write()

    def v2_playbook_on_stats(self, stats: Any) -> None:  # noqa: ARG002 - Ansible's signature
        """Write it at the end, also of a run that an error ended."""
        self._write()

    def _write(self) -> None:
        if self._collector is not None:
            write(self._collector.comparison, self._folder)
