"""What each fault of the vSphere API means to an operator, as data.

Source of the classes: vSphere Web Services API 8.0; of causes and advice: reference A.2.6 and A.3. The page
docs/reference/esxi_faults.md is generated from here.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MEANINGS", "RUN_AGAIN", "Meaning"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The code of a fault, what causes it here, and what the operator does about it."""

    code: str
    cause: str
    fix: str


_LICENCE = "Enter a vSphere licence on the host; nothing was changed."
RUN_AGAIN = "Run again: the state is read anew and only what is missing is done."
_NEEDS_VCENTER = "Use an ESXi 8.0 host: this one is older, or the function needs vCenter."
_HOSTD = "Read /var/log/hostd.log on the host."
_VM_LOG = "Read vmware.log in the virtual machine's folder."
_REPORT = "Report this: the call sent is not one the host takes."
_OVA = "Build the OVA anew with tools/image and compare its sha256 with the plan's."
_SNAPSHOT = "Remove the virtual machine's snapshots in the host's web client, then run again."

MEANINGS: dict[str, Meaning] = {
    # who may
    "vim.fault.InvalidLogin": Meaning(
        "GW401",
        "wrong password, or the account is locked",
        "Check the vault entry. After 5 failures the host locks the account for 15 minutes.",
    ),
    "vim.fault.InvalidLocale": Meaning("GW406", "a language the host does not know", _REPORT),
    "vim.fault.NotAuthenticated": Meaning(
        "GW403", "the session expired or was ended", "Run again; the session was ended while logging in again."
    ),
    "vim.fault.NoPermission": Meaning(
        "GW404", "the role lacks a privilege, or lockdown is on", "Give the account's role the privilege named here."
    ),
    "vmodl.fault.SecurityError": Meaning(
        "GW404", "an account or object of the host itself", "Leave the host's own accounts and roles as they are."
    ),
    "vim.fault.RestrictedByAdministrator": Meaning(
        "GW404", "an administrator has forbidden the operation", "Ask the host's administrator for the reason."
    ),
    "vim.fault.AuthMinimumAdminPermission": Meaning(
        "GW406", "the last account with full rights", "Keep at least one account with full rights."
    ),
    "vim.fault.InvalidPrivilege": Meaning(
        "GW406", "a privilege this version does not know", "Use a privilege this version of ESXi knows."
    ),
    "vim.fault.RemoveFailed": Meaning(
        "GW408", "a role somebody still has", "Take the role from its accounts, then run again."
    ),
    "vim.fault.UserNotFound": Meaning(
        "GW407", "the account does not exist", "Create the account on the host first."
    ),
    # licence
    "vim.fault.RestrictedVersion": Meaning("GW405", "the free edition, or a licence that has ended", _LICENCE),
    "vim.fault.LicenseExpired": Meaning("GW405", "power-on after the end of the evaluation", _LICENCE),
    "vmodl.fault.NotEnoughLicenses": Meaning("GW405", "the licence does not cover the host or function", _LICENCE),
    "vim.fault.LicenseEntityNotFound": Meaning("GW405", "the licence key is not on the host", _LICENCE),
    "vim.fault.InvalidLicense": Meaning("GW405", "a key the host cannot read", "Type the licence key again."),
    # what is there and what is not
    "vim.fault.AlreadyExists": Meaning("GW409", "an object of that name was made meanwhile", RUN_AGAIN),
    "vim.fault.DuplicateName": Meaning("GW409", "an object of that name was made meanwhile", RUN_AGAIN),
    "vim.fault.FileAlreadyExists": Meaning(
        "GW409", "a file of that name", "Remove or rename the file on the datastore, then run again."
    ),
    "vim.fault.NotFound": Meaning("GW407", "an object that was removed meanwhile, or never was", RUN_AGAIN),
    "vmodl.fault.ManagedObjectNotFound": Meaning("GW407", "an object that was removed meanwhile", RUN_AGAIN),
    "vim.fault.FileNotFound": Meaning("GW407", "a missing file", "Put the file on the datastore, then run again."),
    "vim.fault.InvalidDatastore": Meaning(
        "GW407", "no such datastore", "Give the name of a datastore of this host."
    ),
    "vim.fault.InvalidDatastorePath": Meaning(
        "GW407", "no such datastore", "Give the name of a datastore of this host."
    ),
    "vim.fault.InaccessibleDatastore": Meaning(
        "GW407", "a disk or its path is gone", "Look at the host's storage: the datastore is not mounted."
    ),
    "vim.fault.NoDiskFound": Meaning("GW407", "the virtual machine has no disk", _VM_LOG),
    # values
    "vim.fault.InvalidName": Meaning(
        "GW406", "an advanced option this version does not have", "Use a name this version of ESXi knows."
    ),
    "vmodl.fault.InvalidArgument": Meaning(
        "GW406", "a value outside its range or of another type", "Correct the field named here."
    ),
    "vmodl.fault.InvalidType": Meaning(
        "GW406", "a value of another type", "Report this: the value sent has a type the host does not take."
    ),
    "vmodl.query.InvalidProperty": Meaning("GW406", "a property this version does not have", _NEEDS_VCENTER),
    "vmodl.query.InvalidCollectorVersion": Meaning("GW413", "the host forgot the reading", RUN_AGAIN),
    "vim.fault.OutOfBounds": Meaning("GW406", "a number outside its range", "Correct the argument named here."),
    "vim.fault.LimitExceeded": Meaning("GW406", "more than the host keeps", "Correct the property named here."),
    "vim.fault.InvalidFolder": Meaning("GW406", "a place in the inventory that cannot hold it", _REPORT),
    "vim.fault.VmConfigFault": Meaning(
        "GW406",
        "hardware the host cannot give",
        "Correct the property of the virtual machine named here.",
    ),
    "vim.fault.InvalidDiskFormat": Meaning("GW406", "a disk in another format", _OVA),
    "vim.fault.OvfFault": Meaning("GW406", "an OVA the host does not take", _OVA),
    "vim.fault.VAppConfigFault": Meaning(
        "GW406", "a setting the power-on needs is missing", "Correct the property of the virtual machine named here."
    ),
    "vim.fault.CustomizationFault": Meaning("GW423", "guest customisation", _NEEDS_VCENTER),
    "vim.fault.SSLVerifyFault": Meaning(
        "GW416", "the host does not trust the other side's certificate", "Load the site CA onto the host."
    ),
    "vim.fault.NoClientCertificate": Meaning("GW416", "a login by certificate without one", _REPORT),
    # in use, in another state, at the same time
    "vim.fault.ResourceInUse": Meaning(
        "GW408", "a port group with a NIC, a datastore with machines", "Detach what uses it, then run again."
    ),
    "vim.fault.FileLocked": Meaning(
        "GW408", "a disk or ISO another machine holds", "Find the machine that holds the file, then run again."
    ),
    "vim.fault.ResourceNotAvailable": Meaning("GW413", "the host is busy", RUN_AGAIN),
    "vim.fault.InvalidState": Meaning("GW413", "a service or host that is so already", RUN_AGAIN),
    "vim.fault.InvalidPowerState": Meaning("GW413", "a machine that was switched meanwhile", RUN_AGAIN),
    "vim.fault.TaskInProgress": Meaning(
        "GW413", "somebody else works on it", "Wait until the other task is done, then run again."
    ),
    "vim.fault.VAppOperationInProgress": Meaning("GW413", "an import that still runs", RUN_AGAIN),
    "vim.fault.ConcurrentAccess": Meaning("GW413", "somebody else changed it after it was read", RUN_AGAIN),
    "vmodl.fault.RequestCanceled": Meaning(
        "GW413", "a task somebody cancelled", "Somebody cancelled the task on the host. " + RUN_AGAIN
    ),
    "vim.fault.MethodDisabled": Meaning(
        "GW413", "another product (a backup) holds the machine", "Wait until the other product is done, then run again."
    ),
    "vim.fault.QuestionPending": Meaning(
        "GW414", "a machine that waits", "Answer the question in the host's web client, then run again."
    ),
    "vim.fault.SnapshotFault": Meaning("GW413", "a snapshot forbids it", _SNAPSHOT),
    "vim.fault.MigrationFault": Meaning("GW423", "a move between hosts", _NEEDS_VCENTER),
    # guests
    "vim.fault.ToolsUnavailable": Meaning(
        "GW415", "the guest's tools do not run", "Start open-vm-tools in the guest."
    ),
    "vim.fault.VmToolsUpgradeFault": Meaning(
        "GW415", "the guest's tools", "Install VMware Tools by hand in the guest, then run again."
    ),
    "vim.fault.GuestOperationsFault": Meaning(
        "GW415", "the guest refused", "Look at the guest: its tools, its account, its disk."
    ),
    "vim.fault.AlreadyUpgraded": Meaning("GW409", "hardware of that version already", RUN_AGAIN),
    # the host itself
    "vim.fault.HostConfigFault": Meaning("GW410", "the host could not apply it", _HOSTD),
    "vim.fault.NetworkDisruptedAndConfigRolledBack": Meaning(
        "GW410",
        "the change cut the host's own network, and the host took it back",
        "Check uplinks and VLAN with the DCUI, then run again.",
    ),
    "vim.fault.PlatformConfigFault": Meaning("GW410", "the host could not apply it", _HOSTD),
    "vim.fault.HostPowerOpFailed": Meaning("GW410", "the host did not go down", _HOSTD),
    "vim.fault.RebootRequired": Meaning(
        "GW410", "an earlier change waits for a reboot", "Reboot the host in a maintenance window, then run again."
    ),
    "vim.fault.GenericVmConfigFault": Meaning("GW410", "the machine could not start", _VM_LOG),
    "vim.fault.FileFault": Meaning("GW410", "the datastore refused a file", "Look at the host's storage events."),
    "vim.fault.HttpFault": Meaning("GW410", "a file transfer failed", RUN_AGAIN),
    "vim.fault.InvalidBundle": Meaning("GW410", "not a backup of this host", "Give the backup taken from this host."),
    "vim.fault.MismatchedBundle": Meaning(
        "GW410", "a backup of another build", "Give the backup taken from this build, or install that build."
    ),
    "vmodl.fault.SystemError": Meaning("GW410", "a fault inside the host", _HOSTD),
    "vmodl.fault.UnexpectedFault": Meaning("GW410", "a fault inside the host", _HOSTD),
    "vim.fault.NoDiskSpace": Meaning("GW411", "a full datastore", "Free space on the datastore named here."),
    "vim.fault.InsufficientResourcesFault": Meaning(
        "GW412", "memory, processors or limits", "Give the virtual machines less or the host more."
    ),
    "vim.fault.Timedout": Meaning("GW402", "the host took too long", RUN_AGAIN),
    "vmodl.fault.HostCommunication": Meaning("GW402", "the host's own agent does not answer", RUN_AGAIN),
    # what a host of this kind does not do
    "vmodl.fault.MethodNotFound": Meaning("GW423", "an older host", _NEEDS_VCENTER),
    "vmodl.fault.NotSupported": Meaning("GW423", "clone, template, move, distributed switch", _NEEDS_VCENTER),
    "vmodl.fault.NotImplemented": Meaning("GW423", "an older host", _NEEDS_VCENTER),
    "vmodl.fault.InvalidRequest": Meaning("GW423", "a call the host cannot read", _NEEDS_VCENTER),
    "vim.fault.DvsFault": Meaning("GW423", "a distributed switch", _NEEDS_VCENTER),
    "vim.fault.VimFault": Meaning("GW410", "any other refusal", _HOSTD),
    "vmodl.MethodFault": Meaning("GW410", "any other fault", _HOSTD),
}  # fmt: skip
