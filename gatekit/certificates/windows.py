"""A certificate and its key in the forms Windows takes: DER, SHA-1 thumbprint, PKCS#12."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    load_pem_private_key,
    pkcs12,
)

__all__ = ["der_base64", "pkcs12_base64", "pkcs12_password", "thumbprint"]


def der_base64(pem: str) -> str:
    """Return the certificate's DER in base64."""
    return base64.b64encode(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)).decode()


def thumbprint(pem: str) -> str:
    """Return the name Windows' stores give the certificate: SHA-1, capital hexadecimal digits."""
    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - Windows' name, no proof


def pkcs12_password(key: str) -> str:
    """Return the password of ``pkcs12_base64``: it follows from the key, since Ansible asks for both anew each time."""
    return hmac.new(key.encode(), b"pkcs12", hashlib.sha256).hexdigest()


def pkcs12_base64(certificate: str, key: str) -> str:
    """Return certificate and private key as PKCS#12 in base64; other bytes on each call (salts).

    Raises:
        TypeError: the key is not an elliptic-curve key.
    """
    private = load_pem_private_key(key.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("VM3's key is not one of ours")
    encryption = BestAvailableEncryption(pkcs12_password(key).encode())
    leaf = x509.load_pem_x509_certificate(certificate.encode())
    return base64.b64encode(pkcs12.serialize_key_and_certificates(b"gatekit", private, leaf, None, encryption)).decode()
