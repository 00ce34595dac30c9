"""One command to the UPS through upsd on loopback (NUT's network protocol, RFC 9271)."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

ANSWER_S = 5.0
RETURN = "shutdown.return"  # off after ups.delay.shutdown, on again when the mains are back


class UpsError(Exception):
    """upsd or the UPS did not take it; the text is the server's word for it."""


@dataclass(frozen=True)
class Account:
    """An account of upsd.users that may send instant commands."""

    user: str
    password: str = field(repr=False)


def arm(port: int, ups: str, account: Account) -> None:
    """Tell the UPS to cut its output after its delay and to give it back with the mains.

    Raises:
        UpsError: no server, a refused login, or a UPS that cannot: CMD-NOT-SUPPORTED ...
    """
    try:
        with (
            socket.create_connection(("127.0.0.1", port), ANSWER_S) as connection,
            connection.makefile("rw", encoding="ascii", newline="\n") as lines,
        ):
            for words in (f"USERNAME {account.user}", f"PASSWORD {account.password}", f"INSTCMD {ups} {RETURN}"):
                lines.write(f"{words}\n")
                lines.flush()
                answer = lines.readline().split()
                if answer[:1] != ["OK"]:
                    raise UpsError(" ".join(answer[1:2]) or "no answer")
    except OSError as error:
        raise UpsError(type(error).__name__) from None
