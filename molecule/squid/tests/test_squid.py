"""HC-1 and HC-2 by real requests: from a HIS terminal, from a stranger, and what the proxy writes down."""

from __future__ import annotations

import json
import os
import shlex
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import testinfra
from testinfra.host import Host

testinfra_hosts = ["ansible://vm2"]

PROXY, PAC = "10.166.252.20", "http://10.166.252.20/proxy.pac"
PORTAL = "portal.idlink.example.jp"

# Runs on a terminal, prints JSON: the reply of the proxy to CONNECT, and the portal's status through it.
CLIENT = """
import http.client, json, socket, ssl, sys
address, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = {}
try:
    raw = socket.create_connection((address, 3128), timeout=3)
    raw.sendall(f"CONNECT {host}:{port} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\n\\r\\n".encode())
    seen["proxy"] = int(raw.recv(4096).split()[1])
    if seen["proxy"] == 200:
        tls = ssl.create_default_context(cafile="/srv/portal.pem").wrap_socket(raw, server_hostname=host)
        tls.sendall(f"GET /records?patient=12345 HTTP/1.0\\r\\nHost: {host}\\r\\n\\r\\n".encode())
        seen["portal"] = int(tls.recv(4096).split()[1])
except TimeoutError:
    seen["proxy"] = "no answer"
print(json.dumps(seen))
"""

# A session of a terminal: says on its own machine that it stands, and goes on when it is told there.
HELD = """
import json, pathlib, socket, ssl, sys, time
address, host, stands, go_on = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
raw = socket.create_connection((address, 3128), timeout=30)
raw.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}:443\\r\\n\\r\\n".encode())
seen = {"proxy": int(raw.recv(4096).split()[1])}
tls = ssl.create_default_context(cafile="/srv/portal.pem").wrap_socket(raw, server_hostname=host)
stands.touch()
end = time.monotonic() + 60
while not go_on.exists() and time.monotonic() < end:
    time.sleep(0.1)
tls.sendall(f"GET / HTTP/1.0\\r\\nHost: {host}\\r\\n\\r\\n".encode())
seen["portal"] = int(tls.recv(4096).split()[1])
print(json.dumps(seen))
"""

PLAIN = """
import http.client, json, sys
connection = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=5)
connection.request(sys.argv[3], sys.argv[4], headers={"Host": sys.argv[5]})
reply = connection.getresponse()
print(json.dumps({"status": reply.status, "type": reply.getheader("Content-Type"), "via": reply.getheader("Via"),
                  "server": reply.getheader("Server"), "body": reply.read().decode("utf-8", "replace")}))
"""


@dataclass(frozen=True)
class Terminal:
    """One machine outside, driven over SSH."""

    name: str

    def run(self, script: str, *words: object) -> dict[str, object]:
        host = testinfra.get_host(f"ansible://{self.name}?ansible_inventory={INVENTORY}")
        command = " ".join(shlex.quote(str(word)) for word in ("python3", "-c", script, *words))
        found: dict[str, object] = json.loads(host.check_output(command.replace("%", "%%")))
        return found

    def connect(self, host: str, port: int = 443) -> dict[str, object]:
        return self.run(CLIENT, PROXY, host, port)

    def ask(self, port: int, method: str, target: str, host: str = PORTAL) -> dict[str, object]:
        return self.run(PLAIN, PROXY, port, method, target, host)


INVENTORY = os.environ["MOLECULE_INVENTORY_FILE"]
terminal, stranger = Terminal("terminal"), Terminal("stranger")


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def test_hc_1_terminal_reaches_the_portal_through_the_proxy() -> None:
    assert terminal.connect(PORTAL) == {"proxy": 200, "portal": 200}


@pytest.mark.parametrize(
    ("host", "port"),
    [
        pytest.param("other.example.jp", 443, id="name-that-resolves-but-is-not-permitted"),
        pytest.param(f"www.{PORTAL}", 443, id="sub-domain-of-an-exact-name"),
        pytest.param("10.166.252.50", 443, id="address-of-the-portal"),
        pytest.param(PORTAL, 22, id="other-port-of-the-portal"),
        pytest.param("localhost", 443, id="the-proxy-itself"),
        pytest.param("[::1]", 443, id="ipv6-loopback"),
    ],
)
def test_hc_1_terminal_reaches_nothing_else(host: str, port: int) -> None:
    assert terminal.connect(host, port) == {"proxy": 403}


def test_hc_1_plain_http_is_refused_even_to_the_portal() -> None:
    assert terminal.ask(3128, "GET", f"http://{PORTAL}/")["status"] == 403


def test_hc_1_cache_manager_is_refused() -> None:
    assert terminal.ask(3128, "GET", "http://vm2.gw.example.jp:3128/squid-internal-mgr/info")["status"] == 403


def test_hc_1_stranger_gets_no_answer() -> None:
    assert stranger.connect(PORTAL) == {"proxy": "no answer"}


def test_hc_1_squid_refuses_a_stranger_too_when_asked_past_the_packet_filter(root: Host) -> None:
    words = f"CONNECT {PORTAL}:443 HTTP/1.1\\r\\nHost: {PORTAL}\\r\\n\\r\\n"
    asked = f"exec 3<>/dev/tcp/{PROXY}/3128; printf '{words}' >&3; head -n 1 <&3"
    assert root.check_output(f"bash -c {shlex.quote(asked)}".replace("%", "%%")).split()[1] == "403"


def test_names_that_are_not_permitted_are_never_asked_of_the_name_server() -> None:
    terminal.connect("secret-name.example.jp")
    services = testinfra.get_host(f"ansible://services?ansible_inventory={INVENTORY}")
    with services.sudo():
        asked = services.check_output("journalctl --unit name-server --output cat")
    assert "secret-name" not in asked
    assert "idlink" in asked


def test_log_holds_host_and_port_and_no_path_or_query(root: Host) -> None:
    terminal.connect(PORTAL)
    terminal.ask(3128, "GET", f"http://{PORTAL}/records?patient=98765")
    lines = root.file("/var/log/squid/access.log").content_string.splitlines()
    assert any("TCP_TUNNEL/200" in line and line.split()[6] == f"{PORTAL}:443" for line in lines)
    assert not any("patient" in line or "records" in line for line in lines)


def test_proxy_does_not_name_itself_or_its_version() -> None:
    refused = terminal.ask(3128, "GET", f"http://{PORTAL}/")
    assert refused["via"] is None
    assert refused["server"] == "squid"


def test_nothing_is_kept_on_the_disk(root: Host) -> None:
    assert root.check_output("find /var/spool/squid -type f") == ""


def until(true: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def accepts() -> bool:
    try:
        return terminal.connect(PORTAL) == {"proxy": 200, "portal": 200}
    except AssertionError:  # refused: Squid closes its listening socket for a moment
        return False


def test_reload_is_quick_and_keeps_the_session_of_a_terminal(root: Host) -> None:
    own = testinfra.get_host(f"ansible://{terminal.name}?ansible_inventory={INVENTORY}")
    stands, go_on = "session-stands", "session-goes-on"  # in the operator's home there
    own.check_output(f"rm -f {stands} {go_on}")
    with ThreadPoolExecutor(1) as pool:
        session = pool.submit(terminal.run, HELD, PROXY, PORTAL, stands, go_on)
        until(lambda: own.file(stands).exists, 30)
        root.check_output("timeout 2 systemctl reload squid.service")
        own.check_output(f"touch {go_on}")
        assert session.result(30) == {"proxy": 200, "portal": 200}
    until(accepts, 10)


def test_cold_start_takes_less_than_five_seconds(root: Host) -> None:
    root.check_output("systemctl stop squid.service")
    assert root.run("timeout 5 systemctl start squid.service").rc == 0


def test_hc_2_terminal_fetches_the_pac_file_as_pac() -> None:
    found = terminal.ask(80, "GET", "/proxy.pac", PROXY)
    assert found["status"] == 200
    assert found["type"] == "application/x-ns-proxy-autoconfig"
    assert f'return "PROXY {PROXY}:3128";' in str(found["body"])


@pytest.mark.parametrize("name", ["proxy-settings.reg", "proxy-winhttp.cmd", "proxy-settings.txt"])
def test_hc_2_terminal_fetches_the_other_settings(name: str) -> None:
    found = terminal.ask(80, "GET", f"/{name}", PROXY)
    assert found["status"] == 200
    assert PAC in str(found["body"])


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/", 403),
        ("GET", "/index.html", 403),
        ("GET", "/../../etc/passwd", 403),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 403),
        ("POST", "/proxy.pac", 403),
        ("OPTIONS", "/proxy.pac", 403),
    ],
)
def test_hc_2_settings_server_gives_nothing_else(method: str, target: str, status: int) -> None:
    assert terminal.ask(80, method, target, PROXY)["status"] == status


def test_checkers_accept_what_is_in_place(root: Host) -> None:
    assert root.run("squid -k parse -f /etc/squid/squid.conf").rc == 0
    assert root.run("lighttpd -tt -f /etc/lighttpd/lighttpd.conf").rc == 0
    assert root.run("nft --check --file /etc/nftables.conf").rc == 0


def test_daemons_listen_on_the_one_address_only(root: Host) -> None:
    sockets = [line.split()[3] for line in root.check_output("ss -Hltn").splitlines()]
    assert sorted(entry for entry in sockets if not entry.endswith(":22")) == [f"{PROXY}:3128", f"{PROXY}:80"]
