"""Sources stay inside their folder; secrets are put in after parsing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable.directory.sources import Source, read
from gatekit.portable.errors import NodeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "ldap"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"secret")
    (inside / "a.zip").write_bytes(b"\x00zip")
    (inside / "a.ldif").write_text("dn: cn=a\nphoto:< file:a.zip\n")
    (inside / "sub" / "b.ldif").write_text("dn: cn=b\nphoto:< file:../a.zip\n")
    (inside / "evil.ldif").write_text("dn: cn=c\nphoto:< file:../outside\n")
    (inside / "web.ldif").write_text("dn: cn=c\nphoto:< https://example.org/\n")
    (inside / "link").symlink_to(tmp_path / "outside")
    return inside


def test_reference_counts_from_the_file_it_stands_in(folder: Path) -> None:
    for name in ("a.ldif", "sub/b.ldif"):
        (record,) = read(Source(file=name), str(folder), {})
        assert record.attributes == (("photo", (b"\x00zip",)),)


@pytest.mark.parametrize("name", ["evil.ldif", "../outside", "link", "web.ldif", "/etc/passwd"])
def test_nothing_outside_the_folder_is_read(folder: Path, name: str) -> None:
    with pytest.raises(NodeError) as caught:
        read(Source(file=name), str(folder), {})
    assert caught.value.code == "GW104"


def test_missing_file_says_so(folder: Path) -> None:
    with pytest.raises(NodeError) as caught:
        read(Source(file="no.ldif"), str(folder), {})
    assert caught.value.facts == (
        "GW407",
        "sources",
        "no.ldif",
        f"Put it into {folder}, or leave it out of the sources.",
    )


def test_secret_may_hold_what_ldif_gives_a_meaning_to() -> None:
    (record,) = read(Source(text="dn: cn=a\npin: <secret key_pin>\n"), "", {"key_pin": "a\nb: c"})
    assert record.attributes == (("pin", (b"a\nb: c",)),)
    with pytest.raises(NodeError) as caught:
        read(Source(text="dn: cn=a\npin: <secret key_pin>\n"), "", {})
    assert caught.value.code == "GW107"
