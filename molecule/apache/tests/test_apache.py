"""AP-2, NW-1: VM1's front by real requests: from the portal, from a stranger, and what the daemon is."""

from __future__ import annotations

import json
import shlex
import time

import pytest
from front import ADDRESS, HOST_NAME, INSTANCE_PATH, SERIES_PATH, STUDY, asked_json, guest, portal, request
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]


def tls(*options: str) -> str:
    """Return what OpenSSL says of a handshake; security level 0, so that the server is what refuses."""
    command = f"openssl s_client -connect {ADDRESS}:443 -servername {HOST_NAME} -CAfile /srv/ca.pem -brief"
    done = guest("portal").run(f"{command} {shlex.join(options)} </dev/null 2>&1")
    return str(done.stdout)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_nw_1_good_tls_is_accepted_with_the_sites_certificate(version: str) -> None:
    assert "Verification: OK" in tls(version)


@pytest.mark.parametrize(
    "options",
    [
        ("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"),
        ("-tls1", "-cipher", "DEFAULT@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "AES256-GCM-SHA384"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM8@SECLEVEL=0"),
    ],
)
def test_nw_1_weak_tls_is_refused(options: tuple[str, ...]) -> None:
    said = tls(*options)
    assert "CONNECTION ESTABLISHED" not in said
    assert "alert" in said


def test_another_host_name_is_refused() -> None:
    """The certificate is not for it; a client that does not care gets 421 and nothing else."""
    assert portal("/dicom-web/studies", host="other.example.jp").status == 0
    answer = portal("/dicom-web/studies", "--insecure", host="other.example.jp")
    assert (answer.status, answer.body) == (421, "another host\n")
    assert portal("/dicom-web/studies", "--header", "Host: other.example.jp").status == 421


def test_forward_proxy_is_refused() -> None:
    assert portal("/", "--request-target", "http://127.0.0.1:8042/system").status in (403, 421)
    assert portal("/", "--request", "CONNECT", "--request-target", "127.0.0.1:8042").status in (400, 403, 421)


def test_daemon_listens_on_the_plans_address_and_port_only(root: Host) -> None:
    sockets = [line.split() for line in root.check_output("ss -Hltnp").splitlines()]
    assert [row[3] for row in sockets if "apache2" in row[-1]] == [f"{ADDRESS}:443"]


@pytest.mark.parametrize("path", ["/dicom-web/studies", "/web-viewer/app/viewer.html", "/gateway/openapi.json", "/"])
def test_stranger_is_refused_everywhere(path: str) -> None:
    assert (request("stranger", path).status, request("stranger", path).body) == (403, "refused\n")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/system",
        "/studies",
        "/instances",
        "/patients",
        "/tools/find",
        "/wado?requestType=WADO",
        "/dicom-web",
        "/dicom-web/",
        "/dicom-web/../system",
        "/dicom-web/%2e%2e/system",
        "/dicom-web/..%2fsystem",
        "/dicom-web//studies/../../system",
        "/web-viewer/../studies",
        "/web-viewer/app/..%2f..%2fsystem",
        "/gatewayx",
        "/server-status",
        "/.git/config",
        "/cgi-bin/x",
    ],
)
def test_what_no_rule_names_is_refused_without_detail(path: str) -> None:
    answer = portal(path)
    assert answer.status in (400, 403, 404)
    assert answer.body in ("bad request\n", "refused\n", "not found\n")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/dicom-web/studies", 403),
        ("PUT", "/dicom-web/studies", 403),
        ("DELETE", f"/dicom-web/studies/{STUDY}", 403),
        ("DELETE", "/web-viewer/app/viewer.html", 403),
        ("PUT", "/gateway/requests/1", 403),
        ("OPTIONS", "/gateway/requests/1", 403),
        ("PROPFIND", "/gateway/requests/1", 403),
        ("TRACE", "/gateway/requests/1", 403),
        ("DELETE", "/study-list/1", 403),
        ("GET", "/gateway/requests/1", 200),
        ("POST", "/gateway/patients/J-0012345/sync", 200),
        ("DELETE", "/gateway/requests/1", 200),
        ("POST", "/study-list/1", 200),
    ],
)
def test_methods_are_those_of_the_plan(method: str, path: str, status: int) -> None:
    assert portal(path, "--request", method).status == status


def test_backend_gets_the_path_behind_the_prefix_and_no_forged_origin() -> None:
    forged = [
        word
        for name in (
            "Forwarded: for=1.2.3.4",
            "X-Forwarded-For: 1.2.3.4",
            "Proxy: http://evil",
            "X-Forwarded-Host: evil",
        )
        for word in ("--header", name)
    ]
    seen = asked_json("/gateway/patients/1/sync?x=1", "--data", '{"priority": 5}', *forged)
    assert (seen["method"], seen["path"], seen["bytes"]) == ("POST", "/patients/1/sync?x=1", 15)
    headers = {name.lower(): value for name, value in seen["headers"].items()}
    assert headers["x-forwarded-for"] == "10.166.243.20"
    assert headers["x-forwarded-proto"] == "https"
    assert "1.2.3.4" not in json.dumps(headers)
    assert "evil" not in json.dumps(headers)
    assert "proxy" not in headers


def test_application_keeps_its_own_path() -> None:
    assert asked_json("/study-list/a/b?c=d")["path"] == "/study-list/a/b?c=d"


def test_retrieve_urls_in_answers_are_those_of_the_front() -> None:
    (study,) = asked_json(f"/dicom-web/studies?StudyInstanceUID={STUDY}")
    assert study["00081190"]["Value"] == [f"https://{HOST_NAME}/dicom-web/studies/{STUDY}"]


COMMON = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "server": "Apache",
}


@pytest.mark.parametrize("path", ["/dicom-web/studies", "/gateway/x", "/not-there", f"{INSTANCE_PATH}/rendered"])
def test_every_answer_bears_the_security_headers_once(path: str) -> None:
    answer = portal(path)
    assert {name: answer.header(name) for name in COMMON} == COMMON
    assert answer.header("content-security-policy") == "default-src 'none'; frame-ancestors 'none'"
    assert not {"x-powered-by", "access-control-allow-origin", "via", "etag"} & set(answer.headers)


def test_application_decides_on_its_pages_and_ours_is_for_one_that_says_nothing() -> None:
    answer = portal("/study-list/x")
    assert answer.header("cache-control") == "no-store"
    assert answer.header("content-security-policy").startswith("default-src 'self';")


def test_body_over_the_plans_limit_is_refused_before_it_reaches_the_backend() -> None:
    guest("portal").check_output("test -e /tmp/big || truncate --size 68M /tmp/big")
    sent = ("--data-binary", "@/tmp/big", "--header", "Content-Type: application/octet-stream", "--header", "Expect:")
    assert portal("/gateway/x", *sent).status == 413


def test_long_lines_and_many_headers_are_refused() -> None:
    assert portal("/gateway/x?" + "a" * 8300).status == 414
    assert portal("/gateway/x", "--header", "X-Long: " + "a" * 8300).status == 400
    many = [word for number in range(70) for word in ("--header", f"X-{number}: 1")]
    assert portal("/gateway/x", *many).status == 400


def test_slow_request_is_cut() -> None:
    script = (
        "import socket,ssl,time;c=ssl.create_default_context(cafile='/srv/ca.pem');"
        f"s=c.wrap_socket(socket.create_connection(('{ADDRESS}',443)),server_hostname='{HOST_NAME}');"
        "s.sendall(b'GET / HTTP/1.1\\r\\n');t=time.monotonic();s.settimeout(40);d=s.recv(4096);"
        "print(round(time.monotonic()-t),d[9:12].decode())"
    )
    seconds, status = guest("portal").check_output("python3 -c " + shlex.quote(script)).split()
    assert (8 <= int(seconds) <= 22, status) == (True, "408")


AT_ONCE = 16


def test_requests_over_the_plans_rate_are_refused_and_the_next_second_is_open() -> None:
    command = (
        f"curl --silent --parallel --parallel-immediate --parallel-max {AT_ONCE} --cacert /srv/ca.pem"
        f" --output /dev/null --resolve {HOST_NAME}:443:{ADDRESS} --write-out '%{{http_code}}\\n' 'https://{HOST_NAME}/gateway/x[1-400]'"
    )
    time.sleep(1)
    began = time.monotonic()
    found = guest("portal").check_output(command).split()
    windows = int(time.monotonic() - began) + 2
    assert set(found) == {"200", "429"}
    assert found.count("200") <= windows * (50 + AT_ONCE)  # and what was let in before the others were counted
    assert found.count("429") >= 100
    time.sleep(1.1)
    assert portal("/gateway/x").status == 200


def test_backend_that_is_away_is_not_described(root: Host) -> None:
    root.check_output("systemctl stop backend.service")
    try:
        answer = portal("/gateway/x")
    finally:
        root.check_output("systemd-run --unit=backend python3 /usr/local/sbin/backend.py 8390")
    assert (answer.status, answer.body) == (503, "not available\n")
    deadline = time.monotonic() + 10
    while portal("/gateway/x").status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_reload_keeps_a_transfer_and_restart_is_quick(root: Host) -> None:
    root.check_output("timeout 5 systemctl reload apache2.service")
    assert portal("/gateway/x").status == 200
    root.check_output("timeout 10 systemctl restart apache2.service")
    assert portal(f"{SERIES_PATH}/metadata").status == 200


def test_key_is_readable_by_root_only(root: Host) -> None:
    key = root.file("/etc/apache2/gatekit/certificate-and-key.pem")
    assert (key.user, key.group, key.mode) == ("root", "root", 0o600)


def test_exactly_our_modules_are_loaded(root: Host) -> None:
    shown = root.check_output("apache2 -t -D DUMP_MODULES -f /etc/apache2/apache2.conf")
    loaded = {line.split()[0] for line in shown.splitlines() if "(shared)" in line}
    wanted = ["mpm_event", "authz_core", "authz_host", "headers", "proxy", "proxy_http", "reqtimeout", "rewrite"]
    wanted += ["setenvif", "socache_shmcb", "ssl", "unique_id", "security2"]
    assert loaded == {f"{name}_module" for name in wanted}


def test_unit_is_confined(root: Host) -> None:
    shown = root.check_output(
        "systemctl show apache2.service --property NoNewPrivileges,ProtectSystem,MemoryDenyWriteExecute,Restart"
    )
    assert sorted(shown.splitlines()) == [
        "MemoryDenyWriteExecute=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "Restart=always",
    ]
    workers = root.check_output("ps -o user= -C apache2").split()
    assert set(workers) == {"root", "www-data"}
