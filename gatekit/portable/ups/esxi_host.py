"""The ESXi host through Debian's pyVmomi, over TLS that trusts the site's CA alone."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

import pyVim.connect
import pyVmomi

from .sequence import GuestDeafError, HostError

CALL_S = 5.0  # for one answer of the host
# pyVmomi has no types of its own, and makes its names at run time
_connecting: Any = pyVim.connect
_vim: Any = pyVmomi.vim
_vmodl: Any = pyVmomi.vmodl


@dataclass(frozen=True)
class Login:
    """Where the host is, as whom to log in, and the file with the CA that signed its certificate."""

    address: str
    port: int
    user: str
    password: str = field(repr=False)
    ca_file: str = ""


class EsxiHost:
    """An open session. Faults are named by their kind: their texts may quote what was sent."""

    def __init__(self, login: Login) -> None:
        """Log in.

        Raises:
            HostError: nobody answers, the certificate is another one, or the login is refused.
        """
        self._content = _named(lambda: _logged_in(login))

    def is_running(self, machine: str) -> bool:
        """Return whether a machine has power."""
        return bool(_named(lambda: self._powered(machine)))

    def ask_guest(self, machine: str) -> None:
        """Ask a guest to shut down."""
        _named(lambda: self._machine(machine).ShutdownGuest())

    def switch_off(self, machine: str) -> None:
        """Take a machine's power away."""
        _named(lambda: self._machine(machine).PowerOffVM_Task())

    def shut_down(self) -> None:
        """Shut the host down; its task never ends, so nobody waits for it."""
        _named(lambda: _host_system(self._content).ShutdownHost_Task(force=True))

    def _powered(self, machine: str) -> bool:
        found = self._machines().get(machine)
        return found is not None and str(found.runtime.powerState) == "poweredOn"

    def _machine(self, machine: str) -> Any:
        found = self._machines().get(machine)
        if found is None:
            raise HostError(f"no machine {machine}")
        return found

    def _machines(self) -> dict[str, Any]:
        (centre,) = self._content.rootFolder.childEntity
        return {row.name: row for row in centre.vmFolder.childEntity}


def _logged_in(login: Login) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(login.ca_file)
    # pyVmomi asks for the API's versions without a timeout: find out first whether somebody is there
    with socket.create_connection((login.address, login.port), CALL_S) as plain:
        context.wrap_socket(plain, server_hostname=login.address).close()
    stub = _connecting.SmartStubAdapter(
        host=login.address, port=login.port, sslContext=context, httpConnectionTimeout=CALL_S
    )
    content = _vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
    content.sessionManager.Login(login.user, login.password)
    return content


def _host_system(content: Any) -> Any:
    (centre,) = content.rootFolder.childEntity
    return centre.hostFolder.childEntity[0].host[0]


def _named(call: Any) -> Any:
    """Return what a call answers.

    Raises:
        HostError: it failed; GuestDeafError when the guest has no tools to ask.
    """
    try:
        return call()
    except HostError:
        raise
    except _vim.fault.ToolsUnavailable as fault:
        raise GuestDeafError(_kind(fault)) from None
    except (_vmodl.MethodFault, OSError, http.client.HTTPException) as fault:
        raise HostError(_kind(fault)) from None
    except Exception as fault:  # noqa: BLE001 - pyVmomi raises a bare Exception for a server that names no version
        raise HostError(_kind(fault)) from None


def _kind(fault: BaseException) -> str:
    return type(fault).__name__.rpartition(".")[2]
