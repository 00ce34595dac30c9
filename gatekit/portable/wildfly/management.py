"""WildFly's HTTP management API on loopback: one kept connection, digest authentication, JSON operations."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import NodeError
from .addresses import Address, wire

__all__ = ["Endpoint", "Management", "Refused", "operation"]

Operation = dict[str, Any]

_PATH = "/management"
_FIELD = re.compile(r'(\w+)="?([^",]*)"?')
_POLL_S = 0.1


@dataclass(frozen=True)
class Endpoint:
    """Where the API answers and who asks."""

    port: int
    user: str
    password: str
    host: str = "127.0.0.1"

    def __repr__(self) -> str:
        return f"Endpoint({self.host}:{self.port}, {self.user})"


class Refused(Exception):  # noqa: N818 - named for what happened, and always turned into a NodeError
    """The server's own words why it did not do an operation; it changed nothing."""


def operation(verb: str, address: Address = (), /, **parameters: Any) -> Operation:
    """Return one operation as the API takes it; ``-`` in names of parameters is written ``_``."""
    named = {key.replace("_", "-"): value for key, value in parameters.items()}
    return {"operation": verb, "address": wire(address), **named}


class Management:
    """One conversation with the server; ``clock`` and ``sleep`` are the tests' to replace."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout_s: float = 300,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._endpoint = endpoint
        self._clock, self._sleep = clock, sleep
        self._connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=timeout_s)
        self._challenge: dict[str, str] = {}
        self._count = 0

    def close(self) -> None:
        """End the conversation."""
        self._connection.close()

    def ask(self, asked: Operation) -> Any:
        """Return the result of one operation.

        Raises:
            Refused: the operation failed, in the server's words.
            NodeError: GW401 the password is refused, GW402 no answer.
        """
        status, answer = self._post(json.dumps(asked).encode())
        if status == 401:
            fix = "Run the role, which lays the account's password down and restarts the server."
            raise NodeError("GW401", "wildfly.management", self._endpoint.user, fix)
        try:
            said = json.loads(answer)
        except ValueError as err:
            fix = "Look into the server's log: journalctl -u wildfly."
            raise NodeError("GW402", "wildfly.management", f"status {status}, no JSON", fix) from err
        if said.get("outcome") != "success":
            raise Refused(_words(said.get("failure-description", f"status {status}"), said.get("result")))
        return said.get("result")

    def server_state(self) -> str:
        """Return running, reload-required, restart-required, starting ..., or "" when nobody answers."""
        try:
            return str(self.ask(operation("read-attribute", name="server-state")))
        except (Refused, NodeError) as err:
            if isinstance(err, NodeError) and err.code == "GW401":
                raise
            return ""

    def wait_until(self, states: Sequence[str], timeout_s: float) -> str:
        """Return the state once it is one of ``states``, asked again and again.

        Raises:
            NodeError: GW420 when it does not get there in time.
        """
        until = self._clock() + timeout_s
        while True:
            state = self.server_state()
            if state in states:
                return state
            if self._clock() >= until:
                fix = f"It was not {' or '.join(states)} within {timeout_s:g} s; read journalctl -u wildfly."
                raise NodeError("GW420", "wildfly.server_state", state or "no answer", fix)
            self._sleep(_POLL_S)

    # ------------------------------------------------------------ HTTP
    def _post(self, body: bytes) -> tuple[int, bytes]:
        """Return status and body; the first 401 brings the challenge, which later requests answer at once."""
        for last in (False, True):
            status, challenge, answer = self._send(body)
            if status != 401 or last:
                break
            self._challenge = _challenge(challenge)
        return status, answer

    def _send(self, body: bytes) -> tuple[int, str, bytes]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._challenge:
            headers["Authorization"] = self._authorization()
        try:
            self._connection.request("POST", _PATH, body, headers)
            reply = self._connection.getresponse()
            return reply.status, reply.headers.get("WWW-Authenticate", ""), reply.read()
        except (OSError, http.client.HTTPException) as err:
            self._connection.close()
            self._challenge = {}
            fix = "Start it: systemctl start wildfly; then read journalctl -u wildfly."
            said = str(err) or type(err).__name__
            raise NodeError("GW402", f"wildfly.management.{self._endpoint.port}", said, fix) from err

    def _authorization(self) -> str:
        """Return the digest of RFC 7616, quality of protection ``auth``."""
        self._count += 1
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        algorithm = self._challenge.get("algorithm", "MD5")
        count, mine = f"{self._count:08x}", secrets.token_hex(8)
        user, password = self._endpoint.user, self._endpoint.password
        who, what = (_hash(algorithm, text) for text in (f"{user}:{realm}:{password}", f"POST:{_PATH}"))
        response = _hash(algorithm, f"{who}:{nonce}:{count}:{mine}:auth:{what}")
        fields = {"username": user, "realm": realm, "nonce": nonce, "uri": _PATH, "response": response}
        fields |= {"cnonce": mine, "opaque": self._challenge.get("opaque", "")}
        quoted = ", ".join(f'{key}="{value}"' for key, value in fields.items())
        return f"Digest {quoted}, qop=auth, nc={count}, algorithm={algorithm}"


def _hash(algorithm: str, text: str) -> str:
    kinds = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
    return hashlib.new(kinds[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def _challenge(said: str) -> dict[str, str]:
    """Return the fields of the server's digest challenge; {} when it offers none."""
    return dict(_FIELD.findall(said.removeprefix("Digest "))) if said.startswith("Digest ") else {}


def _words(failure: Any, steps: Any = None) -> str:
    """Return a failure description as one text, with that of each step that has one of its own.

    The server gives text, or a tree with one text a step, or "rolled back" and the reason within the steps only.
    """
    rows = steps.items() if isinstance(steps, dict) else ()
    own = {name: row["failure-description"] for name, row in rows if "failure-description" in (row or {})}
    said = [f"{name}: {_words(text)}" for name, text in own.items()]
    if isinstance(failure, dict):
        said += [_words(part) if isinstance(part, dict) else f"{key}: {part}" for key, part in failure.items()]
    else:
        said.insert(0, str(failure))
    return "; ".join(said)
