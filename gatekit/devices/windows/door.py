"""WinRM's door: which certificate it shows, whether that is the guest's own or our CA's, and which password opens."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pypsrp.client import Client
from pypsrp.exceptions import AuthenticationError
from requests.exceptions import RequestException

from gatekit.errors import DeviceError

__all__ = ["Door", "log_in", "shown_certificate", "trusted_pem"]

TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Door:
    """Where WinRM listens."""

    address: str
    port: int


def shown_certificate(door: Door) -> str:
    """Return the certificate the door shows, PEM; nobody is trusted and nothing is sent yet.

    Raises:
        DeviceError: GW402 nobody answers.
    """
    try:
        return ssl.get_server_certificate((door.address, door.port), timeout=TIMEOUT_S)
    except (OSError, ValueError) as error:
        fix = "Look at VM3's console: does Windows run, does its firewall let the controller in?"
        raise DeviceError("GW402", "vm3.winrm", str(error), fix) from error


def trusted_pem(shown: str, fingerprint: str, authority: str) -> str:
    """Return what to trust from now on: the site's CA when it signed the certificate, else the pinned leaf.

    Args:
        shown: the certificate the door shows, PEM.
        fingerprint: SHA-256 of the guest's own certificate, as the ESXi host reports it.
        authority: the site's CA, PEM.

    Raises:
        DeviceError: GW416 it is neither: somebody else answers there.
    """
    leaf = x509.load_pem_x509_certificate(shown.encode())
    try:
        leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.encode()))
    except (InvalidSignature, ValueError, TypeError):
        found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()
        if not fingerprint or found != fingerprint:
            fix = "Compare it with guestinfo.gw.certificate.sha256 of VM3 in the host's web client; nothing was sent."
            raise DeviceError("GW416", "vm3.winrm.certificate", found, fix) from None
        return shown
    return authority


def log_in(door: Door, user: str, trusted: Path, passwords: Mapping[str, str]) -> str:
    """Return the name of the first password that opens, tried in this order over verified TLS.

    Raises:
        DeviceError: GW401 none does, GW402 the door did not answer.
    """
    for name, password in passwords.items():
        client = Client(
            door.address, port=door.port, username=user, password=password, ssl=True, auth="ntlm",
            cert_validation=str(trusted), negotiate_send_cbt=True, no_proxy=True, connection_timeout=TIMEOUT_S,
        )  # fmt: skip
        try:
            with client:
                client.execute_cmd("exit 0")
        except AuthenticationError:
            continue
        except RequestException as error:
            fix = "Look at VM3's console and at its WinRM listener."
            raise DeviceError("GW402", "vm3.winrm", str(error), fix) from error
        return name
    fix = "Set the account's password on VM3's console to the vault's windows_administrator_password."
    raise DeviceError("GW401", "vm3.winrm", ", ".join(passwords), fix)
