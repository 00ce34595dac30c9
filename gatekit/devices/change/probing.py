"""Evidence about a changed device, asked from outside: each maker returns a probe that ends by itself."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import Probe, ProbeResult
from gatekit.errors import DeviceError, GatekitError

AT_ONCE = 8
QUESTION_LIMIT_S = 5.0

type Asks = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Runs one job of ``gatekit.portable.probe`` on a host and returns its answer, as ``run_probe`` of
``gatekit.probes.programs`` does with its first two arguments given; must end by itself."""


def connects(name: str, address: str, port: int, *, timeout_s: float = QUESTION_LIMIT_S) -> Probe:
    """Return a probe that passes when the controller itself gets a TCP connection."""

    def probe() -> ProbeResult:
        try:
            with socket.create_connection((address, port), timeout_s):
                return ProbeResult(name=name, passed=True, found="accepted")
        except OSError as error:
            return ProbeResult(name=name, passed=False, found=type(error).__name__)

    return probe


def lets_us_in(name: str, access: Access) -> Probe:
    """Return a probe that passes when one more login on the device works and it can be read."""

    def probe() -> ProbeResult:
        try:
            with access.visit() as session:
                version = access.observe(session).version
        except GatekitError as error:
            return ProbeResult(name=name, passed=False, found=error.code)
        return ProbeResult(name=name, passed=True, found=version)

    return probe


def answers(name: str, ask: Asks, question: Mapping[str, Any], expected: frozenset[str]) -> Probe:
    """Return a probe that passes when another host's question ends in one of the expected words.

    ``question``: one operation of ``gatekit.portable.probe`` without id, e.g. ``{"op": "tcp", "address": ...,
    "port": ..., "timeout_s": 3}``. What must not pass is expected as ``{"no_answer", "unreachable"}``.
    """

    def probe() -> ProbeResult:
        try:
            answer = ask({"operations": [{**question, "id": name}]})["results"][name]
        except (GatekitError, KeyError) as error:
            return ProbeResult(name=name, passed=False, found=f"not asked: {error}")
        found = " ".join(part for part in (str(answer["outcome"]), str(answer.get("detail", ""))) if part)
        return ProbeResult(name=name, passed=answer["outcome"] in expected, found=found)

    return probe


def gather(probes: Iterable[Probe], within_s: float = 0.0, retry_s: float = 1.0) -> tuple[ProbeResult, ...]:
    """Return every probe's answer, in their order; they are asked side by side, for the undo timer is running.

    One that fails is asked again until ``within_s`` is over. A key pressed at the keyboard does not wait for those
    under way: the way back is more urgent.
    """
    ends_at = time.monotonic() + within_s

    def answer(probe: Probe) -> ProbeResult:
        result = probe()
        while not result.passed and time.monotonic() + retry_s < ends_at:
            time.sleep(retry_s)
            result = probe()
        return result

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="probe")
    try:
        return tuple(pool.map(answer, probes))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def working(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """Return those that pass now: what a change must not end. What does not work yet is not asked of it."""
    asked = tuple(probes)
    return tuple(probe for probe, result in zip(asked, gather(asked), strict=True) if result.passed)


def ways_that_work(probes: Mapping[str, Probe]) -> list[str]:
    """Return the names of those that pass now."""
    return [result.name for result in gather(probes.values()) if result.passed]


def require_ways(device: str, probes: Iterable[Probe], within_s: float) -> None:
    """Return when all pass within that time.

    Raises:
        DeviceError: GW429 with what was found instead.
    """
    failed = failures(gather(probes, within_s))
    if failed:
        fix = "It worked before the change: compare the named flow with the plan, correct it, then run again."
        raise DeviceError("GW429", f"{device}.probes", failed, fix)


def failures(results: Iterable[ProbeResult]) -> str:
    """Return which probes failed and what was found instead; empty when none."""
    return "; ".join(f"{result.name}: {result.found}" for result in results if not result.passed)
