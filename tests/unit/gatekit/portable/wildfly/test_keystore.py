from __future__ import annotations

import getpass
import subprocess
from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly import keystore

ME, PASSWORD = getpass.getuser(), "right-password"


def pair(folder: Path, name: str) -> tuple[str, str]:
    """Return certificate and key."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", f"/CN={name}", "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
    subprocess.run(words, check=True, capture_output=True)
    return (folder / f"{name}.pem").read_text(), (folder / f"{name}.key").read_text()


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, str, str]:
    certificate, key = pair(tmp_path, "one")
    path = tmp_path / "https.p12"
    keystore.apply(keystore.plan(str(path), ME, certificate, key, PASSWORD), certificate, key, PASSWORD)
    return path, certificate, key


def changes(path: Path, certificate: str, key: str, password: str = PASSWORD) -> bool:
    return keystore.plan(str(path), ME, certificate, key, password).changed


def test_file_is_made_once_for_its_owner_only(made: tuple[Path, str, str]) -> None:
    path, certificate, key = made
    assert changes(path, certificate, key) is False
    assert f"{path.stat().st_mode & 0o7777:04o}" == "0600"


def test_chain_is_part_of_it(made: tuple[Path, str, str], tmp_path: Path) -> None:
    path, certificate, key = made
    chain = certificate + pair(tmp_path, "issuer")[0]
    assert changes(path, chain, key) is True
    keystore.apply(keystore.plan(str(path), ME, chain, key, PASSWORD), chain, key, PASSWORD)
    assert changes(path, chain, key) is False


def test_other_certificate_password_mode_or_damage_is_a_change(made: tuple[Path, str, str], tmp_path: Path) -> None:
    path, certificate, key = made
    assert changes(path, *pair(tmp_path, "two")) is True
    assert changes(path, certificate, key, "another") is True
    path.chmod(0o644)
    assert changes(path, certificate, key) is True
    path.write_bytes(b"damaged")
    assert changes(path, certificate, key) is True


def test_key_of_another_certificate_is_refused_and_the_old_file_stays(
    made: tuple[Path, str, str], tmp_path: Path
) -> None:
    path, _, key = made
    before, (other, _) = path.read_bytes(), pair(tmp_path, "two")
    change = keystore.plan(str(path), ME, other, key, PASSWORD)
    with pytest.raises(NodeError) as refused:
        keystore.apply(change, other, key, PASSWORD)
    assert refused.value.facts[:2] == ("GW406", "keystore")
    assert path.read_bytes() == before
    assert key.splitlines()[1] not in str(refused.value)


def test_text_without_a_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeError) as refused:
        keystore.plan(str(tmp_path / "x"), ME, "no PEM", "no key", PASSWORD)
    assert refused.value.facts[:3] == ("GW104", "keystore.certificate", "no PEM certificate")


def test_diff_shows_neither_key_nor_password(made: tuple[Path, str, str], tmp_path: Path) -> None:
    path, _, key = made
    change = keystore.plan(str(path), ME, *pair(tmp_path, "two"), PASSWORD)
    assert not any(secret in str(change.diff()) for secret in (PASSWORD, key.splitlines()[1]))
