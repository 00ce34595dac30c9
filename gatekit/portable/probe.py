"""Ask questions by packets from one host, and print the answers as one JSON document.

Self-contained on purpose: the text of this file is piped to ``python3 -`` on a probe host, as root,
with the job as JSON in the only argument. Nothing is installed, written or left running there.

Job: ``{"operations": [{"id", "op", ...}]}``.
Answer: ``{"python", "results": {id: {"outcome", "detail", "duration_s", ...}}}``.
Outcomes are words, never verdicts; what they mean is decided in ``gatekit.verify``.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

THREADS = 24
NTP_QUERY = b"\x23" + 47 * b"\0"  # RFC 5905: leap 0, version 4, mode 3 (client)
SYSLOG_PRIORITY = 8 * 16 + 6  # local0.info (RFC 5424, 6.2.1)


# ------------------------------------------------------------------ single questions
def _outcome(error: OSError) -> str:
    """Return the word for a failed connection; unknown errors are not guessed at but raised."""
    if isinstance(error, ConnectionRefusedError):
        return "refused"  # the destination itself answered: the packets got there
    if isinstance(error, TimeoutError):
        return "no_answer"
    if isinstance(error, PermissionError):
        return "blocked_here"  # this host's own packet filter
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "cut"
    if isinstance(error, socket.gaierror):
        return "no_name"
    if error.errno in (101, 113):  # ENETUNREACH, EHOSTUNREACH
        return "unreachable"
    raise error


def tcp(asked: dict[str, Any]) -> dict[str, Any]:
    """Return whether a connection is accepted, and the first line the listener says when asked to wait for it."""
    with socket.create_connection((asked["address"], asked["port"]), asked["timeout_s"]) as stream:
        if not asked.get("banner"):
            return {"outcome": "accepted", "detail": ""}
        line = stream.recv(256).split(b"\r\n")[0].decode("ascii", "replace")
        return {"outcome": "accepted", "detail": line}


def _udp_exchange(asked: dict[str, Any], query: bytes) -> bytes:
    """Return the reply to one datagram, asking up to three times within ``timeout_s``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect((asked["address"], asked["port"]))
        datagrams.settimeout(asked["timeout_s"] / 3)
        for attempt in range(3):
            datagrams.send(query)
            try:
                return datagrams.recv(4096)
            except TimeoutError:
                if attempt == 2:
                    raise
    raise TimeoutError


def dns_query(name: str) -> bytes:
    """Return a question for a name's A records (RFC 1035, 4.1)."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".") if label)
    return struct.pack("!6H", int.from_bytes(os.urandom(2)), 0x0100, 1, 0, 0, 0) + labels + struct.pack("!xHH", 1, 1)


def _dns_addresses(reply: bytes) -> list[str]:
    """Return the A records of a reply (RFC 1035, 4.1); names are compressed or spelt out."""

    def skip_name(at: int) -> int:
        while reply[at] and reply[at] < 0xC0:
            at += 1 + reply[at]
        return at + (2 if reply[at] >= 0xC0 else 1)

    at, found = skip_name(12) + 4, []
    for _ in range(struct.unpack_from("!H", reply, 6)[0]):
        at = skip_name(at)
        kind, _class, _ttl, length = struct.unpack_from("!HHIH", reply, at)
        at += 10
        if kind == 1:
            found.append(str(IPv4Address(reply[at : at + 4])))
        at += length
    return found


def dns(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the addresses a resolver gives for ``name``."""
    query = dns_query(asked["name"])
    reply = _udp_exchange(asked, query)
    if reply[:2] != query[:2]:
        return {"outcome": "garbled", "detail": "reply to another question"}
    code = reply[3] & 15
    addresses = _dns_addresses(reply) if code == 0 else []
    return {"outcome": "answered" if code == 0 else "negative", "detail": " ".join(addresses) or f"rcode {code}"}


def ntp(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the stratum a time server claims; the clock is not touched."""
    reply = _udp_exchange(asked, NTP_QUERY)
    if len(reply) < 48 or reply[0] & 7 != 4:
        return {"outcome": "garbled", "detail": "not an NTP server's reply"}
    return {"outcome": "answered" if 0 < reply[1] < 16 else "negative", "detail": f"stratum {reply[1]}"}


ARRIVED = "arrived"
"""Stands before the marker in the line itself only, not where the question is logged (sudo does)."""


def syslog(asked: dict[str, Any]) -> dict[str, Any]:
    """Send one marked line; whether it arrived is read in the server's log by ``find_text``."""
    line = f"<{SYSLOG_PRIORITY}>1 - {socket.gethostname()} gatekit-verify - - - {ARRIVED} {asked['marker']}".encode()
    if asked["protocol"] == "tcp":
        with socket.create_connection((asked["address"], asked["port"]), asked["timeout_s"]) as stream:
            stream.sendall(line + b"\n")
    else:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.sendto(line, (asked["address"], asked["port"]))
    return {"outcome": "sent", "detail": ""}


def find_text(asked: dict[str, Any]) -> dict[str, Any]:
    """Return whether ``text`` stands in one of ``files`` (glob patterns), waiting up to ``timeout_s`` for it."""
    wanted, end = asked["text"].encode(), time.monotonic() + asked["timeout_s"]
    while True:
        for pattern in asked["files"]:
            for path in Path("/").glob(pattern.lstrip("/")):
                if path.is_file() and wanted in path.read_bytes()[-(1 << 20) :]:
                    return {"outcome": "found", "detail": str(path)}
        if time.monotonic() > end:
            return {"outcome": "absent", "detail": " ".join(asked["files"])}
        time.sleep(0.2)


def ping(asked: dict[str, Any]) -> dict[str, Any]:
    """Return whether an echo request is answered (RFC 792); asks up to three times."""
    mark = int.from_bytes(os.urandom(2))
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        for attempt in range(3):
            total = 0x0800 + mark + attempt  # ones' complement sum of the message's words (RFC 792, RFC 1071)
            checksum = 65535 - (total & 0xFFFF) - (total >> 16)
            raw.sendto(struct.pack("!BBHHH", 8, 0, checksum, mark, attempt), (asked["address"], 0))
            end = time.monotonic() + asked["timeout_s"] / 3
            while (left := end - time.monotonic()) > 0:
                raw.settimeout(left)
                try:
                    packet = raw.recv(1500)
                except TimeoutError:
                    break
                body = packet[(packet[0] & 15) * 4 :]
                if body[0] == 0 and struct.unpack_from("!H", body, 4)[0] == mark:
                    return {"outcome": "answered", "detail": ""}
    raise TimeoutError


def _http_status(stream: socket.socket) -> tuple[int, str, bytes]:
    """Return status, header text in lower case and body (at most 64 KiB) of an HTTP/1 reply."""
    text = b""
    while len(text) < 1 << 16 and (part := stream.recv(16384)):
        text += part
    head, _, body = text.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if not head.startswith(b"HTTP/1") or len(words) < 2:
        raise ConnectionResetError("no HTTP reply")
    return int(words[1][:3]), head.decode("latin-1").lower(), body


def _get(stream: socket.socket, host: str, target: str) -> tuple[int, str, bytes]:
    stream.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
    return _http_status(stream)


def _tls(asked: dict[str, Any], stream: socket.socket) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=asked.get("ca_file"))
    if asked.get("certificate"):
        context.load_cert_chain(asked["certificate"], asked["key"])
    return context.wrap_socket(stream, server_hostname=asked["host"])


def _page(status: int) -> str:
    return "served" if status < 400 else {403: "forbidden", 404: "not_found"}.get(status, "denied")


def http(asked: dict[str, Any]) -> dict[str, Any]:
    """Return status, content type and body of a page fetched in clear, e.g. the PAC file."""
    with socket.create_connection((asked["address"], asked["port"]), asked["timeout_s"]) as stream:
        status, head, body = _get(stream, asked["host"], asked["path"])
    kinds = [line.partition(":")[2].strip() for line in head.splitlines() if line.startswith("content-type:")]
    return {
        "outcome": "served",
        "detail": str(status),
        "status": status,
        "content_type": "".join(kinds),
        "body": body.decode("utf-8", "replace"),
    }


def https(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the status of a page over verified TLS, with a client certificate when one is given."""
    with socket.create_connection((asked["address"], asked["port"]), asked["timeout_s"]) as stream:
        return _https_over(asked, stream)


def _https_over(asked: dict[str, Any], stream: socket.socket) -> dict[str, Any]:
    try:
        with _tls(asked, stream) as secured:
            status, _, _ = _get(secured, asked["host"], asked["path"])
            return {"outcome": _page(status), "detail": f"{status} {secured.version()}"}
    except ssl.SSLCertVerificationError as error:
        return {"outcome": "untrusted", "detail": error.verify_message}
    except ssl.SSLError as error:  # TLS 1.3 refuses a missing client certificate only at the first read
        return {"outcome": "tls_refused", "detail": (error.reason or "").lower().replace("_", " ")}


def proxy(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the proxy says to CONNECT (then the page's status over TLS) or to a plain GET."""
    with socket.create_connection((asked["proxy"], asked["proxy_port"]), asked["timeout_s"]) as stream:
        if asked["method"] == "GET":
            status, _, _ = _get(stream, asked["host"], f"http://{asked['host']}:{asked['port']}{asked['path']}")
            return {"outcome": "refused_by_proxy" if status >= 400 else "served", "detail": str(status)}
        name = f"{asked['host']}:{asked['port']}"
        stream.sendall(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode("ascii"))
        reply = stream.recv(4096)
        status = int(reply.split(b" ", 2)[1][:3]) if reply.startswith(b"HTTP/1") else 0
        if status != 200:
            return {"outcome": "refused_by_proxy", "detail": str(status)}
        if not asked.get("tls"):
            return {"outcome": "tunnelled", "detail": str(status)}
        return _https_over(asked, stream)


OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    operation.__name__: operation for operation in (tcp, dns, ntp, syslog, find_text, ping, http, https, proxy)
}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome of one operation with the seconds it took."""
    started = time.monotonic()
    try:
        result = OPERATIONS[asked["op"]](asked)
    except OSError as error:
        result = {"outcome": _outcome(error), "detail": ""}
    return result | {"duration_s": round(time.monotonic() - started, 3)}


def main(job_text: str) -> None:
    """Run one job and print its answers."""
    job = json.loads(job_text)
    with ThreadPoolExecutor(THREADS) as pool:
        results = dict(zip((o["id"] for o in job["operations"]), pool.map(answer, job["operations"]), strict=True))
    print(json.dumps({"python": sys.version.split()[0], "results": results}))


if __name__ == "__main__":
    main(sys.argv[1])
