"""The certificate the API shows: judged as a client sees it, and replaced by one the site's CA signs."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from gatekit.certificates.authority import LIFE, sign_request
from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.faults import connection_error
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.host_state import HostState, ServerCertificate, Setting, facts
from gatekit.devices.esxi.session import Session, Target
from gatekit.devices.esxi.vmomi import Ref
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = [
    "await_other_certificate",
    "first_contact",
    "judge_certificate",
    "plan_certificate",
    "served_certificate",
    "write_certificate",
]

TIMEOUT_S = 10.0
SHOWN_WITHIN_S = 60.0


def served_certificate(target: Target) -> str:
    """Return the certificate (PEM) the host shows; nothing is sent over this connection, so nothing is trusted.

    Raises:
        DeviceError: GW402 no answer.
    """
    try:
        return ssl.get_server_certificate((target.address, target.port), timeout=TIMEOUT_S)
    except OSError as error:
        raise connection_error(error, f"{target.name}.certificate") from error


def first_contact(target: Target, fingerprint: str | None) -> Target:
    """Return the target with the trust its certificate needs today.

    With a fingerprint (SHA-256, from the host's console or its install record) the factory certificate is trusted
    while the host shows it, exactly that one; from the day the host shows another, the site's CA decides alone.
    """
    if fingerprint is None:
        return target
    pem = served_certificate(target)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    same = digest == fingerprint.replace(":", "").lower()
    return replace(target, trusted_pem=pem, pinned=True) if same else target


def judge_certificate(pem: str, ca_pem: str, now: datetime) -> ServerCertificate:
    """Return who signed a certificate, the names it holds and the days it is good for."""
    shown, ca = x509.load_pem_x509_certificate(pem.encode()), x509.load_pem_x509_certificate(ca_pem.encode())
    return ServerCertificate(
        by_site_ca=_is_signed_by(shown, ca),
        names=tuple(sorted(_names(shown))),
        days_left=(shown.not_valid_after_utc - now).days,
    )


def plan_certificate(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield a new certificate when the present one is another CA's, lacks a name or ends soon."""
    before = state.certificate
    if before is None:
        return
    wanted = ServerCertificate(by_site_ca=True, names=_wanted_names(plan), days_left=LIFE.days)
    fresh = before.days_left >= plan.certificate_renewal_days
    if not (before.by_site_ca and fresh and set(wanted.names) <= set(before.names)):
        yield Change("certificate", facts(before), facts(wanted), wanted)


def write_certificate(
    session: Session, subject: str, manager: Ref, wanted: ServerCertificate, secrets: HostSecrets
) -> None:
    """Have the host make a request for its own key, sign it here, and give it the certificate.

    Raises:
        DeviceError: GW416 the host's request cannot be signed, else the meaning of the host's fault.
    """
    assert secrets.authority is not None, "a certificate is only planned where the CA is ours"
    request = session.write(subject, lambda: manager.GenerateCertificateSigningRequest(False))
    names = [_general(name) for name in wanted.names]
    host_name = next(name for name in wanted.names if not _is_address(name))
    try:
        signed = sign_request(secrets.authority, request, host_name, names)
    except (TypeError, ValueError) as error:
        fix = "Look at the host's certificate settings; its request has to be a PKCS#10 PEM."
        raise DeviceError("GW416", f"{session.name}.{subject}", str(error), fix) from error
    session.write(subject, lambda: manager.InstallServerCertificate(signed))
    session.write(subject, manager.NotifyAffectedServices)


def await_other_certificate(target: Target, old: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when new connections are shown another certificate than ``old``.

    Raises:
        DeviceError: GW416 when the host goes on showing it.
    """
    end = time.monotonic() + SHOWN_WITHIN_S
    while time.monotonic() < end:
        try:
            if served_certificate(target) != old:
                return
        except DeviceError:  # the host's web service restarts
            pass
        sleep(0.2)
    fix = "Restart the management agents at the console, then run again."
    raise DeviceError("GW416", f"{target.name}.certificate", "the old one is still shown", fix)


def _wanted_names(plan: EsxiHostPlan) -> tuple[str, ...]:
    return tuple(sorted((f"{plan.name}.{plan.domain}", str(plan.address))))


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in found.get_values_for_type(x509.IPAddress)]
    return [*found.get_values_for_type(x509.DNSName), *addresses]


def _is_signed_by(certificate: x509.Certificate, ca: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(ca)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(name)) if _is_address(name) else x509.DNSName(name)
