"""What a person watching sees: stages with elapsed time, what is going on, and clear errors.

One line a stage (play) with the time it took and what changed; on a terminal the task that runs now
stands below it. ``-v`` brings Ansible's own output back.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from ansible.plugins.callback.default import CallbackModule as DefaultCallback

DOCUMENTATION = r"""
name: gatekit_progress
type: stdout
short_description: Stages with elapsed time
description:
  - One line for each play with seconds, hosts that changed, and the running task on a terminal.
  - Verbosity 1 and more gives Ansible's default output.
extends_documentation_fragment: [default_callback, result_format_callback]
"""


class CallbackModule(DefaultCallback):
    """Stages instead of a wall of JSON; at verbosity 1 and more the default output."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "gatekit_progress"

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()
        self._stage: str | None = None
        self._stage_started = self._started
        self._changed: dict[str, list[str]] = {}
        self._failed = False

    # -- seams ------------------------------------------------------------
    @property
    def _quiet(self) -> bool:
        return self._display.verbosity == 0

    def _say(self, text: str, colour: str | None = None) -> None:
        self._clear()
        self._display.display(text, color=colour)

    def _clear(self) -> None:
        if sys.stdout.isatty():
            sys.stdout.write("\r\x1b[2K")

    def _now(self, text: str) -> None:
        """Show what runs now, on a terminal only: a log keeps one line a stage."""
        if sys.stdout.isatty():
            self._clear()
            sys.stdout.write(f"         {text[:100]}")
            sys.stdout.flush()

    def _complain(self, result: Any, what: str, text: str) -> None:
        indented = text.strip().replace("\n", "\n         ")
        self._say(f"       ✗ {result.host.get_name()}: {what.strip()}\n         {indented}", "red")

    def _end_stage(self) -> None:
        if self._stage is None:
            return
        seconds = time.monotonic() - self._stage_started
        mark, colour = ("✗", "red") if self._failed else ("✓", "green")
        changed = ", ".join(f"{host} {len(tasks)}" for host, tasks in sorted(self._changed.items()))
        self._say(f"{seconds:6.1f}s {mark} {self._stage}" + (f"  (changed: {changed})" if changed else ""), colour)
        self._stage = None

    # -- what Ansible calls -------------------------------------------------
    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Close the stage before, open this one."""
        if not self._quiet:
            super().v2_playbook_on_play_start(play)
            return
        self._end_stage()
        self._stage, self._stage_started = play.get_name().strip(), time.monotonic()
        self._changed, self._failed = {}, False
        self._now(self._stage)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: FBT001 - Ansible's signature
        """Show the task on a terminal."""
        if not self._quiet:
            super().v2_playbook_on_task_start(task, is_conditional)
            return
        self._last_task_banner = task._uuid  # noqa: SLF001 - keeps the default callback from printing its banner
        self._now(f"{self._stage} · {task.get_name().strip()}")

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        """Show the handler on a terminal."""
        if not self._quiet:
            super().v2_playbook_on_handler_task_start(task)
            return
        self._now(f"{self._stage} · {task.get_name().strip()}")

    def v2_runner_on_ok(self, result: Any) -> None:
        """Remember what changed; show differences when they were asked for."""
        if not self._quiet:
            super().v2_runner_on_ok(result)
            return
        facts = result.result
        if facts.get("changed"):
            self._changed.setdefault(result.host.get_name(), []).append(result.task.get_name())
        for line in facts.get("progress", ()):
            self._say(f"         {line}")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002 - Ansible's signature
        """Say where, what and how to mend it."""
        if not self._quiet:
            super().v2_runner_on_failed(result, ignore_errors)
            return
        if ignore_errors:  # a comparison of plan and devices goes on, and says it at its end
            return
        self._failed = True
        facts = result.result
        hidden = "the result is hidden (no_log); run again with -v on a machine of yours"
        text = str(facts.get("msg") or facts.get("stderr") or facts.get("stdout") or hidden)
        self._complain(result, result.task.get_name(), text)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Say which host does not answer."""
        if not self._quiet:
            super().v2_runner_on_unreachable(result)
            return
        self._failed = True
        self._complain(result, "no answer", str(result.result.get("msg")))

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Stay silent about what was not needed."""
        if not self._quiet:
            super().v2_runner_on_skipped(result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Stay silent about the rounds of a loop."""
        if not self._quiet:
            super().v2_runner_item_on_ok(result)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        """Stay silent about files."""
        if not self._quiet:
            super().v2_playbook_on_include(included_file)

    def v2_playbook_on_no_hosts_matched(self) -> None:
        """Say that a stage does not concern this site."""
        if not self._quiet:
            super().v2_playbook_on_no_hosts_matched()

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Close the last stage and sum up, one line a host."""
        if not self._quiet:
            super().v2_playbook_on_stats(stats)
            return
        self._end_stage()
        for host in sorted(stats.processed):
            row = stats.summarize(host)
            bad = row["failures"] or row["unreachable"]
            text = f"ok={row['ok']} changed={row['changed']} failed={row['failures']} unreachable={row['unreachable']}"
            self._say(f"         {host:<12} {text}", "red" if bad else None)
        self._say(f"{time.monotonic() - self._started:6.1f}s in all")
