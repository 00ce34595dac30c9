"""slapd's configuration and files from the plan."""

from __future__ import annotations

import json

from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.portable.directory.ldif import parse
from gatekit.render.directory import directory_files, server_configuration
from gatekit.render.directory.role_input import role_input, sources

PLAN = DirectoryPlan(
    port=1389,
    suffix="dc=test",
    password="directory_password",
    size_limit=12345,
    dump_at="01:20",
    time_zone="Asia/Tokyo",
    dumps_kept_days=14,
    backup_folder="/var/backups/d",
)


def no_files(url: str) -> bytes:
    raise AssertionError(url)


def test_configuration_is_ldif_with_the_plans_limit_and_without_a_password() -> None:
    text = str(server_configuration(PLAN)["configuration"])
    entries = {record.dn: dict(record.attributes) for record in parse(text.encode(), "x", no_files)}
    tree = entries["olcDatabase={1}mdb,cn=config"]
    assert (tree["olcSuffix"], tree["olcRootDN"]) == ((b"dc=test",), (b"cn=admin,dc=test",))
    assert {entry["olcSizeLimit"] for entry in entries.values() if "olcSizeLimit" in entry} == {(b"12345",)}
    assert "olcRootPW" not in text
    assert entries["cn=config"]["olcDisallows"] == (b"bind_anon",)


def test_ap_2_server_listens_on_loopback_and_its_socket_only() -> None:
    (unit,) = [file.content for file in directory_files(PLAN) if file.path.endswith("slapd.service.d/60-gatekit.conf")]
    (start,) = [line for line in unit.splitlines() if line.startswith("ExecStart=/")]
    assert '-h "ldap://127.0.0.1:1389/ ldapi:///"' in start


def test_dump_is_told_what_the_plan_says() -> None:
    files = {file.path.rsplit("/", 1)[1]: file.content for file in directory_files(PLAN)}
    assert json.loads(files["directory_dump.json"])["kept_days"] == 14
    assert "OnCalendar=*-*-* 01:20:00 Asia/Tokyo" in files["gatekit-directory-dump.timer"]
    compile(files["directory_dump.py"], "dump", "exec")


def test_indexes_come_before_the_entries_they_are_for() -> None:
    given = sources(PLAN.model_dump(mode="json"))
    first, *rest = given["sources"]
    assert "olcDbIndex: dicomAETitle eq" in first["text"]
    assert rest[0]["file"] == "init-baseDN.ldif"


def test_every_unit_starts_anew_with_what_it_reads() -> None:
    parts = role_input(PLAN.model_dump(mode="json"))
    laid_down = {row["path"] for row in parts["files"]}
    assert [row["name"] for row in parts["units"]] == ["slapd.service", "gatekit-directory-dump.timer"]
    for row in parts["units"]:
        assert set(row["reads"]) < laid_down
