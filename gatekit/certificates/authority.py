"""X.509 for one site: a small CA, and the certificates it signs. Every call makes fresh keys (P-256)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["CLIENT", "SERVER", "Issued", "issue", "new_authority", "sign_request"]

type PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
LIFE = timedelta(days=825)  # the longest that browsers take for a server
AUTHORITY_LIFE = timedelta(days=3650)  # as long as an appliance is in use
BACKDATED = timedelta(hours=1)  # a peer's clock may be behind


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate and its private key, both PEM; the key never shows in repr."""

    certificate: str
    key: str = field(repr=False)


def new_authority(name: str) -> Issued:
    """Return a new CA that may sign end certificates and no further CA."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), _name(name)
    builder = _builder(subject, subject, key.public_key(), AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return _signed(builder, key, key)


def issue(
    authority: Issued, common_name: str, names: Sequence[x509.GeneralName], purpose: x509.ObjectIdentifier
) -> Issued:
    """Return a certificate for one host or person, signed by the CA.

    Args:
        authority: the CA with its key.
        common_name: what people read.
        names: what peers compare (subjectAltName); empty for a person.
        purpose: ``SERVER`` or ``CLIENT``.
    Raises:
        TypeError: the CA's key is not an elliptic-curve key.
    """
    ca, ca_key = _opened(authority)
    key = ec.generate_private_key(ec.SECP256R1())
    return _signed(_leaf(common_name, names, purpose, key.public_key(), ca), key, ca_key)


def sign_request(authority: Issued, request: str, common_name: str, names: Sequence[x509.GeneralName]) -> str:
    """Return a server's certificate (PEM) for the key of a PKCS#10 request; its names are ours, not the request's.

    Raises:
        ValueError: the request is no PEM request, or is not signed by its own key.
        TypeError: the CA's key is not an elliptic-curve key, or the request's is neither that nor RSA.
    """
    asked = x509.load_pem_x509_csr(request.encode())
    if not asked.is_signature_valid:
        raise ValueError("the request is not signed by its own key")
    public = asked.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise TypeError("the request's key is neither RSA nor elliptic-curve")
    ca, ca_key = _opened(authority)
    signed = _leaf(common_name, names, SERVER, public, ca).sign(ca_key, hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def _opened(authority: Issued) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    ca_key = load_pem_private_key(authority.key.encode(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the CA's key is not one of ours")
    return x509.load_pem_x509_certificate(authority.certificate.encode()), ca_key


def _leaf(
    common_name: str,
    names: Sequence[x509.GeneralName],
    purpose: x509.ObjectIdentifier,
    public: PublicKey,
    ca: x509.Certificate,
) -> x509.CertificateBuilder:
    builder = _builder(_name(common_name), ca.subject, public, LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    ca_public = ca.public_key()
    if not isinstance(ca_public, ec.EllipticCurvePublicKey):
        raise TypeError("the CA's key is not one of ours")
    ca_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_public)
    builder = builder.add_extension(ca_id, critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder


def _signed(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> Issued:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Issued(builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM).decode(), pem.decode())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, public: PublicKey, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
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
