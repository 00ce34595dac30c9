"""http and https: one GET of the path the site file names; only the status is kept, never the page.

TLS is verified against the machine's own authorities. A site file names none for a hospital's systems, so a
certificate of the hospital's own authority cannot be verified here: that is written down with the
certificate's fingerprint for its owner to confirm, and the request, which bears no secret, is made all the same.
"""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
from contextlib import closing

from .dialogue import Asked, Dialogue, Trouble, printable


def ask_http(dialogue: Dialogue, asked: Asked) -> None:
    """Connect and ask for the path (step ``http``)."""
    with dialogue.connection(asked) as channel:
        _request(dialogue, asked, channel.stream)


def ask_https(dialogue: Dialogue, asked: Asked) -> None:
    """Connect, agree on TLS (step ``tls``, fact ``verified``) and ask for the path."""
    with dialogue.connection(asked) as channel:
        with dialogue.step("tls") as found:
            encrypted, verified = _agreed(dialogue, asked, channel.stream)
            found.facts.update(_certificate(encrypted), **verified)
        with closing(encrypted):
            _request(dialogue, asked, encrypted)


def _agreed(dialogue: Dialogue, asked: Asked, plain: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
    """Return an encrypted connection, and whether its certificate could be verified or why not."""
    try:
        return _wrapped(dialogue, plain, ssl.create_default_context(), asked), {"verified": "yes"}
    except ssl.SSLCertVerificationError as error:
        refused = printable(error.verify_message)
    context = ssl.create_default_context()
    context.check_hostname = False  # what cannot be verified is shown to its owner instead
    context.verify_mode = ssl.CERT_NONE
    again = socket.create_connection((asked.address, asked.port), dialogue.remaining_s(5.0))
    return _wrapped(dialogue, again, context, asked), {"verified": "no", "reason": refused}


def _wrapped(dialogue: Dialogue, plain: socket.socket, context: ssl.SSLContext, asked: Asked) -> ssl.SSLSocket:
    plain.settimeout(dialogue.remaining_s(10.0))
    return context.wrap_socket(plain, server_hostname=asked.address)


def _certificate(encrypted: ssl.SSLSocket) -> dict[str, str]:
    certificate = encrypted.getpeercert(binary_form=True) or b""
    return {"version": encrypted.version() or "", "sha256": hashlib.sha256(certificate).hexdigest()}


def _request(dialogue: Dialogue, asked: Asked, stream: socket.socket) -> None:
    with dialogue.step("http") as found:
        stream.settimeout(dialogue.remaining_s(10.0))
        connection = http.client.HTTPConnection(asked.address, asked.port)
        connection.sock = stream
        try:
            connection.request("GET", asked.path or "/", headers={"Connection": "close", "User-Agent": "gatekit"})
            answer = connection.getresponse()
        except http.client.HTTPException as error:
            raise Trouble("garbled", reason=type(error).__name__) from error
        found.facts.update(status=str(answer.status))
