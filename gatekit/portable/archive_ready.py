"""Whether the archive works: its HTTP side, its deployments and C-ECHO together, never a log line.

Orthanc is ready when ``/system`` names the AE title, a question to its index is answered (``/system`` and C-ECHO
are answered without PostgreSQL), and C-ECHO is answered. dcm4chee is ready when
every deployment of WildFly has the status OK, ``/dcm4chee-arc/ctrl/status`` says STARTED and C-ECHO is answered:
each of the three was seen good while another was not (archive reference, "The real archive").
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import dicom_echo
from .errors import NodeError

__all__ = ["Management", "Target", "observe", "wait"]

_LOOPBACK = "127.0.0.1"  # HTTP and management listen nowhere else
_TRY_TIMEOUT_S = 5.0
_PAUSE_S = 0.5


@dataclass(frozen=True)
class Management:
    """WildFly's management interface and the deployments that have to be OK."""

    port: int
    account: str
    password: str = field(repr=False)
    deployments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """The archive on this node; ``management`` is for dcm4chee."""

    engine: str  # orthanc, dcm4chee
    ae_title: str
    dicom_port: int
    http_port: int
    management: Management | None = None


def wait(target: Target, timeout_s: float) -> float:
    """Return the seconds until the archive was ready.

    Raises:
        NodeError: GW420 with every part that is not ready at the end of ``timeout_s``.
    """
    started = time.monotonic()
    while True:
        faults = observe(target)
        waited_s = time.monotonic() - started
        if not faults:
            return waited_s
        if waited_s >= timeout_s:
            fix = f"It did not come within {timeout_s:g} s; look at its unit's journal and at PostgreSQL."
            raise NodeError("GW420", f"archive.{target.ae_title}", "; ".join(faults), fix)
        time.sleep(_PAUSE_S)


def observe(target: Target) -> tuple[str, ...]:
    """Return what is not ready, each with its part's name; empty when the archive works."""
    faults = []
    for part, judge in _parts(target):
        try:
            fault = judge()
        except (OSError, http.client.HTTPException, ValueError, TypeError) as err:
            fault = _said(err)
        if fault:
            faults.append(f"{part}: {fault}")
    return tuple(faults)


def _said(err: Exception) -> str:
    if isinstance(err, urllib.error.HTTPError):
        return f"status {err.code}"
    reason = err.reason if isinstance(err, urllib.error.URLError) else err
    return str(reason) or type(err).__name__


def _parts(target: Target) -> Iterator[tuple[str, Callable[[], str]]]:
    if target.engine == "orthanc":
        yield "HTTP", lambda: _orthanc(target)
        yield "index", lambda: _orthanc_index(target)
    else:
        if target.management is not None:
            management = target.management
            yield "deployments", lambda: _deployments(management)
        yield "HTTP", lambda: _dcm4chee(target)
    yield "C-ECHO", lambda: _echo(target)


def _echo(target: Target) -> str:
    # The archive's own AE title calls: VM1 is known to it by that name.
    listener = dicom_echo.Listener(_LOOPBACK, target.dicom_port, target.ae_title, target.ae_title)
    try:
        dicom_echo.echo(listener, _TRY_TIMEOUT_S)
    except dicom_echo.EchoError as err:
        return str(err)
    return ""


def _orthanc(target: Target) -> str:
    said = _answer(f"http://{_LOOPBACK}:{target.http_port}/system")
    return "" if said.get("DicomAet") == target.ae_title else f"AE title {said.get('DicomAet')!r}"


def _orthanc_index(target: Target) -> str:
    _json(f"http://{_LOOPBACK}:{target.http_port}/studies?since=0&limit=1")
    return ""


def _dcm4chee(target: Target) -> str:
    said = _answer(f"http://{_LOOPBACK}:{target.http_port}/dcm4chee-arc/ctrl/status")
    return "" if said.get("status") == "STARTED" else f"status {said.get('status')!r}"


def _deployments(management: Management) -> str:
    """Return the deployments that are not OK; one question for all of them."""
    url = f"http://{_LOOPBACK}:{management.port}/management"
    accounts = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    accounts.add_password(None, url, management.account, management.password)
    asked = {"operation": "read-attribute", "name": "status", "address": [{"deployment": "*"}]}
    said = _answer(url, asked, urllib.request.HTTPDigestAuthHandler(accounts))
    found = {row["address"][-1]["deployment"]: row.get("result") for row in said.get("result", [])}
    wrong = [
        f"{name} {found.get(name, 'absent')}" for name in management.deployments or found if found.get(name) != "OK"
    ]
    return ", ".join(wrong) if found or wrong else "none"


def _answer(url: str, question: dict[str, Any] | None = None, *handlers: urllib.request.BaseHandler) -> dict[str, Any]:
    """Return the JSON object behind a loopback URL."""
    found = _json(url, question, *handlers)
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    return found


def _json(url: str, question: dict[str, Any] | None = None, *handlers: urllib.request.BaseHandler) -> Any:
    """Return what the URL answers; no proxy of the environment is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)
    content = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json", "Accept": "application/json"})  # noqa: S310 - loopback
    with opener.open(request, timeout=_TRY_TIMEOUT_S) as answer:
        return json.load(answer)
