"""The real simulator process over TLS, for stories and molecule.

As a command: ``python -m tests.stories.esxi.simulator start|stop FOLDER``; FOLDER then holds ca.pem, ca_key.pem,
password, port, operator(.pub), host_key_<vm>(.pub), host_plan.json, secrets.json and the process id.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from tests.stories.esxi.loopback import SPARE, loopback_plan, secrets
from twin.esx_build import simulator_binary
from twin.progress import Progress

USER, PASSWORD = "root", "a-password-of-the-test"
ADDRESS = "127.0.0.1"
START_TIMEOUT_S = 10.0


def build(target: Path) -> Path:
    """Return a copy of the twin's simulator at ``target``: the same program, built once."""
    shutil.copy2(simulator_binary(Progress()), target)
    return target


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    return (
        x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer)).public_key(key)
        .serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + 60 * day)
    )  # fmt: skip


def make_certificates(folder: Path) -> None:
    """Write ca.pem with ca_key.pem, and cert.pem with key.pem for loopback address and planned name, signed by it."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    ca = _builder("test CA", "test CA", ca_key.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    ca = ca.add_extension(usage, critical=True)
    planned = loopback_plan()
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address(ADDRESS)), x509.DNSName(f"{planned.name}.{planned.domain}")]
    )
    host = _builder("esxi", "test CA", key.public_key()).add_extension(names, critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    host = host.add_extension(issuer, critical=False)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    (folder / "cert.pem").write_bytes(host.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    for name, private in (("key.pem", key), ("ca_key.pem", ca_key)):
        (folder / name).write_bytes(
            private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
    (folder / "password").write_text(PASSWORD)


def ssh_key() -> tuple[str, str]:
    """Return a new ed25519 key: private (OpenSSH), public."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private.decode(), public.decode()


@dataclass
class Simulator:
    """One running simulator and its test endpoints."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    calls: list[str] = field(default_factory=list)

    @property
    def ca(self) -> str:
        return (self.folder / "ca.pem").read_text()

    def control(self, path: str, body: object = None, method: str = "POST") -> str:
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"https://{ADDRESS}:{self.port}/_ctl/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Basic {token}"},
        )
        context = ssl.create_default_context(cadata=self.ca)
        with urllib.request.urlopen(request, context=context) as reply:  # noqa: S310 - the address above is https
            return str(reply.read().decode())

    def fault(self, method: str, fault: str, *, task: bool = False, maximum: int = 1, message: str = "") -> None:
        self.control("fault", {"Method": method, "Fault": fault, "Task": task, "Max": maximum, "Message": message})

    def log(self) -> str:
        return (self.folder / "log").read_text()


def start(binary: Path, folder: Path, *options: str, path_first: Path | None = None) -> Simulator:
    """Start the simulator on a free port of the loopback; certificates are in ``folder``."""
    environment = os.environ | {"VCSIM_INSPECT_INTERVAL": "1s"}
    if path_first is not None:
        environment["PATH"] = f"{path_first}:{environment['PATH']}"
    files = {"-tls-cert": "cert.pem", "-tls-key": "key.pem", "-password-file": "password"}
    paths = [word for option, name in files.items() for word in (option, str(folder / name))]
    command = [str(binary), "-listen", f"{ADDRESS}:0", "-user", USER, *paths, *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log, start_new_session=True)
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        for line in (folder / "log").read_text().splitlines():
            if line.startswith("listening "):
                return Simulator(folder, int(line.rpartition(":")[2]), process)
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError((folder / "log").read_text())
        time.sleep(0.01)


def stop(simulator: Simulator) -> None:
    simulator.process.terminate()
    simulator.process.wait(timeout=60)


def docker_wrapper(folder: Path) -> Path:
    """Return a folder whose ``docker`` is podman."""
    folder.mkdir(exist_ok=True)
    wrapper = folder / "docker"
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("podman")} "$@"\n')
    wrapper.chmod(0o755)
    return folder


def _start_command(folder: Path, vms: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    make_certificates(folder)
    for name in ("operator", *(f"host_key_{vm}" for vm in vms)):
        private, public = ssh_key()
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(private)
        (folder / f"{name}.pub").write_text(public + "\n")
    simulator = start(build(folder / "esxsim"), folder, "-control", path_first=docker_wrapper(folder / "bin"))
    (folder / "pid").write_text(str(simulator.process.pid))
    (folder / "port").write_text(str(simulator.port))
    spare = {"vswitches": (*loopback_plan().vswitches, SPARE)}
    (folder / "host_plan.json").write_text(loopback_plan().model_copy(update=spare).model_dump_json())
    (folder / "secrets.json").write_text(json.dumps(secrets(PASSWORD)))


def _stop_command(folder: Path) -> None:
    pid_file = folder / "pid"
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text())
    if f"{folder}/esxsim".encode() in _command_line(pid):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 60
    while _command_line(pid) and time.monotonic() < end:
        time.sleep(0.05)
    shutil.rmtree(folder)


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def main(arguments: list[str]) -> None:
    verb, folder, *vms = arguments
    if verb == "start":
        _start_command(Path(folder), vms)
    else:
        _stop_command(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
