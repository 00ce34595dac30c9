"""IN-2 .. IN-4, the service on VM1: it runs hardened, keeps its requests, comes back by itself, names no patient.

No PACS is here: what the service does with one is proved in tests/stories. A request therefore waits, with GW501.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

UNIT, PORT = "gatekit-pacs-gateway.service", 8390
PATIENT = "00770077123"
PASSWORD = "only-in-this-scenario"  # noqa: S105 - of a container that lives for one run


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def shown(root: Host, name: str) -> str:
    return str(root.check_output(f"systemctl show --value --property {name} {UNIT}"))


def rest(root: Host, method: str, target: str, body: str = "{}") -> tuple[int, Any]:
    """Return status and answer of the service."""
    script = (
        "import http.client,json,sys;c=http.client.HTTPConnection('127.0.0.1',int(sys.argv[1]),timeout=10);"
        "c.request(sys.argv[2],sys.argv[3],sys.argv[4] or None,{'Content-Type':'application/json'});"
        "r=c.getresponse();print(json.dumps([r.status,r.read().decode()]))"
    )
    given = body if method == "POST" else ""
    status, text = json.loads(root.check_output(f"python3 -c \"{script}\" {PORT} {method} {target} '{given}'"))
    return status, json.loads(text) if text.startswith(("{", "[")) else text


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.3)


def ready(root: Host) -> bool:
    return bool(root.run("gatekit-pacs status").rc == 0)


def test_in_2_service_runs_under_its_own_account_and_its_watchdog(root: Host) -> None:
    assert shown(root, "ActiveState") == "active"
    assert shown(root, "Type") == "notify"
    assert shown(root, "WatchdogUSec") == "45s"
    pid = shown(root, "MainPID")
    assert root.check_output(f"ps -o user= -p {pid}") == "pacsgateway"
    status = root.file(f"/proc/{pid}/status").content_string
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    assert "Seccomp:\t2" in status


def test_service_owns_nothing_and_its_unit_lets_it_write_nowhere(root: Host) -> None:
    """The container gives systemd no mount namespace, so ProtectSystem= is asked for here and held on real VMs."""
    settings = {name: shown(root, name) for name in ("ProtectSystem", "ProtectHome", "ReadWritePaths", "PrivateTmp")}
    assert settings == {"ProtectSystem": "strict", "ProtectHome": "yes", "ReadWritePaths": "", "PrivateTmp": "yes"}
    assert root.check_output("find / -xdev -user pacsgateway") == ""


def test_service_listens_on_loopback_only(root: Host) -> None:
    sockets = [line.split()[3] for line in root.check_output("ss -Hltn").splitlines() if f":{PORT}" in line]
    assert sockets == [f"127.0.0.1:{PORT}"]


def test_secrets_are_neither_in_the_environment_nor_in_the_configuration_nor_readable(root: Host) -> None:
    pid = shown(root, "MainPID")
    assert PASSWORD not in root.check_output(f'su pacsgateway -s /bin/sh -c \'tr "\\0" " " < /proc/{pid}/environ\'')
    assert PASSWORD not in root.file("/etc/gatekit/pacs_gateway.json").content_string
    for name in ("database_password", "patient_hash_key"):
        assert root.file(f"/etc/gatekit/pacs_gateway/{name}").mode == 0o600
        assert root.run(f"su pacsgateway -s /bin/sh -c 'cat /etc/gatekit/pacs_gateway/{name}'").rc != 0


def test_rest_interface_takes_a_patient_and_names_none(root: Host) -> None:
    status, answer = rest(root, "POST", f"/patients/{PATIENT}/sync", '{"priority": 50}')
    assert status == 202
    assert PATIENT not in json.dumps(answer)
    (request,) = answer["requests"]
    until(lambda: rest(root, "GET", f"/requests/{request['id']}")[1]["state"] == "waiting")
    state = rest(root, "GET", f"/requests/{request['id']}")[1]
    assert (state["state"], state["reason"], state["fault"]["code"]) == ("waiting", "backoff", "GW501")
    status, again = rest(root, "POST", f"/patients/{PATIENT}/sync")
    assert [row["id"] for row in again["requests"]] == [request["id"]], "asked twice, queued twice"
    until(lambda: rest(root, "GET", f"/requests/{request['id']}")[1]["faults"] > 1)
    assert rest(root, "DELETE", f"/requests/{request['id']}")[1]["state"] == "cancelled"
    assert rest(root, "DELETE", f"/requests/{request['id']}")[0] == 404


def test_rest_interface_describes_itself_and_refuses_with_a_fix(root: Host) -> None:
    document = rest(root, "GET", "/openapi.json")[1]
    paths = {"/patients/{patient_id}/sync", "/requests/{number}", "/requests", "/health", "/metrics"}
    assert paths <= set(document["paths"])
    status, problem = rest(root, "POST", "/patients/AB*/sync")
    assert (status, problem["code"]) == (422, "GW517")
    status, problem = rest(root, "POST", f"/patients/{PATIENT}/sync", '{"pacs": "nowhere"}')
    assert (status, problem["code"], problem["value"]) == (404, "GW534", "nowhere")
    assert problem["fix"].startswith("Name a PACS of the site file: main")


def test_metrics_count_without_naming(root: Host) -> None:
    text = str(rest(root, "GET", "/metrics")[1])
    assert "gatekit_pacs_database_up 1.0" in text
    assert 'gatekit_pacs_faults_total{code="GW501",pacs="main"}' in text
    assert PATIENT not in text


def test_journal_and_audit_trail_hold_a_hash_and_no_patient(root: Host) -> None:
    rest(root, "POST", f"/patients/{PATIENT}/sync")
    time.sleep(1)
    fields = f"_SYSTEMD_UNIT={UNIT} + SYSLOG_IDENTIFIER=gatekit-pacs-audit + _SYSTEMD_UNIT=postgresql@17-main.service"
    everything = root.check_output(f"journalctl --boot --no-pager --output cat {fields}")
    assert "equal" in everything or "again in" in everything, "nothing of a request was logged: the search is in vain"
    assert PATIENT not in everything
    assert PATIENT.lstrip("0") not in everything
    assert PATIENT not in root.check_output("cat /var/log/postgresql/*.log")
    audit = root.check_output("journalctl --boot --no-pager --output json -t gatekit-pacs-audit").splitlines()
    records = [json.loads(line) for line in audit]
    assert any('csd-code="110112"' in row["MESSAGE"] and "99GATEKIT" in row["MESSAGE"] for row in records)
    assert {(row["SYSLOG_FACILITY"], row["PRIORITY"]) for row in records} == {("10", "5")}


def test_command_tells_what_is_wrong_and_ends_with_its_documented_status(root: Host) -> None:
    assert root.run("gatekit-pacs status").rc == 0
    check = root.run("gatekit-pacs check")
    assert check.rc == 1
    assert "GW501" in check.stdout
    refused = root.run(f"echo {PATIENT} | gatekit-pacs sync --patient - --pacs nowhere")
    assert (refused.rc, "GW534" in refused.stderr) == (4, True)
    assert root.run("gatekit-pacs sync").rc == 2
    assert root.run("gatekit-pacs --port 9 status").rc == 3
    assert "exit status" in root.check_output("gatekit-pacs --help")


def test_killed_service_is_back_within_seconds_with_its_requests(root: Host) -> None:
    before = rest(root, "GET", "/requests")[1]["requests"]
    root.check_output(f"systemctl kill --signal=SIGKILL {UNIT}")
    until(lambda: ready(root), 10)
    assert {row["id"] for row in rest(root, "GET", "/requests")[1]["requests"]} == {row["id"] for row in before}


def test_service_waits_for_its_database_and_comes_back_with_it(root: Host) -> None:
    pid = shown(root, "MainPID")
    root.check_output("systemctl stop postgresql@17-main.service")
    until(lambda: not ready(root), 10)
    status, problem = rest(root, "POST", f"/patients/{PATIENT}/sync")
    assert (status, problem["code"]) == (503, "GW533")
    assert "gatekit_pacs_database_up 0.0" in str(rest(root, "GET", "/metrics")[1])
    assert shown(root, "ActiveState") == "active"
    root.check_output("systemctl start postgresql@17-main.service")
    until(lambda: ready(root), 15)
    assert rest(root, "POST", f"/patients/{PATIENT}/sync")[0] == 202
    assert shown(root, "MainPID") == pid, "it had to be restarted"


def test_service_starts_without_its_database(root: Host) -> None:
    root.check_output("systemctl stop postgresql@17-main.service")
    root.check_output(f"timeout 20 systemctl restart {UNIT}")
    assert shown(root, "StatusText") == "waits for the database"
    root.check_output("systemctl start postgresql@17-main.service")
    until(lambda: ready(root), 15)


def test_service_that_hangs_is_restarted_by_its_watchdog(root: Host) -> None:
    pid = shown(root, "MainPID")
    root.check_output(f"systemctl kill --signal=SIGSTOP {UNIT}")
    until(lambda: shown(root, "MainPID") not in (pid, "0") and ready(root), 75)
    assert "Watchdog timeout" in root.check_output(f"journalctl --no-pager --output cat -u {UNIT} -n 60")


def test_full_archive_is_seen(root: Host) -> None:
    assert rest(root, "GET", "/health")[1]["archive_has_room"] is True


def test_environment_holds_what_the_daemon_needs_and_nothing_of_the_controller(root: Host) -> None:
    python = "/opt/gatekit-pacs-gateway/bin/python"
    absent = root.run(f"{python} -c 'import ansible'"), root.run(f"{python} -c 'import pyVmomi'")
    assert [one.rc for one in absent] == [1, 1]
    assert root.check_output(f"{python} -m pip check") == "No broken requirements found."
    assert not root.file("/var/tmp/pacs-gateway.tar").exists  # noqa: S108 - where the role copies it to
