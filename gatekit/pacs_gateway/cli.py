"""gatekit-pacs: ask the PACS GatewayService on this machine, over its REST interface."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from gatekit.errors import DicomError, GatekitError
from gatekit.pacs_gateway.configuration import CONFIGURATION_FILE, load
from gatekit.pacs_gateway.rest_client import RestClient
from gatekit.pacs_gateway.tables import difference_table, fault_lines, peer_table, request_table

__all__ = ["main"]

EXIT_STATUSES = """exit status:
  0  done as asked; with --wait: archive and PACS are equal
  1  with --wait: the request became a dead letter or was cancelled; check: a peer cannot be used
  2  wrong use of this command
  3  the service does not answer
  4  the service, a PACS or the archive refused; the error and what to do stand on standard error
  5  with --wait: not done within --timeout
"""
_OVER = ("done", "dead", "cancelled")


def main(words: Sequence[str] | None = None, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Run one command; return its exit status."""
    given = _parser().parse_args(words)
    try:
        client = RestClient(given.port or load(given.configuration).gateway.port)
        return int(_COMMANDS[given.command](client, given, out))
    except GatekitError as error:
        print(error, file=err)
        return 3 if error.code == "GW533" else 4


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatekit-pacs",
        description="Keep the archive equal to what the PACS publish of a patient.",
        epilog=EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--configuration", type=Path, default=CONFIGURATION_FILE, help="the service's file")
    parser.add_argument("--port", type=int, default=0, help="port of the service; without it, from its file")
    parser.add_argument("--json", action="store_true", help="print the service's own answer, for programs")
    commands = parser.add_subparsers(dest="command", required=True)
    sync = commands.add_parser("sync", help="bring what the archive lacks of one patient")
    sync.add_argument("--patient", required=True, metavar="ID", help="patient id; - reads it from standard input")
    sync.add_argument("--issuer", default="", help="issuer of the patient id")
    sync.add_argument("--pacs", metavar="NAME", help="one PACS of the site file; without it, all")
    sync.add_argument("--deep", action="store_true", help="compare every instance")
    sync.add_argument("--dry-run", action="store_true", help="show the difference, move nothing")
    sync.add_argument("--wait", action="store_true", help="return when it is over")
    sync.add_argument("--timeout", type=float, default=3600.0, metavar="S", help="seconds to wait at most")
    status = commands.add_parser("status", help="the service's health, or one request")
    status.add_argument("request", nargs="?", help="number of a request")
    queue = commands.add_parser("queue", help="requests, newest first")
    queue.add_argument("--state", choices=["queued", "running", "waiting", "done", "dead", "cancelled"])
    commands.add_parser("dead", help="dead letters: requests a person has to look at")
    retry = commands.add_parser("retry", help="queue dead letters again")
    retry.add_argument("request", nargs="*", help="numbers of requests; without any, all dead letters")
    cancel = commands.add_parser("cancel", help="cancel a request")
    cancel.add_argument("request")
    commands.add_parser("check", help="ask each PACS and the archive for an association")
    commands.add_parser("rules", help="what the running service publishes, and from which PACS")
    return parser


def _tell(given: argparse.Namespace, out: TextIO, body: Mapping[str, Any], *lines: str) -> None:
    """Print the answer as JSON, or the lines for a person."""
    print(*([json.dumps(body)] if given.json else lines), sep="\n", file=out)


def _sync(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    patient = sys.stdin.readline().strip() if given.patient == "-" else given.patient
    wish = {"pacs": given.pacs, "issuer": given.issuer, "deep": given.deep}
    place = f"/patients/{quote(patient, safe='')}"
    if given.dry_run:
        answer = client.call("POST", f"{place}/difference", wish)
        _tell(given, out, answer, difference_table(answer["differences"]))
        return 0
    requests = client.call("POST", f"{place}/sync", wish)["requests"]
    if given.wait:
        requests, timed_out = _wait(client, requests, given.timeout)
        _tell(given, out, {"requests": requests}, request_table(requests), *fault_lines(requests))
        return 5 if timed_out else int(any(row["state"] != "done" for row in requests))
    _tell(given, out, {"requests": requests}, request_table(requests))
    return 0


def _wait(client: RestClient, requests: list[dict[str, Any]], timeout_s: float) -> tuple[list[dict[str, Any]], bool]:
    end, pause_s = time.monotonic() + timeout_s, 0.1
    while any(row["state"] not in _OVER for row in requests):
        if time.monotonic() > end:
            return requests, True
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 2.0)
        requests = [client.call("GET", f"/requests/{row['id']}") for row in requests]
    return requests, False


def _status(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    if given.request:
        row = client.call("GET", f"/requests/{quote(given.request, safe='')}")
        _tell(given, out, row, request_table([row]), *fault_lines([row]))
        return 0
    health = client.call("GET", "/health", accepted=(200, 503))
    _tell(given, out, health, *(f"{name:18} {'yes' if value else 'NO'}" for name, value in health.items()))
    if health["ready"]:
        return 0
    raise DicomError("GW533", "health", "not ready", "Read its journal: journalctl -u gatekit-pacs-gateway.")


def _queue(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    state = "dead" if given.command == "dead" else given.state
    requests = client.call("GET", "/requests?limit=1000" + (f"&state={state}" if state else ""))["requests"]
    lines = fault_lines(requests) if given.command == "dead" else ()
    _tell(given, out, {"requests": requests}, request_table(requests), *lines)
    return 0


def _retry(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    numbers = given.request or [row["id"] for row in client.call("GET", "/requests?limit=1000&state=dead")["requests"]]
    requests = [client.call("POST", f"/requests/{quote(number, safe='')}/retry") for number in numbers]
    _tell(given, out, {"requests": requests}, request_table(requests))
    return 0


def _cancel(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    row = client.call("DELETE", f"/requests/{quote(given.request, safe='')}")
    _tell(given, out, row, request_table([row]))
    return 0


def _check(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    peers = client.call("POST", "/check")["peers"]
    _tell(given, out, {"peers": peers}, peer_table(peers), *fault_lines(peers))
    return int(not all(peer["usable"] for peer in peers))


def _rules(client: RestClient, given: argparse.Namespace, out: TextIO) -> int:
    rules = client.call("GET", "/rules")
    _tell(given, out, rules, *(f"{name:18} {value}" for name, value in rules.items()))
    return 0


_COMMANDS = {
    "sync": _sync,
    "status": _status,
    "queue": _queue,
    "dead": _queue,
    "retry": _retry,
    "cancel": _cancel,
    "check": _check,
    "rules": _rules,
}

if __name__ == "__main__":
    sys.exit(main())
