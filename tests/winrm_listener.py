"""A WinRM listener that refuses every password, with a certificate like the one Windows makes itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gatekit.certificates.authority import Issued
from gatekit.devices.windows import Door

LOOPBACK = "127.0.0.1"


def windows_certificate() -> Issued:
    """Return a certificate with the fields New-SelfSignedCertificate gives: no CA, no authority key identifier."""
    key = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gw-kita-vm3")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(True, False, True, False, False, False, False, False, False)
    names = [x509.DNSName("gw-kita-vm3"), x509.IPAddress(ipaddress.ip_address(LOOPBACK))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(days=30))
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return Issued(made.public_bytes(pem).decode(), private.decode())


def sha256(pem: str) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


class Listener:
    """A door that refuses every password, and what was said to it."""

    def __init__(self, certificate: Issued, folder: Path) -> None:
        self.requests: list[str] = []
        self.certificate = certificate.certificate
        heard = self.requests

        class Refusal(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(self.headers.get("Authorization", "").partition(" ")[0])
                self.send_response(401)
                self.send_header("WWW-Authenticate", "Negotiate")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        (folder / "listener.pem").write_text(certificate.certificate + certificate.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "listener.pem")
        self.server = HTTPServer((LOOPBACK, 0), Refusal)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def door(self) -> Door:
        return Door(LOOPBACK, int(self.server.server_address[1]))

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
