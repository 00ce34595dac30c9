"""The way into one device: opens sessions that notice their own end, and reads what the device is."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from netmiko import BaseConnection
from netmiko.channel import SSHChannel
from netmiko.exceptions import NetmikoBaseException, ReadException
from paramiko.ssh_exception import (  # type: ignore[import-untyped]  # ships no type hints
    AuthenticationException,
    BadHostKeyException,
    SSHException,
)

from gatekit.devices.change.model import Observed
from gatekit.devices.change.platform import Login, Platform, Refusals
from gatekit.devices.change.session import Session
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.network_device import Part

LOGIN_PASSWORD = "login_password"  # noqa: S105 - the name under which the login's own password is hidden in answers
_SECRET = re.compile(r"<secret ([a-z][a-z0-9_]*)>")
_UNKNOWN_KEY = "not found in known_hosts"  # paramiko's words, the only sign it gives

logging.getLogger("netmiko").setLevel(logging.INFO)  # at DEBUG it logs every line that is sent, secrets included


@dataclass(frozen=True, slots=True)
class Access:
    """How one device is reached and what it should be; ``secrets`` never show.

    ``later``: the login once the change is active, where the change renews our own password; tried first.
    """

    platform: Platform
    login: Login
    part: Part
    secrets: Mapping[str, str] = field(repr=False)
    later: Login | None = None

    def open(self) -> Session:
        """Return a new session, ready to be read.

        Raises:
            DeviceError: GW401 login refused, GW402 not reachable, GW416 not the expected host key.
        """
        if self.later is None:
            return self._open(self.login)
        try:
            return self._open(self.later)
        except DeviceError as error:
            if error.code != "GW401":
                raise
            return self._open(self.login)

    def open_within(self, limit_s: float, retry_s: float) -> Session:
        """Return a new session, trying again: a device that has just changed may need some time; errors as ``open``."""
        ends_at = time.monotonic() + limit_s
        while True:
            try:
                return self.open()
            except DeviceError as error:  # a wrong key does not get right by waiting
                if error.code == "GW416" or time.monotonic() + retry_s > ends_at:
                    raise
            time.sleep(retry_s)

    def observe(self, session: Session) -> Observed:
        """Return the device as it is."""
        return self.platform.observe(session, self.part)

    @contextmanager
    def visit(self) -> Iterator[Session]:
        """Open a session for a short look."""
        session = self.open()
        try:
            yield session
        finally:
            session.close()

    def _open(self, login: Login) -> Session:
        session = session_over(self.platform, login, self.platform.refusals, self.secrets)
        try:
            self.platform.prepare(session)
            session.connection.clear_buffer()  # a prompt that came late would end the first answer before it began
        except (NetmikoBaseException, OSError, EOFError) as error:
            session.close()
            raise _unreachable(login, error) from None
        except BaseException:
            session.close()
            raise
        return session


def secrets_named(text: str) -> frozenset[str]:
    """Return the names of the secrets that a text wants."""
    return frozenset(_SECRET.findall(text))


def require_secrets(names: frozenset[str], secrets: Mapping[str, str]) -> None:
    """Return when every secret is given.

    Raises:
        IntentError: GW107 for the first that is not, before any device is touched.
    """
    for name in sorted(names):
        if not secrets.get(name):
            raise IntentError("GW107", f"vault.{name}", "missing", f"Put {name} into the vault.")


def watch(connection: BaseConnection) -> None:
    """Make a connection notice at once when the device has ended it; netmiko alone waits for its time limit."""
    connection.channel = _WatchedChannel(connection.remote_conn, connection.encoding)


class _WatchedChannel(SSHChannel):
    def read_channel(self) -> str:
        text = super().read_channel()
        if not text and (self.remote_conn is None or self.remote_conn.closed or self.remote_conn.eof_received):
            raise ReadException("the device ended the session")
        return text


def strict_login(login: Login) -> dict[str, Any]:
    """Return netmiko's arguments for a login that trusts the host keys of ``known_hosts`` and no others."""
    return {
        "host": login.host,
        "port": login.port,
        "username": login.user,
        "password": login.password,
        "use_keys": login.identity_file is not None,
        "key_file": None if login.identity_file is None else str(login.identity_file),
        "ssh_strict": True,
        "system_host_keys": False,
        "alt_host_keys": True,
        "alt_key_file": str(login.known_hosts),
        "allow_agent": False,
    }


class Connects(Protocol):
    """A platform or a console server: what opens a connection."""

    def connect(self, login: Login) -> BaseConnection:
        """Return an open connection with strict host keys; netmiko's errors pass."""


def session_over(platform: Connects, login: Login, refusals: Refusals, secrets: Mapping[str, str]) -> Session:
    """Return a session that notices its own end and hides the secrets, the login's own password among them.

    Raises:
        DeviceError: GW401 login refused, GW402 not reachable, GW416 not the expected host key.
    """
    connection = connected(platform, login)
    watch(connection)
    hidden = {LOGIN_PASSWORD: login.password} if login.password else {}
    return Session(connection, login.device, refusals, {**hidden, **secrets})


def connected(platform: Connects, login: Login) -> BaseConnection:
    """Return the platform's connection; the library's own words stay out, they quote what was sent.

    Raises:
        DeviceError: GW401 login refused, GW402 not reachable, GW416 not the expected host key.
    """
    try:
        return platform.connect(login)
    except AuthenticationException:
        fix = "Check the account and its password in the vault; accounts lock after a few failures on most devices."
        raise DeviceError("GW401", login.device, repr(login), fix) from None
    except SSHException as error:
        raise _wrong_key(login) if _is_about_the_key(error) else _unreachable(login, error) from None
    except (NetmikoBaseException, OSError, EOFError) as error:
        raise _unreachable(login, error) from None


def _is_about_the_key(error: SSHException) -> bool:
    """Return whether the host key was refused; netmiko wraps paramiko's error in one of its own."""
    return isinstance(error, BadHostKeyException) or (
        isinstance(error.__context__, BadHostKeyException) or _UNKNOWN_KEY in str(error)
    )


def _wrong_key(login: Login) -> DeviceError:
    fix = "Compare the key on the device's console; only when it is right, renew its line in the known_hosts file."
    return DeviceError("GW416", login.device, repr(login), fix)


def _unreachable(login: Login, error: Exception) -> DeviceError:
    fix = "Check power, cabling, the address and whether the device lets SSH in from here."
    return DeviceError("GW402", login.device, f"{login!r}: {type(error).__name__}", fix)
