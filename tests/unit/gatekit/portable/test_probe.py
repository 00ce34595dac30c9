from __future__ import annotations

import ast
import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from types import ModuleType

import pytest

from gatekit.portable import port_scan, probe


@contextmanager
def server(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP server on loopback that says one thing to one caller."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            stream, _ = listener.accept()
            with stream:
                speak(stream)

        worker = threading.Thread(target=serve)
        worker.start()
        yield listener.getsockname()[1]
        worker.join(5)


@contextmanager
def datagram_server(reply: Callable[[bytes], bytes]) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))

        def serve() -> None:
            query, peer = listener.recvfrom(4096)
            listener.sendto(reply(query), peer)

        worker = threading.Thread(target=serve)
        worker.start()
        yield listener.getsockname()[1]
        worker.join(5)


def ask(op: str, port: int, **more: object) -> tuple[str, str]:
    answer = probe.answer({"op": op, "address": "127.0.0.1", "port": port, "timeout_s": 3.0, **more})
    return answer["outcome"], answer["detail"]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("program", [probe, port_scan], ids=["probe", "port_scan"])
def test_what_is_piped_to_a_host_imports_the_standard_library_alone(program: ModuleType) -> None:
    tree = ast.parse(Path(str(program.__file__)).read_text(encoding="utf-8"))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names | {"__future__"}


def test_an_open_port_is_accepted_and_its_banner_read() -> None:
    with server(lambda stream: stream.sendall(b"SSH-2.0-OpenSSH_10.0\r\n")) as port:
        assert ask("tcp", port, banner=True) == ("accepted", "SSH-2.0-OpenSSH_10.0")


def test_a_closed_port_is_refused_by_the_host_itself() -> None:
    assert ask("tcp", closed_port()) == ("refused", "")


def test_dns_gives_the_addresses_of_the_reply() -> None:
    def reply(query: bytes) -> bytes:
        head = query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0)
        return head + query[12:] + b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + IPv4Address("10.200.1.10").packed

    with datagram_server(reply) as port:
        assert ask("dns", port, name="portal.example.jp") == ("answered", "10.200.1.10")


def test_dns_tells_a_negative_answer_from_an_answer() -> None:
    with datagram_server(lambda query: query[:2] + struct.pack("!5H", 0x8183, 1, 0, 0, 0) + query[12:]) as port:
        assert ask("dns", port, name="nowhere.example.jp") == ("negative", "rcode 3")


@pytest.mark.parametrize(
    ("first", "stratum", "expected"),
    [
        (0x24, 2, ("answered", "stratum 2")),
        (0x24, 16, ("negative", "stratum 16")),
        (0x23, 2, ("garbled", "not an NTP server's reply")),
    ],
    ids=["synchronised", "unsynchronised", "echo"],
)
def test_ntp_tells_a_synchronised_server(first: int, stratum: int, expected: tuple[str, str]) -> None:
    with datagram_server(lambda _query: bytes([first, stratum]) + 46 * b"\0") as port:
        assert ask("ntp", port) == expected


def proxy_job(port: int) -> dict[str, object]:
    return {
        "op": "proxy",
        "proxy": "127.0.0.1",
        "proxy_port": port,
        "timeout_s": 3.0,
        "method": "CONNECT",
        "host": "www.example.org",
        "path": "/",
    }


def test_a_proxy_that_refuses_connect_is_told_with_its_status() -> None:
    def refuse(stream: socket.socket) -> None:
        stream.recv(1024)
        stream.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with server(refuse) as port:
        answer = probe.answer({**proxy_job(port), "port": 443})
    assert (answer["outcome"], answer["detail"]) == ("refused_by_proxy", "403")


def test_a_fault_that_is_no_network_outcome_is_not_guessed_at() -> None:
    with pytest.raises(KeyError):
        probe.answer({"op": "no such question"})


def test_one_job_gives_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    port = closed_port()
    probe.main(
        json.dumps(
            {
                "operations": [{"id": "a", "op": "tcp", "address": "127.0.0.1", "port": port, "timeout_s": 1.0}],
            }
        )
    )
    document = json.loads(capsys.readouterr().out)
    assert document["results"]["a"]["outcome"] == "refused"
