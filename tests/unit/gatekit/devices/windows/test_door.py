"""WinRM's door: a certificate like the one Windows makes itself is pinned, another is refused before a word is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from gatekit.certificates.authority import SERVER, Issued, issue, new_authority
from gatekit.devices.windows import Door, log_in, shown_certificate, trusted_pem
from gatekit.errors import DeviceError
from tests.winrm_listener import LOOPBACK, Listener, sha256, windows_certificate

PASSWORDS = {"administrator": "Aa1-the-one-that-stays", "setup": "Aa1-one-time"}


@pytest.fixture(scope="module")
def first() -> Issued:
    return windows_certificate()


@pytest.fixture
def listener(first: Issued, tmp_path: Path) -> Iterator[Listener]:
    made = Listener(first, tmp_path)
    made.thread.start()
    yield made
    made.stop()


def test_ap_4_the_certificate_the_guest_reported_through_the_host_is_pinned(listener: Listener, first: Issued) -> None:
    shown = shown_certificate(listener.door)
    assert trusted_pem(shown, sha256(first.certificate), new_authority("site").certificate) == shown
    assert listener.requests == []


@pytest.mark.parametrize("reported", ["", "0" * 64])
def test_another_certificate_is_refused_before_anything_is_sent(listener: Listener, reported: str) -> None:
    shown = shown_certificate(listener.door)
    with pytest.raises(DeviceError) as caught:
        trusted_pem(shown, reported, new_authority("site").certificate)
    assert (caught.value.code, caught.value.path) == ("GW416", "vm3.winrm.certificate")
    assert listener.requests == []


def test_a_certificate_of_the_sites_ca_is_trusted_by_the_ca_whatever_the_guest_reported() -> None:
    authority = new_authority("site")
    leaf = issue(authority, "gw-kita-vm3", [x509.DNSName("gw-kita-vm3")], SERVER)
    assert trusted_pem(leaf.certificate, "of the first one", authority.certificate) == authority.certificate


def test_a_certificate_that_only_names_the_sites_ca_is_refused() -> None:
    authority, impostor = new_authority("site"), new_authority("site")
    leaf = issue(impostor, "gw-kita-vm3", [x509.DNSName("gw-kita-vm3")], SERVER)
    with pytest.raises(DeviceError) as caught:
        trusted_pem(leaf.certificate, "", authority.certificate)
    assert caught.value.code == "GW416"


def test_passwords_that_do_not_open_are_named_and_not_shown(listener: Listener, first: Issued, tmp_path: Path) -> None:
    trusted = tmp_path / "vm3.pem"
    trusted.write_text(first.certificate)
    with pytest.raises(DeviceError) as caught:
        log_in(listener.door, "gwadmin", trusted, PASSWORDS)
    assert (caught.value.code, caught.value.value) == ("GW401", "administrator, setup")
    assert set(listener.requests) == {"", "Negotiate"}  # never Basic, which would hand the password over
    assert not any(password in str(caught.value) for password in PASSWORDS.values())


def test_no_password_goes_to_a_listener_with_another_certificate(listener: Listener, tmp_path: Path) -> None:
    trusted = tmp_path / "vm3.pem"
    trusted.write_text(windows_certificate().certificate)
    with pytest.raises(DeviceError) as caught:
        log_in(listener.door, "gwadmin", trusted, PASSWORDS)
    assert caught.value.code == "GW402"
    assert listener.requests == []


def test_a_closed_door_is_said() -> None:
    with pytest.raises(DeviceError) as caught:
        shown_certificate(Door(LOOPBACK, 1))
    assert (caught.value.code, caught.value.path) == ("GW402", "vm3.winrm")
