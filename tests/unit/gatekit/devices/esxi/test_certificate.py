"""The host's certificate: as a client sees it, when it is renewed, and who is trusted at the first contact."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gatekit.certificates.authority import SERVER, Issued, issue, new_authority, sign_request
from gatekit.devices.esxi import certificate
from gatekit.devices.esxi.certificate import first_contact, judge_certificate, plan_certificate
from gatekit.devices.esxi.host_state import ServerCertificate
from gatekit.devices.esxi.session import Target
from tests.unit.gatekit.devices.esxi.planned_host import as_planned, plan

NAMES = ("10.161.4.5", "gw-kita-esx.idlink.example.jp")
GIVEN = (x509.DNSName(NAMES[1]), x509.IPAddress(IPv4Address(NAMES[0])))
TARGET = Target("gw-kita-esx", "192.0.2.5", 443, "gwauto", "x", "the site's CA")


@pytest.fixture(scope="module")
def authority() -> Issued:
    return new_authority("test")


def test_a_certificate_of_the_sites_ca_is_known_with_its_names_and_days(authority: Issued) -> None:
    shown = issue(authority, "esx", GIVEN, SERVER).certificate
    now = datetime.now(UTC)
    assert judge_certificate(shown, authority.certificate, now) == ServerCertificate(True, NAMES, 824)
    assert judge_certificate(shown, authority.certificate, now + timedelta(days=830)).days_left < 0


def test_a_certificate_of_another_ca_is_not_the_sites(authority: Issued) -> None:
    other = new_authority("test")  # the same name, another key
    shown = issue(other, "esx", (), SERVER).certificate
    judged = judge_certificate(shown, authority.certificate, datetime.now(UTC))
    assert (judged.by_site_ca, judged.names) == (False, ())


@pytest.mark.parametrize(
    ("shown", "renewed"),
    [
        (ServerCertificate(True, NAMES, 30), False),
        (ServerCertificate(True, (*NAMES, "esx"), 800), False),
        (ServerCertificate(True, NAMES, 29), True),
        (ServerCertificate(True, NAMES[:1], 800), True),
        (ServerCertificate(False, NAMES, 800), True),
        (None, False),
    ],
    ids=["as-planned", "one-name-more", "ends-soon", "a-name-missing", "another-ca", "not-looked-at"],
)
def test_when_a_certificate_is_replaced(shown: ServerCertificate | None, renewed: bool) -> None:
    changes = list(plan_certificate(replace(as_planned(), certificate=shown), plan()))
    assert [change.step for change in changes] == ([ServerCertificate(True, NAMES, 825)] if renewed else [])


def test_a_request_is_signed_with_our_names_and_its_own_key(authority: Issued) -> None:
    key = rsa.generate_private_key(65537, 2048)
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    signed = sign_request(authority, asked.public_bytes(Encoding.PEM).decode(), "esx", GIVEN)
    shown = x509.load_pem_x509_certificate(signed.encode())
    assert shown.public_key() == key.public_key()
    assert judge_certificate(signed, authority.certificate, datetime.now(UTC)).names == NAMES


def test_a_request_that_was_changed_on_its_way_is_refused(authority: Issued) -> None:
    key = rsa.generate_private_key(65537, 2048)
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    broken = bytearray(asked.public_bytes(Encoding.DER))
    broken[-1] ^= 1
    pem = x509.load_der_x509_csr(bytes(broken)).public_bytes(Encoding.PEM).decode()
    with pytest.raises(ValueError, match="not signed by its own key"):
        sign_request(authority, pem, "esx", GIVEN)


def test_the_factory_certificate_is_trusted_only_by_its_fingerprint(
    authority: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory = issue(new_authority("factory"), "localhost", (), SERVER).certificate
    monkeypatch.setattr(certificate, "served_certificate", lambda _target: factory)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(factory)).hexdigest()
    colons = ":".join(digest[i : i + 2] for i in range(0, 64, 2)).upper()
    for fingerprint in (digest, colons):
        trusted = first_contact(TARGET, fingerprint)
        assert (trusted.pinned, trusted.trusted_pem) == (True, factory)
    assert first_contact(TARGET, "0" * 64) == TARGET  # the site's CA decides, and refuses it
    assert first_contact(TARGET, None) == TARGET
