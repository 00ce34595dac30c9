"""WildFly as other tools see it: sockets, curl, openssl, the process and the files; and the management API by curl."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

ARTEFACTS = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "artefacts"
PASSWORD, OTHER_SECRETS = "molecule-management-3b1f", ("molecule-keystore-77aa", "molecule-database-c9d2")
HTTP = "http://127.0.0.1:8080"


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def ask(host: Host, operation: dict[str, Any], user: str = f"gatekit:{PASSWORD}") -> Any:
    words = ["curl", "--silent", "--digest", "--user", user, "--header", "content-type:application/json"]
    words += ["--data", json.dumps(operation), "http://127.0.0.1:9990/management"]
    return json.loads(host.check_output(shlex.join(words)))["result"]


def resource(host: Host, *address: str) -> dict[str, Any]:
    steps = [dict([step.split("=", 1)]) for step in address]
    found: dict[str, Any] = ask(host, {"operation": "read-resource", "address": steps, "recursive": True})
    return found


def fetch(host: Host, path: str, *options: str) -> str:
    return str(host.check_output(shlex.join(["curl", "--silent", "--show-error", *options, HTTP + path])))


def status(host: Host, path: str, *options: str) -> str:
    return fetch(host, path, "--output", "/dev/null", "--write-out", "%{http_code}", *options)


def main_pid(host: Host) -> str:
    return str(host.check_output("systemctl show --property MainPID --value wildfly.service"))


def test_ap_2_application_is_served_and_reaches_its_database(host: Host) -> None:
    assert fetch(host, "/probe/") == "probe 1"
    assert fetch(host, "/probe/database.jsp") == "kept in the database"


def test_everything_listens_on_loopback_only(root: Host) -> None:
    sockets = sorted(line.split()[3] for line in root.check_output("ss -Hltn").splitlines())
    others = ("0.0.0.0:22", "[::]:22", "127.0.0.1:5432")
    assert [entry for entry in sockets if entry not in others] == ["127.0.0.1:8080", "127.0.0.1:8443", "127.0.0.1:9990"]


@pytest.mark.parametrize("user", ["gatekit:wrong", "admin:admin"])
def test_management_wants_the_password(host: Host, user: str) -> None:
    words = f"curl --silent --output /dev/null --write-out %{{http_code}} --digest --user {user} "
    assert host.check_output(words + "http://127.0.0.1:9990/management") == "401"


def test_management_answers_nobody_without_an_account(host: Host) -> None:
    for path in ("management", "metrics"):
        words = f"curl --silent --output /dev/null --write-out %{{http_code}} http://127.0.0.1:9990/{path}"
        assert host.check_output(words) == "401"


def test_console_is_off(host: Host) -> None:
    words = "curl --silent --output /dev/null --write-out %{http_code} http://127.0.0.1:9990/console/index.html"
    assert host.check_output(words) != "200"


def test_https_shows_the_certificate_of_the_plan(host: Host) -> None:
    shown = host.check_output(
        "openssl s_client -connect 127.0.0.1:8443 -showcerts </dev/null 2>/dev/null | openssl x509"
    )
    wanted = ssl.PEM_cert_to_DER_cert((ARTEFACTS / "tls.pem").read_text())
    assert hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).digest() == hashlib.sha256(wanted).digest()


def test_https_refuses_suites_without_forward_secrecy_or_authenticated_encryption(host: Host) -> None:
    good = "openssl s_client -connect 127.0.0.1:8443 -tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384 </dev/null"
    bad = "openssl s_client -connect 127.0.0.1:8443 -tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384 </dev/null"
    assert host.run(good).rc == 0
    assert host.run(bad).rc != 0


def test_answers_do_not_name_the_server(host: Host) -> None:
    heads = fetch(host, "/probe/database.jsp", "--dump-header", "-", "--output", "/dev/null").lower()
    assert "server:" not in heads
    assert "x-powered-by:" not in heads
    cookie = next(line for line in heads.splitlines() if line.startswith("set-cookie:"))
    assert "httponly" in cookie
    assert "secure" in cookie


def test_server_itself_shows_nothing(host: Host) -> None:
    assert status(host, "/") == "404"


def test_client_is_the_one_apache_names(root: Host) -> None:
    fetch(root, "/probe/", "--header", "X-Forwarded-For: 203.0.113.77")
    assert root.file("/var/log/wildfly/access.log").content_string.splitlines()[-1].startswith("203.0.113.77 ")


def test_logs_hold_no_path_no_query_and_no_application_message_in_the_journal(root: Host) -> None:
    assert status(root, "/probe/fails.jsp;id=PAT-4711?PatientID=PAT-4712") == "500"
    access, server = (root.file(f"/var/log/wildfly/{name}.log").content_string for name in ("access", "server"))
    assert '"GET /probe" 500' in access
    assert "on purpose" in server
    journal = root.check_output("journalctl --unit wildfly.service --output cat")
    assert "WFLYSRV0025" in journal
    assert "on purpose" not in journal
    assert not any(number in text for number in ("PAT-4711", "PAT-4712") for text in (access, server, journal))


def test_garbage_collection_is_logged_and_rotated(root: Host) -> None:
    assert root.file("/var/log/wildfly/gc.log").size > 0
    words = root.file(f"/proc/{main_pid(root)}/cmdline").content_string.split("\0")
    assert any(word.startswith("-Xlog:gc*:") and word.endswith("filecount=5,filesize=10M") for word in words)
    assert "-Xmx512m" in words
    assert "30d" in root.file("/etc/tmpfiles.d/wildfly.conf").content_string


def test_server_has_its_own_account_and_no_capability(root: Host) -> None:
    status_text = root.file(f"/proc/{main_pid(root)}/status").content_string
    fields = dict(line.split(":\t", 1) for line in status_text.splitlines() if ":\t" in line)
    account = root.user("wildfly")
    assert fields["Uid"].split() == [str(account.uid)] * 4
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"
    assert {fields[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert account.shell == "/usr/sbin/nologin"


def test_server_cannot_write_its_own_program(root: Host) -> None:
    assert (
        root.check_output("find -L /opt/wildfly /var/lib/wildfly/modules /etc/wildfly -user wildfly")
        == "/etc/wildfly/https.p12"
    )
    # A container may not mount, so here systemd passes ProtectSystem over; that it is asked for is what can be seen.
    assert root.check_output("systemctl show --property ProtectSystem --value wildfly.service") == "strict"


def test_no_secret_stands_in_configuration_or_logs(root: Host) -> None:
    for secret in (PASSWORD, *OTHER_SECRETS):
        found = root.run(
            f"grep --recursive --files-with-matches --text {secret} /var/lib/wildfly /var/log/wildfly /opt"
        )
        assert (found.rc, found.stdout) == (1, "")
    for name, owner in (("environment", "root"), ("management_password", "root"), ("https.p12", "wildfly")):
        file = root.file(f"/etc/wildfly/{name}")
        assert (file.user, file.mode) == (owner, 0o600)


def test_unused_subsystems_are_off(host: Host) -> None:
    subsystems = set(ask(host, {"operation": "read-children-names", "child-type": "subsystem", "address": []}))
    assert not subsystems & {"deployment-scanner", "jdr", "jsf", "pojo", "sar"}
    assert {"datasources", "ee", "ejb3", "infinispan", "jaxrs", "jpa", "transactions", "undertow", "weld"} <= subsystems
    assert list(resource(host, "subsystem=datasources")["data-source"]) == ["TestDS"]


def test_limits_and_executors_are_as_wished_and_what_was_added_by_hand_stays(host: Host) -> None:
    listener = resource(host, "subsystem=undertow", "server=default-server", "http-listener=default")
    assert (listener["max-post-size"], listener["proxy-address-forwarding"]) == (64 * 2**20, True)
    executor = resource(host, "subsystem=ee", "managed-executor-service=default")
    assert (executor["core-threads"], executor["max-threads"], executor["queue-length"]) == (3, 7, 5)
    owned = [name for name in resource(host)["system-property"] if name != "by.hand"]
    assert sorted(owned) == ["gatekit.test", "gatekit.wildfly"]


def test_pool_survives_a_restart_of_the_database(root: Host) -> None:
    assert fetch(root, "/probe/database.jsp") == "kept in the database"
    root.check_output("systemctl restart postgresql@17-main.service")
    assert [status(root, "/probe/database.jsp") for _ in range(8)] == ["200"] * 8


def test_unit_is_accepted_by_systemd_and_starts_at_boot(root: Host) -> None:
    assert root.check_output("systemd-analyze verify wildfly.service 2>&1") == ""
    assert root.service("wildfly").is_enabled


def test_start_means_that_the_server_runs(root: Host) -> None:
    root.check_output("systemctl restart wildfly.service")
    assert ask(root, {"operation": "read-attribute", "name": "server-state", "address": []}) == "running"
    assert status(root, "/probe/") == "200"


def test_archives_are_gone_once_unpacked(root: Host) -> None:
    assert root.check_output("find /opt -maxdepth 1 -name '*.zip'") == ""
