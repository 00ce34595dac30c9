"""How one talks with a FortiGate: prompts, contexts, tables, the save mode (vendor reference 0.6, 2.2, 2.3)."""

from __future__ import annotations

import re

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException
from netmiko.fortinet import FortinetSSH

from gatekit.devices.change.access import strict_login
from gatekit.devices.change.platform import Login
from gatekit.devices.change.session import LOST, Session
from gatekit.errors import DeviceError

PROMPT = r"(?:^|\n)[\w.-]+(?:\([A-Za-z]+\))? (?:\([^()\n]+\) )?[#$] \Z"
_CONTEXT = re.compile(r" \([^()\n]+\) [#$]$")
_LAST_PROMPT = re.compile(r"\n?[\w.-]+(?:\([A-Za-z]+\))? (?:\([^()\n]+\) )?[#$] ?\Z")
_CHANGING = (  # what is another text at every read, or says how the device saves and not what it does
    re.compile(r"^#.*\n?", re.MULTILINE),
    re.compile(r"^ *set (?:cfg-save|cfg-revert-timeout) .*\n?", re.MULTILINE),
    re.compile(r"^( +)config login-time\n(?:.*\n)*?\1end\n?", re.MULTILINE),
)
_ENCRYPTED = re.compile(r"^( *set \S+) ENC .*$", re.MULTILINE)
_MODE = re.compile(r"^cfg-save\s*: (\w+)", re.MULTILINE)
_TIMEOUT = re.compile(r"^cfg-revert-timeout\s*: (\d+)", re.MULTILINE)
MOST_LEVELS = 6  # config, edit, config, edit ... of anything we type
OLDEST_KEX = {"kex": ["diffie-hellman-group1-sha1"]}
_MODES = "Log in with an account of the profile super_admin; `get system global` has to show the save mode."


class QuietFortinet(FortinetSSH):
    """netmiko's driver without its writes: it sets ``console output`` at login and back at logout (2.6).

    The pager stays as it is; what is long is asked for with ``| grep .``, which no pager stops.
    """

    prompt_pattern = PROMPT

    def session_preparation(self) -> None:
        """Read up to the first prompt, over a login banner that wants an ``a``; nothing else is typed."""
        seen = self._test_channel_read(pattern=rf"to accept|{PROMPT}")
        if "to accept" in seen:
            self.write_channel("a\r")
            seen = self._test_channel_read(pattern=PROMPT)
        self.base_prompt = re.split(r"[ (]", seen.splitlines()[-1])[0]

    def cleanup(self, command: str = "exit") -> None:
        """Say goodbye."""
        self.write_channel(command + self.RETURN)


def connect(login: Login) -> BaseConnection:
    """Return an open connection with strict host keys.

    One key exchange that nobody wants is disabled by name: with none, the driver restricts itself to SHA-1 groups,
    and a FortiOS that was hardened to curve25519 refuses it (2.6).
    """
    return QuietFortinet(device_type="fortinet", **strict_login(login), disabled_algorithms=OLDEST_KEX)


def ask(session: Session, line: str, *, timeout_s: float = 30.0) -> str:
    """Return the answer to a command; a refusal raises GW422.

    The prompt is known by its form, not by the host name, which a change may change and a text may contain.
    """
    return _LAST_PROMPT.sub("\n", session.tell(line, expect=PROMPT, timeout_s=timeout_s))


def read_tables(session: Session, names: tuple[str, ...]) -> str:
    """Return what `show` prints of these tables, without what changes by itself, secrets as ``<hidden>``."""
    return stable("".join(ask(session, f"show {name} | grep .") + "\n" for name in names))


def stable(text: str) -> str:
    """Return a configuration without what changes by itself, secrets as ``<hidden>``, no empty lines."""
    for pattern in _CHANGING:
        text = pattern.sub("", text)
    text = _ENCRYPTED.sub(r"\1 <hidden>", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())


def save_mode(session: Session) -> tuple[str, int]:
    """Return how the device saves (automatic, manual, revert) and after how many seconds it would go back.

    Raises:
        DeviceError: GW404 when the account may not see it.
    """
    answer = ask(session, "get system global | grep cfg-")
    mode, timeout = _MODE.search(answer), _TIMEOUT.search(answer)
    if mode is None or timeout is None:
        raise DeviceError("GW404", f"{session.device}.cfg-save", "the save mode is not shown", _MODES)
    return mode[1], int(timeout[1])


def leave_contexts(session: Session) -> None:
    """Leave every ``config`` and ``edit`` without applying what was typed in the innermost one."""
    for _ in range(MOST_LEVELS):
        try:
            prompt = session.connection.find_prompt()
        except (NetmikoBaseException, OSError, EOFError, ValueError) as error:
            raise DeviceError("GW402", session.device, type(error).__name__, LOST) from None
        if not _CONTEXT.search(prompt):
            return
        session.ask("abort", expect=PROMPT)
