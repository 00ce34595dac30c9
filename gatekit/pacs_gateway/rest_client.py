"""Calls to the daemon on this machine."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection
from typing import Any

from gatekit.codes import CODES
from gatekit.errors import DicomError

__all__ = ["RestClient"]


class RestClient:
    """One call, one connection, to loopback."""

    def __init__(self, port: int, timeout_s: float = 120.0) -> None:
        self._port, self._timeout_s = port, timeout_s

    def call(
        self, method: str, target: str, body: object = None, accepted: Collection[int] = (200, 202)
    ) -> dict[str, Any]:
        """Return the answer.

        Raises:
            DicomError: GW533 when nothing answers; the service's own code when it refuses.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._timeout_s)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            connection.request(method, target, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            answer: dict[str, Any] = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            fix = "Start it: systemctl start gatekit-pacs-gateway."
            raise DicomError("GW533", f"127.0.0.1:{self._port}", type(error).__name__, fix) from error
        finally:
            connection.close()
        if reply.status not in accepted:
            raise _refusal(answer, reply.status)
        return answer


def _refusal(answer: dict[str, Any], status: int) -> DicomError:
    if answer.get("code") in CODES and str(answer["code"]).startswith(DicomError.prefix):
        return DicomError(answer["code"], answer["path"], answer["value"], answer["fix"])
    return DicomError("GW533", "answer", f"HTTP {status}", "Another program has the port; look with ss -ltnp.")
