"""The login on an IX: netmiko's base, not its nec_ix driver, which interrupts a colleague's configuration session."""

from __future__ import annotations

import re

from netmiko import BaseConnection

from gatekit.devices.change.access import strict_login
from gatekit.devices.change.platform import Login
from gatekit.devices.nec_ix.dialogue import EXEC_PROMPT
from gatekit.errors import DeviceError

_HELP = "Choose a secret without a question mark: this product answers one with help, at once, in mid-line."


class IxConnection(BaseConnection):
    """A session that stays in operating mode: nothing is typed at login."""

    def session_preparation(self) -> None:
        """Read up to the prompt; the screen is widened where configuration mode is entered."""
        banner = self._test_channel_read(pattern=EXEC_PROMPT)
        self.base_prompt = re.sub(r"[#%]$", "", banner.splitlines()[-1].strip())

    def write_channel(self, out_data: str) -> None:
        """Send it, unless the box would take a part of it for a question."""
        if "?" in out_data:
            raise DeviceError("GW422", "cpe.line", "a line with a question mark", _HELP)
        super().write_channel(out_data)


def connect(login: Login) -> BaseConnection:
    """Return an open connection with strict host keys, in operating mode; netmiko's errors pass."""
    return IxConnection(device_type="nec_ix", **strict_login(login))
