"""A session on an RTX: what netmiko's driver would change on the router, and the languages it cannot read.

netmiko's own driver writes ``console lines infinity`` into the configuration at every login and throws away what
is not UTF-8. Here a login changes nothing: the pager is served, folded lines are put together, and Japanese in
either character set is read. Source: vendor reference 5.2, 5.6; manual 2.1, 4.20 .. 4.23.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException
from netmiko.yamaha.yamaha import YamahaSSH

from gatekit.devices.change.access import strict_login
from gatekit.devices.change.platform import Login
from gatekit.devices.change.session import LOST, Session
from gatekit.errors import DeviceError

SETTLE_S = 0.3  # with an empty prompt text, how long silence has to last: every header line begins like the prompt
ANSWER_LIMIT_S = 60.0
MORE = r"---[^\r\n-]{1,24}--- ?\Z"
ASKS = r"[Pp]assword: ?\Z"
_MORE_SHOWN = re.compile(r"---[^\r\n-]{1,24}--- ?(?:\r *\r?)?")


class RtxConnection(YamahaSSH):
    """netmiko's driver without its marks on the router; answers come out as text, whatever the character set."""

    def session_preparation(self) -> None:
        """Wait for the prompt and learn its text."""
        shown = self._test_channel_read(pattern=r"(?:^|[\r\n])[^\r\n>#]*[>#] \Z")
        self.base_prompt = prompt_text(shown)

    def set_base_prompt(self, *_args: Any, **_options: Any) -> str:
        """Return the prompt's text again."""
        self.base_prompt = prompt_text(self.find_prompt() + " ")
        return self.base_prompt

    def send_command(self, *args: Any, **options: Any) -> Any:
        """Return the answer as text."""
        answer = super().send_command(*args, **options)
        return decoded(answer) if isinstance(answer, str) else answer

    def cleanup(self, command: str = "exit") -> None:
        """Leave without a word: ``exit`` would ask whether to save, and nothing is to be saved by accident."""


def connect(login: Login) -> BaseConnection:
    """Return an open connection at user level, strict about the host key; netmiko's errors pass."""
    return RtxConnection(
        device_type="yamaha",
        **strict_login(login),
        secret=login.password or "",
        encoding="latin-1",  # octets as they are; ``decoded`` reads them when an answer is whole
    )


def prepare(session: Session) -> None:
    """Become administrator; nothing on the router changes.

    A router from the factory has no administrator password yet: then the empty one is right.

    Raises:
        DeviceError: GW404 when neither the account's password nor none is the administrator's.
    """
    connection = session.connection
    with _answering(session):
        connection.write_channel("\n")
        if connection.read_until_pattern(pattern=_prompt(session)).rstrip().endswith("#"):
            return
        for password in (connection.secret, ""):
            connection.write_channel("administrator\n")
            connection.read_until_pattern(pattern=ASKS)
            connection.write_channel(f"{password}\n")
            shown = connection.read_until_pattern(pattern=_prompt(session), read_timeout=ANSWER_LIMIT_S)
            if shown.rstrip().endswith("#"):
                connection.secret = password
                return
    fix = "Put the router's administrator password into the vault; it is the same as the account's."
    raise DeviceError("GW404", f"{session.device}.administrator", "password refused", fix)


def show(session: Session, command: str) -> str:
    """Return a long answer: turns pages, answers password prompts with the administrator's password.

    Raises:
        DeviceError: GW402 when the router stops answering.
    """
    connection = session.connection
    pages: list[str] = []
    with _answering(session):
        connection.clear_buffer()
        connection.write_channel(f"{command}\n")
        while True:
            page = connection.read_until_pattern(
                pattern=f"(?:{_prompt(session)}|{MORE}|{ASKS})", read_timeout=ANSWER_LIMIT_S
            )
            pages.append(page)
            if re.search(MORE, page):
                connection.write_channel(" ")
            elif re.search(ASKS, page):
                pages.clear()
                connection.write_channel(f"{connection.secret}\n")
            elif not connection.base_prompt and (rest := _late(connection)):
                pages[-1] += rest
                if _at_prompt(rest):
                    break
            else:
                break
    return _without_frame("".join(pages), command)


def tell(session: Session, line: str, *, prompt_becomes: str | None = None) -> str:
    """Send one line of configuration; as ``Session.tell``, with the prompt of this router.

    ``prompt_becomes``: the prompt's text after the line, where the line changes it.
    """
    before = _prompt(session)
    if prompt_becomes is None:
        return session.tell(line, expect=before)
    answer = session.tell(line, expect=f"(?:{before}|{_prompt_of(prompt_becomes)})")
    session.connection.base_prompt = prompt_becomes
    return answer


def answer_dialogue(session: Session, command: str, answers: dict[str, str]) -> str:
    """Return the last answer of a dialogue; ``answers``: prompt's beginning -> what is typed, never shown."""
    connection = session.connection
    asked = "|".join(re.escape(prompt) for prompt in answers)
    with _answering(session):
        connection.write_channel(f"{command}\n")
        while True:
            shown = connection.read_until_pattern(
                pattern=f"(?:{_prompt(session)}|(?:{asked}): ?\\Z)", read_timeout=ANSWER_LIMIT_S
            )
            prompt = next((one for one in answers if re.search(rf"{re.escape(one)}: ?\Z", shown)), None)
            if prompt is None:
                return decoded(shown)
            connection.write_channel(f"{answers[prompt]}\n")


def prompt_text(shown: str) -> str:
    """Return the text before what is selected and the sign, of the last line that was shown."""
    last = re.split(r"[\r\n]", shown)[-1]
    found = re.fullmatch(r"(.*?)(?:tunnel\d+|pp\d+)?[>#] ?", last)
    return found.group(1) if found else ""


def decoded(text: str) -> str:
    """Return octets that were read one by one as the text they are (4.21): one character set at a time fits."""
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    for encoding in ("utf-8", "euc_jp", "cp932"):
        try:
            return octets.decode(encoding)
        except UnicodeDecodeError:
            continue
    return octets.decode("cp932", errors="replace")


def _prompt(session: Session) -> str:
    return _prompt_of(session.connection.base_prompt or "")


def _prompt_of(text: str) -> str:
    return rf"(?:^|[\r\n]){re.escape(text)}(?:tunnel\d+|pp\d+)?[>#] \Z"


def _at_prompt(shown: str) -> bool:
    return re.search(r"(?:^|[\r\n])(?:tunnel\d+)?[>#] \Z", shown) is not None


def _late(connection: BaseConnection) -> str:
    """Return what still came after what looked like the end."""
    rest = ""
    while True:
        time.sleep(SETTLE_S)
        more = connection.read_channel()
        if not more:
            return rest
        rest += more


def _without_frame(shown: str, command: str) -> str:
    text = decoded(shown).replace("\r\n", "\n")
    lines = _MORE_SHOWN.sub("", text).replace("\r", "").split("\n")
    if lines and lines[0].strip().endswith(command):
        del lines[0]
    return "\n".join(lines[:-1]) + "\n"


@contextmanager
def _answering(session: Session) -> Iterator[None]:
    try:
        yield
    except (NetmikoBaseException, OSError, EOFError) as err:
        raise DeviceError("GW402", session.device, type(err).__name__, LOST) from None
