"""The PKCS12 file of the https listener, made from PEM with the node's openssl; no secret touches an argument list."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..changes import Change
from ..errors import NodeError

__all__ = ["KeystoreChange", "apply", "plan"]

_TIMEOUT_S = 30
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class KeystoreChange(Change):
    """The file to write."""

    path: str
    account: str


def plan(path: str, account: str, certificate: str, key: str, password: str) -> KeystoreChange:
    """Return whether the file holds this key and chain under this password, with owner and mode 0600.

    Raises:
        NodeError: GW104 when certificate or key is not PEM.
    """
    chain = _CERTIFICATE.findall(certificate)
    if not chain:
        raise NodeError("GW104", "keystore.certificate", "no PEM certificate", "Give the leaf, then its chain.")
    wanted = {"certificates": [_fingerprint(pem) for pem in chain], "key": "the one given", "owner": account}
    wanted |= {"mode": "0600"}
    if not Path(path).is_file():
        return KeystoreChange({"state": "absent"}, wanted, path, account)
    return KeystoreChange(_found(Path(path), key, password), wanted, path, account)


def _found(path: Path, key: str, password: str) -> dict[str, object]:
    """Return what the file holds, in words; a file that this password does not open counts as another."""
    reading = ["pkcs12", "-in", str(path), "-passin", "env:GATEKIT_PASSWORD", "-nodes"]
    done = _run(reading, "", password)
    if done.returncode != 0:
        return {"state": "another password or no PKCS12"}
    public = ["pkey", "-pubout"]
    same = _openssl(public, done.stdout, password, path.name) == _openssl(public, key, password, "keystore.key")
    return {
        "certificates": [_fingerprint(pem) for pem in _CERTIFICATE.findall(done.stdout)],
        "key": "the one given" if same else "another",
        "owner": path.owner(),
        "mode": f"{path.stat().st_mode & 0o7777:04o}",
    }


def apply(change: KeystoreChange, certificate: str, key: str, password: str) -> None:
    """Write the file beside its place, then rename it.

    Raises:
        NodeError: GW406 when key and certificate do not belong together, GW407 no such account.
    """
    target = Path(change.path)
    staged = target.with_name(f".{target.name}.gatekit")
    words = ["pkcs12", "-export", "-name", "https", "-out", str(staged), "-passout", "env:GATEKIT_PASSWORD"]
    _openssl(words, f"{key.strip()}\n{certificate.strip()}\n", password, "keystore")
    try:
        shutil.chown(staged, change.account, change.account)
    except LookupError as err:
        raise NodeError("GW407", "keystore.account", change.account, "Create the account first.") from err
    os.chmod(staged, 0o600)
    os.replace(staged, target)


def _fingerprint(pem: str) -> str:
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    except ValueError as err:
        raise NodeError("GW104", "keystore.certificate", str(err), "Give the leaf, then its chain, as PEM.") from err


def _openssl(words: list[str], given: str, password: str, place: str) -> str:
    done = _run(words, given, password)
    if done.returncode != 0:
        code = "GW406" if words[0] == "pkcs12" else "GW104"
        fix = "Give a PEM certificate with its own unencrypted PEM key."
        raise NodeError(code, place, done.stderr.strip().splitlines()[-1:], fix)
    return done.stdout


def _run(words: list[str], given: str, password: str) -> subprocess.CompletedProcess[str]:
    """Return openssl's end; key and password go by standard input and environment, files are ours alone."""
    settings = {**os.environ, "GATEKIT_PASSWORD": password, "LC_ALL": "C.UTF-8"}
    try:
        return subprocess.run(
            ["openssl", *words],
            input=given,
            capture_output=True,
            text=True,
            env=settings,
            timeout=_TIMEOUT_S,
            check=False,
            umask=0o077,
        )
    except FileNotFoundError as err:
        raise NodeError("GW407", "command.openssl", "openssl", "Install the package that brings it first.") from err
