"""http and https against real servers: the status, and what is known about the certificate."""

from __future__ import annotations

import hashlib
import http.server
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytestmark = pytest.mark.peer

TCP = ("tcp", "accepted", {})


class Pages(http.server.BaseHTTPRequestHandler):
    """/reports is served, /login asks for one, the rest is not there."""

    def do_GET(self) -> None:
        self.send_response({"/reports": 200, "/login": 401}.get(self.path, 404))
        self.end_headers()
        self.wfile.write(b"patient 42")

    def log_message(self, *_: object) -> None: ...


def serve(context: ssl.SSLContext | None) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.handle_error = lambda *_: None  # a client that refuses the certificate is what is tested
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def web() -> Iterator[int]:
    server = serve(None)
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a self-signed certificate for 127.0.0.1 with its key, in one PEM file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "reports")])
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "server.pem"
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(pem))
    return path


@pytest.fixture
def secure_web(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = serve(context)
    yield server.server_port
    server.shutdown()
    server.server_close()


def fingerprint(certificate: Path) -> str:
    der = ssl.PEM_cert_to_DER_cert("-----BEGIN CERT" + certificate.read_text().split("-----BEGIN CERT")[1])
    return hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize(("path", "status"), [("/reports", "200"), ("/login", "401"), ("/gone", "404")])
def test_op_7_only_the_status_of_the_path_is_kept(web, steps, path, status) -> None:
    assert steps("http", web, path=path) == [TCP, ("http", "answered", {"status": status})]


def test_op_7_a_certificate_of_a_known_authority_is_verified(secure_web, certificate, steps, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    found = steps("https", secure_web, path="/reports")
    tls = {"version": "TLSv1.3", "sha256": fingerprint(certificate), "verified": "yes"}
    assert found == [TCP, ("tls", "answered", tls), ("http", "answered", {"status": "200"})]


def test_op_7_an_unknown_certificate_is_said_to_be_unverified_with_its_fingerprint(
    secure_web, certificate, steps, monkeypatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    found = steps("https", secure_web, path="/reports")
    reason = {"verified": "no", "reason": "self-signed certificate"}
    tls = {"version": "TLSv1.3", "sha256": fingerprint(certificate), **reason}
    assert found == [TCP, ("tls", "answered", tls), ("http", "answered", {"status": "200"})]


def test_op_7_a_plain_server_on_the_https_port_is_told_apart(web, steps) -> None:
    found = steps("https", web)
    assert [row[:2] for row in found] == [TCP[:2], ("tls", "tls_failed")]


def test_op_7_a_server_of_another_protocol_is_garbled(peer, steps) -> None:
    port = peer(lambda stream: stream.sendall(b"SSH-2.0-x\r\n") or stream.recv(4096))
    assert steps("http", port) == [TCP, ("http", "garbled", {"reason": "BadStatusLine"})]
