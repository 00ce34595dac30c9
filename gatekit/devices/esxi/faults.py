"""Turns a fault of the vSphere API into the error an operator can act on.

A fault is looked up by its class name, walking up its ancestors, so the most specific meaning wins
(``NotAuthenticated`` before ``NoPermission``, ``InvalidPowerState`` before ``InvalidState``).
"""

from __future__ import annotations

import http.client
import ssl

from gatekit.devices.esxi.fault_table import MEANINGS, RUN_AGAIN, Meaning
from gatekit.errors import DeviceError

__all__ = ["MEANINGS", "Meaning", "connection_error", "fault_text", "meaning_of", "translate"]

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
        "GW402", path, str(error) or type(error).__name__, "Check address, cable and power; " + RUN_AGAIN
    )
