"""The first configuration, and what a running server needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable.directory import passwords, server, session
from gatekit.portable.directory.server import Server

CONFIGURATION = """dn: cn=config
objectClass: olcGlobal
cn: config
olcSizeLimit: 5

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

dn: olcDatabase={1}mdb,cn=config
objectClass: olcMdbConfig
olcDatabase: {1}mdb
"""
DATABASE = "olcDatabase={1}mdb,cn=config"


def made(folder: Path) -> Server:
    schema = folder / "core.ldif"
    schema.write_text("dn: cn=core,cn=schema,cn=config\ncn: core\n")
    return Server(str(folder / "gatekit.d"), CONFIGURATION, (str(schema),), DATABASE, "openldap", "slapd.service")


def running(monkeypatch: pytest.MonkeyPatch, stored: bytes | None, limit: bytes = b"5") -> None:
    entry = {"objectclass": ("objectClass", (b"olcMdbConfig",)), "olcdatabase": ("olcDatabase", (b"{1}mdb",))}
    entry |= {"olcrootpw": ("olcRootPW", (stored,))} if stored else {}
    rows = {
        "cn=config": ("cn=config", {"objectclass": ("o", (b"olcGlobal",)), "olcsizelimit": ("x", (limit,))}),
        "cn=schema,cn=config": ("cn=schema,cn=config", {"objectclass": ("o", (b"olcSchemaConfig",))}),
        "olcdatabase={1}mdb,cn=config": (DATABASE, entry),
    }
    monkeypatch.setattr(session, "serves", lambda: True)
    monkeypatch.setattr(session, "search", lambda _: rows)


def test_first_configuration_has_schema_in_its_place_and_the_password_as_a_hash(tmp_path: Path) -> None:
    change = server.plan(made(tmp_path), "secret-word", predict=False)
    names = [line for line in change.first.decode().splitlines() if line.startswith("dn:")]
    assert names == [
        "dn: cn=config",
        "dn: cn=schema,cn=config",
        "dn: cn=core,cn=schema,cn=config",
        f"dn: {DATABASE}",
    ]
    assert b"olcRootPW: {SSHA512}" in change.first
    assert b"secret-word" not in change.first
    assert "olcRootPW" not in repr((change.before, change.after))


def test_settled_server_needs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, passwords.stored("secret-word"))
    wanted = made(tmp_path)
    Path(wanted.folder).mkdir()
    assert not server.plan(wanted, "secret-word", predict=False).changed


@pytest.mark.parametrize("stored", [None, b"plain", passwords.stored("earlier")])
def test_other_password_is_found_and_replaced_by_a_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: bytes | None
) -> None:
    running(monkeypatch, stored)
    wanted = made(tmp_path)
    Path(wanted.folder).mkdir()
    change = server.plan(wanted, "secret-word", predict=False)
    assert change.changed
    assert change.sent is not None
    ((attribute,),) = (record.changes for record in change.sent.configuration)
    assert attribute.attribute == "olcRootPW"
    assert passwords.matches("secret-word", attribute.values[0])
    assert change.after == {"password": "as given"}


def test_changed_limit_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, passwords.stored("secret-word"), b"500")
    wanted = made(tmp_path)
    Path(wanted.folder).mkdir()
    assert server.plan(wanted, "secret-word", predict=False).after == {"cn=config": {"olcSizeLimit": ["5"]}}


def test_stopped_server_is_not_started_to_predict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "serves", lambda: False)
    wanted = made(tmp_path)
    Path(wanted.folder).mkdir()
    assert not server.plan(wanted, "secret-word", predict=True).changed
