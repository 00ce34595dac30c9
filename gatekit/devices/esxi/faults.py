"""What each fault of the vSphere API means to an operator.

A fault is looked up by its class name, walking up its ancestors, so the most specific meaning wins
(``NotAuthenticated`` before ``NoPermission``, ``InvalidPowerState`` before ``InvalidState``).
Source of the classes: vSphere Web Services API 8.0; of the advice: reference A.2.6.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass

from gatekit.errors import DeviceError

__all__ = ["MEANINGS", "Meaning", "connection_error", "fault_text", "meaning_of", "translate"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The code of a fault and what the operator does about it."""

    code: str
    fix: str


_LICENCE = "Enter a vSphere licence on the host; nothing was changed."
_RUN_AGAIN = "Run again: the state is read anew and only what is missing is done."
_NEEDS_VCENTER = "Use an ESXi 8.0 host: this one is older, or the function needs vCenter."

MEANINGS: dict[str, Meaning] = {
    "vim.fault.InvalidLogin": Meaning(
        "GW401", "Check the vault entry. After 5 failures the host locks the account for 15 minutes."
    ),
    "vim.fault.NotAuthenticated": Meaning("GW403", "Run again; the session was ended while logging in again."),
    "vim.fault.NoPermission": Meaning("GW404", "Give the account's role the privilege named here."),
    "vim.fault.RestrictedVersion": Meaning("GW405", _LICENCE),
    "vim.fault.LicenseExpired": Meaning("GW405", _LICENCE),
    "vmodl.fault.NotEnoughLicenses": Meaning("GW405", _LICENCE),
    "vim.fault.AlreadyExists": Meaning("GW409", _RUN_AGAIN),
    "vim.fault.DuplicateName": Meaning("GW409", _RUN_AGAIN),
    "vim.fault.FileAlreadyExists": Meaning("GW409", "Remove or rename the file on the datastore, then run again."),
    "vim.fault.NotFound": Meaning("GW407", _RUN_AGAIN),
    "vmodl.fault.ManagedObjectNotFound": Meaning("GW407", _RUN_AGAIN),
    "vim.fault.FileNotFound": Meaning("GW407", "Put the file on the datastore, then run again."),
    "vim.fault.UserNotFound": Meaning("GW407", "Create the account on the host first."),
    "vim.fault.InvalidDatastore": Meaning("GW407", "Give the name of a datastore of this host."),
    "vim.fault.InvalidDatastorePath": Meaning("GW407", "Give the name of a datastore of this host."),
    "vim.fault.InaccessibleDatastore": Meaning("GW407", "Look at the host's storage: the datastore is not mounted."),
    "vim.fault.InvalidName": Meaning("GW406", "Use a name this version of ESXi knows."),
    "vmodl.fault.InvalidArgument": Meaning("GW406", "Correct the field named here."),
    "vim.fault.OutOfBounds": Meaning("GW406", "Correct the argument named here."),
    "vim.fault.VmConfigFault": Meaning("GW406", "Correct the property of the virtual machine named here."),
    "vim.fault.AuthMinimumAdminPermission": Meaning("GW406", "Keep at least one account with full rights."),
    "vmodl.fault.InvalidType": Meaning("GW406", "Report this: the value sent has a type the host does not take."),
    "vim.fault.ResourceInUse": Meaning("GW408", "Detach what uses it, then run again."),
    "vim.fault.InvalidState": Meaning("GW413", _RUN_AGAIN),
    "vim.fault.InvalidPowerState": Meaning("GW413", _RUN_AGAIN),
    "vim.fault.TaskInProgress": Meaning("GW413", "Wait until the other task is done, then run again."),
    "vim.fault.ConcurrentAccess": Meaning("GW413", _RUN_AGAIN),
    "vmodl.fault.RequestCanceled": Meaning("GW413", "Somebody cancelled the task on the host. " + _RUN_AGAIN),
    "vim.fault.QuestionPending": Meaning("GW414", "Answer the question in the host's web client, then run again."),
    "vim.fault.ToolsUnavailable": Meaning("GW415", "Start open-vm-tools in the guest."),
    "vim.fault.HostConfigFault": Meaning("GW410", "Read /var/log/hostd.log on the host."),
    "vim.fault.PlatformConfigFault": Meaning("GW410", "Read /var/log/hostd.log on the host."),
    "vim.fault.GenericVmConfigFault": Meaning("GW410", "Read vmware.log in the virtual machine's folder."),
    "vim.fault.FileFault": Meaning("GW410", "Look at the host's storage events."),
    "vim.fault.NoDiskSpace": Meaning("GW411", "Free space on the datastore named here."),
    "vim.fault.InsufficientResourcesFault": Meaning("GW412", "Give the virtual machines less or the host more."),
    "vim.fault.Timedout": Meaning("GW402", _RUN_AGAIN),
    "vmodl.fault.HostCommunication": Meaning("GW402", _RUN_AGAIN),
    "vmodl.fault.MethodNotFound": Meaning("GW423", _NEEDS_VCENTER),
    "vmodl.fault.NotSupported": Meaning("GW423", _NEEDS_VCENTER),
    "vmodl.fault.NotImplemented": Meaning("GW423", _NEEDS_VCENTER),
    "vmodl.fault.InvalidRequest": Meaning("GW423", _NEEDS_VCENTER),
    "vmodl.MethodFault": Meaning("GW410", "Read /var/log/hostd.log on the host."),
}

_FACTS = ("reason", "privilegeId", "invalidProperty", "property", "argumentName", "name", "datastore", "datastorePath",
          "file", "method", "text")  # fmt: skip


def meaning_of(fault: type[BaseException]) -> Meaning:
    """Return the most specific meaning of a fault class; KeyError for what is not a vSphere fault."""
    for ancestor in fault.__mro__:
        if ancestor.__name__ in MEANINGS:
            return MEANINGS[ancestor.__name__]
    raise KeyError(fault.__name__)


def fault_text(fault: BaseException) -> str:
    """Return what the host said: the class, the facts it carries and its sentences."""
    name = type(fault).__name__.rpartition(".")[2]
    facts = [f"{key} {value}" for key in _FACTS if isinstance(value := getattr(fault, key, None), str) and value]
    sentences = [str(m.message) for m in getattr(fault, "faultMessage", None) or () if getattr(m, "message", None)]
    return ": ".join([name, "; ".join(facts + sentences)]) if facts or sentences else name


def translate(fault: BaseException, path: str) -> DeviceError:
    """Return the error an operator can act on, for a fault the host answered with."""
    meaning = meaning_of(type(fault))
    return DeviceError(meaning.code, path, fault_text(fault), meaning.fix)


def connection_error(error: OSError | http.client.HTTPException, path: str) -> DeviceError:
    """Return the error for a connection that was refused, cut or not trusted."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeviceError(
            "GW416",
            path,
            error.verify_message,
            "Compare the certificate's SHA-256 with the install record; give that certificate or its CA.",
        )
    return DeviceError(
        "GW402", path, str(error) or type(error).__name__, "Check address, cable and power; " + _RUN_AGAIN
    )
