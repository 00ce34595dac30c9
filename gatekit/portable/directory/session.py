"""The directory's own client programs over ldapi, as root by SASL EXTERNAL: no password, no network."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence

from ..errors import NodeError
from . import names
from .entry_changes import Live
from .ldif import Record, parse, write

__all__ = ["apply", "search", "serves"]

_SOCKET = "/run/slapd/ldapi"
_WHO = ("-Q", "-Y", "EXTERNAL", "-H", "ldapi:///")
_TIMEOUT_S = 300
_NO_SUCH_OBJECT = 32
_LDAP_CODE = re.compile(r"\((-?\d+)\)\s*$", re.MULTILINE)
_ENTRY = re.compile(r'^(?:adding new|modifying|deleting) entry "(.*)"$', re.MULTILINE)


def _run(words: Sequence[str], text: bytes = b"") -> tuple[int, bytes, str]:
    settings = {
        **os.environ,
        "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            list(words), input=text, capture_output=True, timeout=_TIMEOUT_S, env=settings, check=False
        )
    except FileNotFoundError as err:
        raise NodeError("GW407", f"command.{words[0]}", words[0], "Install the package that brings it first.") from err
    except subprocess.TimeoutExpired as err:
        fix = f"It did not end within {_TIMEOUT_S} s; look at the node's load and at: journalctl -u slapd."
        raise NodeError("GW402", f"command.{words[0]}", words[0], fix) from err
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()


def serves() -> bool:
    """Return whether a directory server answers on its local socket."""
    if not os.path.exists(_SOCKET):
        return False
    status, _, _ = _run(("ldapwhoami", *_WHO))
    return status == 0


def search(base: str) -> dict[str, tuple[str, dict[str, tuple[str, tuple[bytes, ...]]]]]:
    """Return every entry at and below the base, none when there is no base; operational attributes left out.

    Raises:
        NodeError: GW402 when no server answers, GW406 when it refuses.
    """
    words = ("ldapsearch", *_WHO, "-LLL", "-o", "ldif_wrap=no", "-b", base, "-s", "sub", "(objectClass=*)", "*")
    status, found, said = _run(words)
    if status == _NO_SUCH_OBJECT:
        return {}
    if status != 0:
        raise _refusal(f"directory.{base}", status, said)
    rows: dict[str, tuple[str, dict[str, tuple[str, tuple[bytes, ...]]]]] = {}
    for record in parse(found, "ldapsearch", _no_files):
        entry = {spelling.lower(): (spelling, values) for spelling, values in record.attributes}
        rows[names.key(record.dn)] = (record.dn, entry)
    return rows


def _no_files(url: str) -> bytes:
    raise NodeError("GW104", "ldapsearch", url, "A server does not answer with references to files; report this.")


def _refusal(path: str, status: int, said: str) -> NodeError:
    code = int(match.group(1)) if (match := _LDAP_CODE.search(said)) else status
    if code < 0 or not said:
        return NodeError("GW402", path, said or f"status {status}", "Look whether it runs: journalctl -u slapd.")
    reason = " ".join(said.split())
    return NodeError("GW406", path, reason, "slapd refused it (LDAP result code in brackets); correct the entry.")


def apply(records: Sequence[Record], *, whole: bool) -> None:
    """Send the records in one connection and stop at the first that is refused.

    Args:
        records: the change set, in order.
        whole: in one transaction (RFC 5805): all or nothing. cn=config knows no transactions.
    Raises:
        NodeError: GW402 no answer, GW406 refused, with the entry and slapd's words.
    """
    if not records:
        return
    words = ("ldapmodify", *_WHO, *(("-E", "!txn=commit") if whole else ()))
    status, told, said = _run(words, write(records))
    if status != 0:
        entries = _ENTRY.findall(told.decode("utf-8", "replace"))
        raise _refusal(f"directory.{entries[-1] if entries else records[0].dn}", status, said)


def live(bases: Sequence[str]) -> Live:
    """Return what stands at and below all the bases."""
    found: dict[str, tuple[str, dict[str, tuple[str, tuple[bytes, ...]]]]] = {}
    for base in bases:
        found |= search(base)
    return found
