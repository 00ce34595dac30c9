"""One login on one device: asks, tells, and never shows a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException, ReadTimeout

from gatekit.errors import DeviceError
from gatekit.portable.secrets import reveal, scrub

LOST = "Look at the device's power and cabling; what was not confirmed goes back by itself."
REFUSED = "Nothing after this line was sent; the change is taken back. Compare with the product's reference."


def _prompt(base: str) -> str:
    """Return the expression of a prompt at the very end of what was read: a line that only names the host is none."""
    return rf"(?:^|[\r\n])[^\w\r\n]{{0,3}}{re.escape(base)}[^\r\n]*[>#%\])$] ?$"


class FindsRefusal(Protocol):
    """How a device says no; see ``gatekit.devices.change.platform.Refusals``."""

    def found_in(self, answer: str) -> str | None:
        """Return the refusing line of an answer, or None."""


class Session:
    """An open session. ``device`` is its name in the plan; ``secrets`` live here and nowhere else."""

    def __init__(
        self, connection: BaseConnection, device: str, refusals: FindsRefusal, secrets: Mapping[str, str]
    ) -> None:
        self.connection, self.device = connection, device
        self._refusals, self._secrets = refusals, dict(secrets)

    def ask(self, line: str, *, expect: str | None = None, timeout_s: float = 30.0) -> str:
        """Return what the device answers to a command, without echo, prompt and any secret's value.

        ``expect`` is a regular expression that ends the answer, where that is not the prompt.

        Raises:
            DeviceError: GW402 when it does not answer in time or cuts the connection.
        """
        return scrub(self._send(line, expect, timeout_s), self._secrets)

    def tell(self, line: str, *, expect: str | None = None, timeout_s: float = 30.0) -> str:
        """Send one line that may name secrets as ``<secret NAME>``; return the answer without their values.

        Raises:
            DeviceError: GW422 when the device refuses; it names the line without secrets and, only when the
                line bears none, the device's words. GW402 as ``ask``.
            NodeError: GW107 for a secret that was not given.
        """
        answer = self._send(reveal(f"{self.device}.line", line, self._secrets), expect, timeout_s)
        refusal = self._refusals.found_in(answer)
        if refusal is not None:
            words = "" if "<secret " in line else f": {scrub(refusal, self._secrets)}"
            raise DeviceError("GW422", f"{self.device}.line", line.strip() + words, REFUSED)
        return scrub(answer, self._secrets)

    def is_alive(self) -> bool:
        """Return whether the connection still answers an empty line."""
        try:
            self.connection.find_prompt()
        except (NetmikoBaseException, OSError, EOFError, ValueError):
            return False
        return True

    def close(self) -> None:
        """End the session; a dead one is left to the device."""
        try:
            self.connection.disconnect()
        except (NetmikoBaseException, OSError, EOFError):
            return

    def _send(self, line: str, expect: str | None, timeout_s: float) -> str:
        ends_with = _prompt(self.connection.base_prompt or "") if expect is None else expect
        try:
            self.connection.read_channel()  # a prompt that came late would end this answer before it began
            answer = self.connection.send_command(
                line,
                expect_string=ends_with,
                read_timeout=timeout_s,
                strip_prompt=True,
                strip_command=True,
                cmd_verify=False,
            )
        except ReadTimeout:
            shown = scrub(line, self._secrets)
            raise DeviceError("GW402", self.device, f"no answer to {shown!r} in {timeout_s:.0f} s", LOST) from None
        except (NetmikoBaseException, OSError, EOFError) as err:
            raise DeviceError("GW402", self.device, type(err).__name__, LOST) from None
        return str(answer).replace("\r", "")
