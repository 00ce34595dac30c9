"""The one seam to pyVmomi, which has no types: its objects are ``Any`` and stay inside this package."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pyVim.connect
from pyVmomi import vim as _vim
from pyVmomi import vmodl as _vmodl

__all__ = ["MethodFault", "NotAuthenticated", "Ref", "TaskInProgress", "connect", "disconnect", "vim", "vmodl"]

type Ref = Any
"""A managed object of pyVmomi."""

vim: Any = _vim
vmodl: Any = _vmodl
_connecting: Any = pyVim.connect

MethodFault: type[Exception] = _vmodl.MethodFault
NotAuthenticated: type[Exception] = _vim.fault.NotAuthenticated
TaskInProgress: type[Exception] = _vim.fault.TaskInProgress


def connect(address: str, port: int, user: str, password: str, context: ssl.SSLContext, timeout_s: float) -> Ref:
    """Return the ServiceContent of a logged-in session, as the host gives it to who is logged in.

    Raises:
        OSError, HTTPException: no connection, ssl.SSLCertVerificationError: wrong certificate.
        MethodFault: the host refused the login.
    """
    # pyVmomi asks for the API versions without any timeout: find out first whether somebody is there
    with socket.create_connection((address, port), timeout_s) as plain:
        context.wrap_socket(plain, server_hostname=address).close()
    try:
        adapter = _connecting.SmartStubAdapter
        stub = adapter(host=address, port=port, sslContext=context, httpConnectionTimeout=timeout_s)
    except Exception as error:
        if type(error) is not Exception:  # pyVmomi raises a bare Exception for a server that names no version
            raise
        raise ConnectionError(str(error)) from error
    service = vim.ServiceInstance("ServiceInstance", stub)
    try:
        service.RetrieveContent().sessionManager.Login(user, password)
        return service.RetrieveContent()
    except BaseException:
        stub.DropConnections()
        raise


def disconnect(content: Ref) -> None:
    """End the session and close its connections; what Logout raises is raised when they are closed."""
    manager = content.sessionManager
    try:
        manager.Logout()
    finally:
        manager._GetStub().DropConnections()  # noqa: SLF001 - pyVmomi's own name, without a public one
