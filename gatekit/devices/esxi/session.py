"""One session with one standalone ESXi host, over verified TLS only."""

from __future__ import annotations

import http.client
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from gatekit.devices.esxi.faults import connection_error, translate
from gatekit.devices.esxi.vmomi import (
    MethodFault,
    NotAuthenticated,
    Ref,
    TaskInProgress,
    connect,
    disconnect,
    vmodl,
)
from gatekit.errors import DeviceError

__all__ = ["Reading", "Session", "Target", "open_session", "trusted_context"]

log = logging.getLogger(__name__)

SUPPORTED_MAJORS = (8, 9)
SOCKET_TIMEOUT_S = 30.0
READ_ATTEMPTS = 4
FIRST_PAUSE_S = 0.25
BUSY_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)

type Reading = dict[str, object]
"""Property path -> value; an unset property is absent."""

ConnectionFailure = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the host is, who logs in, and which certificate it must show.

    ``trusted_pem`` is the site's CA, or with ``pinned`` the host's own certificate (first contact,
    self-signed: its name is not compared, it must be exactly this one).
    """

    name: str
    address: str
    port: int
    user: str
    password: str = field(repr=False)
    trusted_pem: str = field(repr=False)
    pinned: bool = False
    connect_deadline_s: float = 60.0


def trusted_context(pem: str, *, pinned: bool) -> ssl.SSLContext:
    """Return a TLS context that trusts this CA, or exactly this certificate.

    pyVmomi evaluates its own ``thumbprint`` only after normal verification failed, and verifies
    nothing on loopback unless a context is given: so all trust is in the context.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError) as error:
        raise DeviceError("GW416", "trusted_pem", str(error), "Give the PEM of the CA or of the host.") from error
    if pinned:
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


class Session:
    """Calls on one host. Reads are tried again when the connection breaks, writes never are by themselves.

    A session the host ended is opened again once a call, and a call is repeated while somebody else's task
    holds the object: nothing was done by a call that was refused.
    """

    def __init__(self, target: Target, content: Ref, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = target.name
        self.content: Ref = content
        self._target = target
        self._sleep = sleep

    @property
    def target(self) -> Target:
        """Return where we are logged in: disks and files go beside the API, with the same trust."""
        return self._target

    def read[T](self, what: str, call: Callable[[], T]) -> T:
        """Return what a call without effect answers, trying again when the connection breaks.

        Raises:
            DeviceError: GW402 when it stays broken, else the meaning of the host's fault.
        """
        pause_s = FIRST_PAUSE_S
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return self._call(what, call)
            except ConnectionFailure as error:
                log.info("%s: %s: %s; reading again", self.name, what, error)
                self._sleep(pause_s)
                pause_s *= 2
        return self.write(what, call)

    def write[T](self, what: str, call: Callable[[], T]) -> T:
        """Return what a call with an effect answers; once taken by the host it is not sent again.

        Raises:
            DeviceError: GW402 when the connection broke (the effect is unknown), GW413 when somebody else's task
                holds the object for half a minute, else the meaning of the fault.
        """
        try:
            for pause_s in BUSY_PAUSES_S:
                try:
                    return self._call(what, call)
                except DeviceError as error:
                    if not isinstance(error.__cause__, TaskInProgress):
                        raise
                    log.info("%s: %s: another task is in progress; waiting", self.name, what)
                    self._sleep(pause_s)
            return self._call(what, call)
        except ConnectionFailure as error:
            raise connection_error(error, f"{self.name}.{what}") from error

    def again_if_cut(self, what: str, step: Callable[[], None]) -> None:
        """Run a step, and once more when the connection broke in it.

        Only for a step that reads what stands there before it writes, so that the second time sends what is
        missing and nothing twice.

        Raises:
            DeviceError: GW402 when the connection broke the second time too, else the meaning of the fault.
        """
        try:
            step()
        except DeviceError as error:
            if error.code != "GW402":
                raise
            log.info("%s: %s: %s; looking whether it was done", self.name, what, error)
            step()

    def _call[T](self, what: str, call: Callable[[], T]) -> T:
        path = f"{self.name}.{what}"
        try:
            return call()
        except NotAuthenticated:
            log.info("%s: session ended; logging in again", self.name)
        except MethodFault as fault:
            raise translate(fault, path) from fault
        try:
            self.content.sessionManager.Login(self._target.user, self._target.password)
            return call()
        except MethodFault as fault:
            raise translate(fault, path) from fault

    def properties(self, what: str, kind: Ref, refs: Sequence[Ref], paths: Sequence[str]) -> list[tuple[Ref, Reading]]:
        """Return the named properties of the objects, in one request, in the order of ``refs``."""
        if not refs:
            return []
        query = vmodl.query.PropertyCollector
        spec = query.FilterSpec(
            propSet=[query.PropertySpec(type=kind, pathSet=list(paths), all=False)],
            objectSet=[query.ObjectSpec(obj=ref) for ref in refs],
        )
        found: dict[str, Reading] = {}
        for item in self.read(what, lambda: self.content.propertyCollector.RetrieveContents([spec])):
            found[str(item.obj)] = {prop.name: prop.val for prop in item.propSet}
        return [(ref, found[str(ref)]) for ref in refs if str(ref) in found]


@contextmanager
def open_session(target: Target, sleep: Callable[[float], None] = time.sleep) -> Iterator[Session]:
    """Open a session with a standalone host and always end it.

    Raises:
        DeviceError: GW401 login refused, GW402 no answer within the deadline, GW416 wrong certificate,
            GW417 not a standalone host or an unsupported version.
    """
    context = trusted_context(target.trusted_pem, pinned=target.pinned)
    content = _connect(target, context, sleep)
    try:
        _require_standalone(target, content.about)
        yield Session(target, content, sleep)
    finally:
        _disconnect(target, content)


def _connect(target: Target, context: ssl.SSLContext, sleep: Callable[[float], None]) -> Ref:
    path = f"{target.name}.login"
    deadline = time.monotonic() + target.connect_deadline_s
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return connect(target.address, target.port, target.user, target.password, context, SOCKET_TIMEOUT_S)
        except MethodFault as fault:
            raise translate(fault, path) from fault
        except ConnectionFailure as error:
            if isinstance(error, ssl.SSLCertVerificationError) or time.monotonic() + pause_s > deadline:
                raise connection_error(error, path) from error
            sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)


def _disconnect(target: Target, content: Ref) -> None:
    try:
        disconnect(content)
    except (MethodFault, *ConnectionFailure) as error:  # the session may be gone; the host ends it by itself
        log.info("%s: log-out: %s", target.name, error)


def _require_standalone(target: Target, about: Ref) -> None:
    path = f"{target.name}.about"
    if about.apiType != "HostAgent":
        raise DeviceError(
            "GW417", path, f"apiType {about.apiType}", "Give the address of the ESXi host, not of vCenter."
        )
    if int(str(about.apiVersion).partition(".")[0]) not in SUPPORTED_MAJORS:
        raise DeviceError("GW417", path, str(about.fullName), "Install ESXi 8.0 Update 3 or newer.")
