"""sftp: the server's banner, its host keys, and a listing of one folder; names of files are counted, never kept.

Strict: a password is sent only to a server whose host key its vendor has confirmed (``host_key`` as
``SHA256:...``). A key read on the wire proves nothing by itself, so without a confirmed one the sheet shows
the fingerprints to be confirmed and the listing is not run. OpenSSH's own client does the encryption.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from .dialogue import Asked, Dialogue, Trouble, printable

KEY_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
RSA_SIGNATURES = "rsa-sha2-512,rsa-sha2-256"
ASKPASS = "#!/bin/sh\nprintf '%s\\n' \"$GATEKIT_SFTP_PASSWORD\"\n"


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Read the banner, the host keys, and list the folder where an account and a confirmed key are given."""
    with dialogue.connection(asked) as channel, dialogue.step("ssh_banner") as found:
        banner = channel.until(b"\n", 1024)
        if not banner.startswith(b"SSH-2.0-"):
            raise Trouble("garbled")
        found.facts["banner"] = printable(banner)
    with dialogue.step("ssh_host_key") as found:
        keys = _offered_keys(dialogue, asked)
        found.facts.update({kind: fingerprint(key) for kind, key in keys.items()})
        if asked.host_key is not None:
            if asked.host_key not in found.facts.values():
                raise Trouble("other_host_key")
            found.facts["confirmed"] = asked.host_key
    if asked.account is None or asked.password is None:
        dialogue.skip("sftp_listing", "no_account")
    elif asked.host_key is None:
        dialogue.skip("sftp_listing", "host_key_not_confirmed")
    else:
        confirmed = next((kind, key) for kind, key in keys.items() if fingerprint(key) == asked.host_key)
        with dialogue.step("sftp_listing") as found:
            found.facts["entries"] = str(_listing(dialogue, asked, confirmed))


def fingerprint(key: str) -> str:
    """Return the fingerprint of a base64 key as OpenSSH writes it."""
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _offered_keys(dialogue: Dialogue, asked: Asked) -> dict[str, str]:
    """Return key type -> base64 key, as the server offers them."""
    command = ["ssh-keyscan", "-T", "5", "-p", str(asked.port), "-t", "ed25519,ecdsa,rsa", "--", asked.address]
    lines = _run(dialogue, command, {}, 10.0).stdout.splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    keys = {row[1]: row[2] for row in rows if len(row) == 3 and row[1] in KEY_TYPES}
    if not keys:
        raise Trouble("garbled", reason="no host key of a known kind")
    return keys


def _listing(dialogue: Dialogue, asked: Asked, confirmed: tuple[str, str]) -> int:
    """Return how many entries the folder has."""
    with tempfile.TemporaryDirectory(prefix="gatekit-") as folder:
        known_hosts, askpass = Path(folder, "known_hosts"), Path(folder, "askpass")
        known_hosts.write_text(f"linked-system {confirmed[0]} {confirmed[1]}\n", encoding="ascii")
        askpass.write_text(ASKPASS, encoding="ascii")
        askpass.chmod(0o700)
        secret = {
            "GATEKIT_SFTP_PASSWORD": asked.password or "",
            "SSH_ASKPASS": str(askpass),
            "SSH_ASKPASS_REQUIRE": "force",
        }
        done = _run(dialogue, _sftp_command(asked, str(known_hosts), confirmed[0]), secret, 20.0, _batch(asked))
    if done.returncode == 255:  # ssh itself failed: its words may quote the account, so only their kind is kept
        refused = "Permission denied" in done.stderr or "authentication" in done.stderr.lower()
        raise Trouble("login_refused" if refused else "ssh_failed")
    if done.returncode:
        raise Trouble("no_such_folder")
    return sum(1 for line in done.stdout.splitlines() if line and not line.startswith("sftp> "))


def _batch(asked: Asked) -> str:
    return f'ls -1 "{asked.path or "/"}"\n'


def _sftp_command(asked: Asked, known_hosts: str, kind: str) -> list[str]:
    options = {
        "BatchMode": "no",  # before -b, which would forbid the password
        "ConnectTimeout": "5",
        "GlobalKnownHostsFile": "none",
        "HostKeyAlgorithms": RSA_SIGNATURES if kind == "ssh-rsa" else kind,
        "HostKeyAlias": "linked-system",
        "LogLevel": "ERROR",  # quiet, but for why a login failed
        "NumberOfPasswordPrompts": "1",
        "PreferredAuthentications": "password,keyboard-interactive",
        "PubkeyAuthentication": "no",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "UserKnownHostsFile": known_hosts,
    }
    given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    place = f"{asked.account}@{asked.address}"
    return ["sftp", "-F", "none", *given, "-P", str(asked.port), "-b", "-", place]


def _run(
    dialogue: Dialogue, command: list[str], secret: dict[str, str], most_s: float, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one of OpenSSH's programs; none of its output is kept as it is."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", **secret}
    try:
        return subprocess.run(
            command,
            input=given,
            env=environment,
            timeout=dialogue.remaining_s(most_s),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
