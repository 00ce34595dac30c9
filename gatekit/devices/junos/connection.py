"""netmiko's Junos driver, waiting for whole prompts (vendor reference 1.6).

The driver takes any ``#``, ``>``, ``$`` or ``%`` for the end of a prompt. While a confirmed commit is pending the
box writes ``# commit confirmed will be rolled back ...`` before every prompt: read in pieces, that is taken for a
prompt named ``#`` and the login fails just when the change has to be confirmed. So: a prompt is a user, a
host, ``>`` or ``#`` and a blank at the very end of what was read.
"""

from __future__ import annotations

from netmiko.juniper.juniper import JuniperSSH

from gatekit.devices.change.access import strict_login
from gatekit.devices.change.platform import Login

PROMPT = r"(?:^|\n)[\w.-]+(?:@[\w.:-]*)?[>#] \Z"
SHELL = r"(?:^|\n)\S*@\S*[%$] \Z"
LOGIN_TIMEOUT_S = 15


class JunosConnection(JuniperSSH):
    """A session that is ready at a whole prompt; nothing of the device is changed by it."""

    def session_preparation(self) -> None:
        """Wait for the prompt; a shell is left for the CLI."""
        if self._test_channel_read(pattern=f"{PROMPT}|{SHELL}").rstrip().endswith(("%", "$")):
            self.write_channel(f"cli{self.RETURN}")
            self.read_until_pattern(pattern=PROMPT, read_timeout=20)
        self.set_base_prompt()

    def set_base_prompt(
        self,
        pri_prompt_terminator: str = "#",
        alt_prompt_terminator: str = ">",
        delay_factor: float = 1.0,
        pattern: str | None = None,
    ) -> str:
        """Return user and host as the prompt shows them."""
        return super().set_base_prompt(pri_prompt_terminator, alt_prompt_terminator, delay_factor, pattern or PROMPT)

    def find_prompt(self, delay_factor: float = 1.0, pattern: str | None = None) -> str:
        """Return the whole prompt."""
        return super().find_prompt(delay_factor, pattern or PROMPT)


def connect(login: Login) -> JunosConnection:
    """Return an open session with strict host keys; what goes wrong is named by ``gatekit.devices.change.access``."""
    return JunosConnection(
        **strict_login(login),
        conn_timeout=LOGIN_TIMEOUT_S,
        auth_timeout=LOGIN_TIMEOUT_S,
        banner_timeout=LOGIN_TIMEOUT_S,
        fast_cli=True,
    )
