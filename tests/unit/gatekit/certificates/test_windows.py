from __future__ import annotations

import base64
import hashlib
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from gatekit.certificates.authority import SERVER, Issued, issue, new_authority
from gatekit.certificates.windows import der_base64, pkcs12_base64, pkcs12_password, thumbprint


@pytest.fixture(scope="module")
def leaf() -> Issued:
    return issue(new_authority("site"), "gw-kita-vm3", [x509.DNSName("gw-kita-vm3")], SERVER)


def test_the_thumbprint_is_how_windows_writes_it(leaf: Issued) -> None:
    der = ssl.PEM_cert_to_DER_cert(leaf.certificate)
    assert thumbprint(leaf.certificate) == hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()
    assert base64.b64decode(der_base64(leaf.certificate)) == der


def test_pair_and_password_come_from_two_calls_and_fit(leaf: Issued) -> None:
    content = base64.b64decode(pkcs12_base64(leaf.certificate, leaf.key))
    key, certificate, more = pkcs12.load_key_and_certificates(content, pkcs12_password(leaf.key).encode())
    assert certificate is not None
    assert certificate.public_bytes(Encoding.PEM).decode() == leaf.certificate
    assert key is not None
    assert key.public_key() == certificate.public_key()
    assert more == []


def test_the_password_is_the_keys_and_no_others(leaf: Issued) -> None:
    content = base64.b64decode(pkcs12_base64(leaf.certificate, leaf.key))
    with pytest.raises(ValueError, match=r"."):
        pkcs12.load_key_and_certificates(content, pkcs12_password(leaf.key + "\n").encode())
    assert leaf.key.splitlines()[1].encode() not in content
