"""The site's certificates: a CA, servers (portal, ESXi host), and a viewing facility's client (OP-9)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gatekit.plan.model import Plan

_LIFE = timedelta(days=825)
_BACKDATED = timedelta(hours=1)  # a peer's clock may be behind


class Pki:
    """The certificates of one twin in one folder; made once, then read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def ca_file(self) -> Path:
        """Return the CA's certificate (PEM)."""
        return self.folder / "ca.pem"

    def certificate(self, name: str) -> Path:
        """Return the file of a certificate (PEM): ``portal``, ``esxi`` or ``viewer``."""
        return self.folder / f"{name}.pem"

    def key(self, name: str) -> Path:
        """Return the file of its private key (PEM, mode 0600)."""
        return self.folder / f"{name}_key.pem"

    def make(self, plan: Plan) -> None:
        """Write what is missing; a certificate stays while its key, names and CA stay."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        centre = plan.data_centre
        portal = [x509.DNSName(centre.portal_name), x509.IPAddress(centre.portal), x509.IPAddress(centre.portal_public)]
        esxi = [x509.DNSName(f"{plan.esxi.name}.{plan.esxi.domain}"), x509.IPAddress(plan.esxi.address)]
        self._make_ca(f"gatekit twin {plan.site}")
        self._make_leaf("portal", centre.portal_name, portal, ExtendedKeyUsageOID.SERVER_AUTH)
        self._make_leaf("esxi", plan.esxi.name, esxi, ExtendedKeyUsageOID.SERVER_AUTH)
        self._make_leaf("viewer", f"viewer.{plan.domain}", [], ExtendedKeyUsageOID.CLIENT_AUTH)

    def _make_ca(self, name: str) -> None:
        if self.ca_file.is_file() and self.key("ca").is_file():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        builder = _builder(subject, subject, key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        usage = _usage(signs_certificates=True)
        certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
        write_private(self.key("ca"), _pem(key))
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _make_leaf(
        self, name: str, common_name: str, names: Sequence[x509.GeneralName], purpose: x509.ObjectIdentifier
    ) -> None:
        ca = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        if self._is_good(name, ca, names):
            return
        ca_key = serialization.load_pem_private_key(self.key("ca").read_bytes(), None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise TypeError("the CA's key is not one of ours")
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(common_name), ca.subject, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(ca_key, hashes.SHA256())
        write_private(self.key(name), _pem(key))
        self.certificate(name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _is_good(self, name: str, ca: x509.Certificate, names: Sequence[x509.GeneralName]) -> bool:
        if not (self.certificate(name).is_file() and self.key(name).is_file()):
            return False
        there = x509.load_pem_x509_certificate(self.certificate(name).read_bytes())
        try:
            there.verify_directly_issued_by(ca)
        except (InvalidSignature, ValueError, TypeError):  # another CA's: make it anew
            return False
        try:
            has = list(there.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        except x509.ExtensionNotFound:
            has = []
        return has == list(names) and there.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    partial.rename(path)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
