"""Ask the questions: one probe call a source, one set of readings a host. The only module that speaks to hosts."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import testinfra  # type: ignore[import-untyped]  # ships no type hints

from gatekit.errors import GatekitError, VerifyError
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.portable.probe import ARRIVED
from gatekit.probes.programs import cannot_run, run_probe
from gatekit.verify.esxi_reading import read_esxi
from gatekit.verify.judges import JUDGES
from gatekit.verify.model import Check, CheckList, Operation, Reading, ScanRow, Verdict
from gatekit.verify.scanning import port_scan, scanned_ports
from gatekit.verify.targets import Targets
from gatekit.verify.verdicts import operation_verdict, scan_verdict
from gatekit.verify.words import both

LOG_WAIT_S = 5.0
VERSIONS = (
    "uname -r; . /etc/os-release; echo \"$PRETTY_NAME\"; dpkg-query -W -f '${binary:Package} ${Version}\\n' "
    "openssh-server squid lighttpd nftables chrony rsyslog strongswan-swanctl charon-systemd frr 2>&1"
)

type Progress = Callable[[str], None]


@dataclass
class Answers:
    """Everything that was answered; filled once by ``gather``."""

    operations: dict[str, dict[str, Any]] = field(default_factory=dict)  # check id -> answer
    scans: dict[str, dict[str, Any]] = field(default_factory=dict)  # source -> scan
    readings: dict[tuple[str, str, str], str] = field(default_factory=dict)  # host, command, "before"|"after"
    failures: dict[str, str] = field(default_factory=dict)  # source -> why nothing was answered
    unread: dict[tuple[str, str], str] = field(default_factory=dict)  # host, command -> why it could not be read
    versions: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def packets_sent(self) -> int:
        """Return how many SYN and UDP packets all scans sent."""
        return sum(int(scan["sent"]) for scan in self.scans.values())


def gather(targets: Targets, listing: CheckList, checks: Iterable[Check], progress: Progress) -> Answers:
    """Return the answers to the selected checks; what cannot be asked is a failure of that source alone."""
    selected, answers = tuple(checks), Answers()
    readings = [check.asks for check in selected if isinstance(check.asks, Reading)]
    _read(targets, answers, [row for row in readings if row.twice], "before")
    sources = tuple(dict.fromkeys(check.source for check in selected if not isinstance(check.asks, Reading)))
    progress(f"asking from {len(sources)} hosts: {', '.join(sources)}")
    with ThreadPoolExecutor(targets.parallel_probes) as pool:
        jobs = [
            pool.submit(_ask, targets, listing, [check for check in selected if check.source == name], name, progress)
            for name in sources
        ]
        for name, job in zip(sources, jobs, strict=True):
            _take(answers, name, job.result())
    _prove_log_lines(targets, answers, selected, progress)
    progress(f"reading {len({row.host for row in readings})} devices")
    _read(targets, answers, readings, "after")
    return answers


# ------------------------------------------------------------------ probes
def _ask(
    targets: Targets, listing: CheckList, checks: list[Check], name: str, progress: Progress
) -> dict[str, Any] | VerifyError:
    started, probe = time.monotonic(), targets.probes[name]
    operations, rows = _operations(checks), scanned_ports(checks)
    try:
        answer = run_probe(name, probe, {"operations": operations})
        answer["scan"] = port_scan(targets, name, listing.controls.get(name, ()), rows, progress) if rows else None
    except VerifyError as error:
        return error
    sent = answer["scan"]["sent"] if answer["scan"] else 0
    progress(f"{name}: {len(operations)} questions, {sent} scan packets in {time.monotonic() - started:.1f} s")
    return answer


def _operations(checks: list[Check]) -> list[dict[str, Any]]:
    token, operations = secrets.token_hex(4), []
    for check in checks:
        if isinstance(check.asks, Operation):
            row = check.asks.as_job(check.id)
            operations.append(row | {"marker": f"{check.id} {token}"} if check.asks.op == "syslog" else row)
    return operations


def _take(answers: Answers, name: str, answer: dict[str, Any] | VerifyError) -> None:
    if isinstance(answer, VerifyError):
        answers.failures[name] = str(answer)
        return
    answers.operations |= answer["results"]
    answers.versions[name] = {"python": answer["python"]}
    if answer.get("scan"):
        answers.scans[name] = answer["scan"]


def _prove_log_lines(targets: Targets, answers: Answers, checks: tuple[Check, ...], progress: Progress) -> None:
    """Read on the syslog server whether the marked lines arrived; sending alone proves nothing."""
    sent = [check for check in checks if check.proof and answers.operations.get(check.id, {}).get("outcome") == "sent"]
    if not sent or targets.log is None:
        return
    progress(f"reading the syslog server's log for {len(sent)} marked lines")
    look = [
        {
            "id": check.id,
            "op": "find_text",
            "text": f"{ARRIVED} {check.proof} ",
            "timeout_s": LOG_WAIT_S,
            "files": list(targets.log.files),
        }
        for check in sent
    ]
    probe = targets.probes[targets.log.probe]
    _take(answers, "log", run_probe("log", probe, {"operations": look}))


# ------------------------------------------------------------------ readings
def _read(targets: Targets, answers: Answers, rows: Iterable[Reading], when: str) -> None:
    by_host: dict[str, dict[str, None]] = {}
    for row in rows:
        by_host.setdefault(row.host, {}).update(dict.fromkeys(row.commands))
    with ThreadPoolExecutor(max(1, len(by_host))) as pool:
        list(pool.map(lambda item: _read_host(targets, answers, item[0], tuple(item[1]), when), by_host.items()))


def _read_host(targets: Targets, answers: Answers, name: str, commands: tuple[str, ...], when: str) -> None:
    try:
        if name == "esxi" and targets.esxi is not None:
            text = read_esxi(targets.esxi)
            answers.readings[name, "esxi", when] = text
            answers.versions[name] = {"esxi": str(json.loads(text)["version"])}
            return
        host = testinfra.get_host(targets.hosts[name].backend)
        for command in commands:
            _read_command(answers, name, command, when, host.run(command))
        if when == "after":
            answers.versions[name] = _versions(str(host.run(VERSIONS).stdout))
    except GatekitError as error:
        answers.unread |= {(name, command): str(error) for command in commands}
    except RuntimeError as error:  # testinfra: the transport itself failed
        failure = str(cannot_run(name, str(error).splitlines()[0]))
        answers.unread |= {(name, command): failure for command in commands}


def _read_command(answers: Answers, name: str, command: str, when: str, result: Any) -> None:
    if result.rc == 0:
        answers.readings[name, command, when] = str(result.stdout)
        return
    said = " ".join(str(result.stderr).strip().splitlines()[-1:]) or f"exit status {result.rc}"
    fix = "Check the device and its account."
    answers.unread[name, command] = str(VerifyError("GW601", f"hosts.{name}", f"{command}: {said}", fix))


def _versions(text: str) -> dict[str, str]:
    kernel, system, *packages = text.splitlines()
    rows = (line.split() for line in packages if not line.startswith("dpkg-query:"))
    return {"kernel": kernel, "system": system} | {row[0]: row[1] for row in rows if len(row) == 2}


# ------------------------------------------------------------------ verdicts
def verdict_of(plan: Plan, check: Check, answers: Answers) -> tuple[Verdict, float]:
    """Return the verdict on one check and the seconds its question took."""
    asks = check.asks
    if isinstance(asks, Reading):
        return _reading_verdict(plan, check, asks, answers), 0.0
    if (failure := answers.failures.get(check.source)) is not None:
        return Verdict(ok=False, observed=both(failure)), 0.0
    if isinstance(asks, ScanRow):
        scan = answers.scans[check.source]
        return scan_verdict(check, scan), float(scan["duration_s"])
    answer = answers.operations[check.id]
    return operation_verdict(plan, check, answer), float(answer["duration_s"])


def _reading_verdict(plan: Plan, check: Check, asks: Reading, answers: Answers) -> Verdict:
    unread = [answers.unread[asks.host, command] for command in asks.commands if (asks.host, command) in answers.unread]
    if unread:
        return Verdict(ok=False, observed=both(unread[0]))
    moments = ("before", "after") if asks.twice else ("after",)
    texts = tuple(answers.readings[asks.host, command, when] for command in asks.commands for when in moments)
    return _judged(plan, check, asks.judge, texts)


def _judged(plan: Plan, check: Check, judge: str, texts: tuple[str, ...]) -> Verdict:
    try:
        return JUDGES[judge](plan, check, texts)
    except (ValueError, KeyError, IndexError, TypeError) as error:  # a device that speaks another dialect
        seen = f"{type(error).__name__}: {error}"
        return Verdict(ok=False, observed=Text(ja=f"読み取れない：{seen}", en=f"not readable: {seen}"))
