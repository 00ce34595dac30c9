from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyVmomi import VmomiSupport, vim, vmodl

from gatekit.codes import CODES
from gatekit.devices import esxi
from gatekit.devices.esxi.faults import MEANINGS, connection_error, fault_text, meaning_of, translate

# reference A.2.6, every class it names
TABLE = (
    "vim.fault.InvalidLogin",
    "vim.fault.NotAuthenticated",
    "vim.fault.NoPermission",
    "vim.fault.RestrictedVersion",
    "vim.fault.LicenseExpired",
    "vmodl.fault.NotEnoughLicenses",
    "vim.fault.AlreadyExists",
    "vim.fault.DuplicateName",
    "vim.fault.NotFound",
    "vmodl.fault.ManagedObjectNotFound",
    "vim.fault.InvalidName",
    "vmodl.fault.InvalidArgument",
    "vim.fault.ResourceInUse",
    "vim.fault.InvalidState",
    "vim.fault.InvalidPowerState",
    "vim.fault.HostConfigFault",
    "vim.fault.PlatformConfigFault",
    "vim.fault.TaskInProgress",
    "vim.fault.ConcurrentAccess",
    "vim.fault.ToolsUnavailable",
    "vim.fault.QuestionPending",
    "vim.fault.FileAlreadyExists",
    "vim.fault.FileNotFound",
    "vim.fault.NoDiskSpace",
    "vim.fault.InaccessibleDatastore",
    "vim.fault.InsufficientResourcesFault",
    "vmodl.fault.MethodNotFound",
    "vmodl.fault.NotSupported",
)


def known_faults() -> Iterator[type]:
    """Yield every fault class pyVmomi knows."""
    VmomiSupport.GetVmodlType("vim.fault.VimFault")
    for name in VmomiSupport._dataDefMap.copy():
        kind = VmomiSupport.GetVmodlType(name) if ".fault." in name else None
        if isinstance(kind, type) and issubclass(kind, vmodl.MethodFault):
            yield kind


@pytest.mark.parametrize("name", TABLE)
def test_every_fault_of_the_table_has_a_meaning_of_its_own(name: str) -> None:
    assert name in MEANINGS
    assert meaning_of(VmomiSupport.GetVmodlType(name)) is MEANINGS[name]


def test_every_fault_pyvmomi_knows_leads_to_a_device_code() -> None:
    kinds = list(known_faults())
    assert len(kinds) > 300
    for kind in kinds:
        meaning = meaning_of(kind)
        assert meaning.code in CODES
        assert meaning.code.startswith("GW4")
        assert meaning.fix.endswith(".")


ANY_FAULT = ("vim.fault.VimFault", "vmodl.MethodFault")


def called_methods() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every method of the API that our code names, with the faults VIM declares for it."""
    text = "\n".join(path.read_text() for path in Path(esxi.__file__).parent.rglob("*.py"))
    words = set(re.findall(r"\b[A-Z]\w+\b", text))
    assert vim.ServiceInstance is not None  # the types are loaded when one of them is named
    for kind in [name for name in VmomiSupport._managedDefMap if name.startswith(("vim.", "vmodl."))]:
        for method in VmomiSupport.GetVmodlType(kind)._methodInfo.values():
            if method.wsdlName in words:
                yield method.wsdlName, tuple(method.faults or ())


def test_every_fault_declared_for_a_method_we_call_has_a_meaning_of_its_own() -> None:
    methods = dict(called_methods())
    assert {"CreateVM_Task", "AddPortGroup", "ReconfigVM_Task", "Login"} <= set(methods)
    unnamed = {
        (method, fault)
        for method, faults in methods.items()
        for fault in faults
        if fault not in ANY_FAULT
        and meaning_of(VmomiSupport.GetVmodlType(fault)) in [MEANINGS[any_] for any_ in ANY_FAULT]
    }
    assert unnamed == set()


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_every_name_in_the_table_is_a_real_class(name: str) -> None:
    assert VmomiSupport.GetVmodlType(name).__name__ == name


SENTENCE = vmodl.LocalizableMessage(key="k", message="no uplink left")
NETWORK = "Host.Config.Network"


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (vim.fault.NotAuthenticated(privilegeId="System.View"), "GW403", "NotAuthenticated: privilegeId System.View"),
        (vim.fault.NoPermission(privilegeId=NETWORK), "GW404", f"NoPermission: privilegeId {NETWORK}"),
        (vmodl.fault.InvalidArgument(invalidProperty="mtu"), "GW406", "InvalidArgument: invalidProperty mtu"),
        (vim.fault.InsufficientMemoryResourcesFault(), "GW412", "InsufficientMemoryResourcesFault"),
        (vim.fault.HostConfigFault(faultMessage=[SENTENCE]), "GW410", "HostConfigFault: no uplink left"),
        (vim.fault.NoDiskSpace(file="x.vmdk", datastore="ds1"), "GW411", "NoDiskSpace: datastore ds1; file x.vmdk"),
    ],
    ids=["before-no-permission", "privilege", "field", "subclass", "sentence-of-the-host", "datastore"],
)
def test_a_fault_keeps_its_facts(fault: Exception, code: str, said: str) -> None:
    error = translate(fault, "gw-esx.x")
    assert (error.code, error.path, error.value) == (code, "gw-esx.x", said)
    assert fault_text(fault) == said


def test_a_bug_is_not_translated() -> None:
    with pytest.raises(KeyError):
        translate(ValueError("bug"), "gw-esx.x")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ssl.SSLCertVerificationError(1, "self-signed"), "GW416"),
        (ConnectionRefusedError("refused"), "GW402"),
        (TimeoutError(), "GW402"),
        (http.client.RemoteDisconnected("closed"), "GW402"),
        (http.client.HTTPException("503 Service Unavailable"), "GW402"),
    ],
)
def test_connection_failures_are_told_apart(error: OSError, code: str) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "self-signed certificate"
    assert connection_error(error, "gw-esx.login").code == code
