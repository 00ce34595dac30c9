"""PostgreSQL as its clients see it, and what its backups are worth (AP-2)."""

from __future__ import annotations

import gzip
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]

PROJECT = Path(__file__).resolve().parents[3]
PLAN = json.loads((PROJECT / "tests/golden/cases/pattern4/plan.json").read_text(encoding="utf-8"))["vm1"]["postgresql"]
FOLDER = PLAN["backup_folder"]
TEXTS = ("create-psql.sql", "create-fk-index.sql", "create-case-insensitive-index.sql")
TABLES, INDEXES, SEQUENCES = 39, 288, 30  # of dcm4chee 5.34.3, constraints' indexes included


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def sql(root: Host, text: str, database: str = "postgres") -> str:
    words = ["runuser", "-u", "postgres", "--", "psql", "-At", "-d", database, "-c", text]
    return str(root.check_output(shlex.join(words)))


def login(root: Host, database: str, user: str, text: str = "select 1", *, of: str = "") -> tuple[int, str]:
    """Run SQL as an application does: over loopback, with the account's own password or that ``of`` another."""
    words = ["psql", "-At", "-w", f"host=127.0.0.1 dbname={database} user={user}", "-c", text]
    given = f"PGPASSWORD=$(cat /root/{of or user}_password 2>/dev/null)"
    found = root.run(f"{given} {shlex.join(words)}")
    return found.rc, (found.stdout + found.stderr).strip()


def test_ap_2_each_owner_logs_in_with_the_password_of_the_vault(root: Host) -> None:
    assert login(root, "archive", "archive") == (0, "1")
    assert login(root, "pacs_gateway", "pacs_gateway") == (0, "1")


@pytest.mark.parametrize(
    ("database", "user", "of", "said"),
    [
        pytest.param("archive", "archive", "pacs_gateway", "password authentication failed", id="wrong-password"),
        pytest.param("pacs_gateway", "archive", "archive", "no pg_hba.conf entry", id="other-database"),
        pytest.param("postgres", "archive", "archive", "no pg_hba.conf entry", id="servers-database"),
        pytest.param("postgres", "postgres", "archive", "no pg_hba.conf entry", id="servers-account"),
    ],
)
def test_nobody_else_gets_in(root: Host, database: str, user: str, of: str, said: str) -> None:
    status, words = login(root, database, user, of=of)
    assert status == 2
    assert said in words


def test_it_listens_on_loopback_only(root: Host) -> None:
    sockets = [line.split()[3] for line in root.check_output("ss -Hltn").splitlines()]
    assert [entry for entry in sockets if not entry.endswith(":22")] == [f"127.0.0.1:{PLAN['port']}"]


def test_settings_are_those_of_the_plan_and_none_waits_for_a_restart(root: Host) -> None:
    names = ("shared_buffers", "max_connections", "effective_cache_size", "data_checksums", "password_encryption")
    found = dict(
        row.split("|") for row in sql(root, "select name, setting from pg_settings").splitlines() if row.count("|") == 1
    )
    assert {name: found[name] for name in names} == {
        "shared_buffers": str(PLAN["shared_buffers_mb"] * 128),
        "max_connections": str(PLAN["max_connections"]),
        "effective_cache_size": str(PLAN["effective_cache_size_mb"] * 128),
        "data_checksums": "on",
        "password_encryption": "scram-sha-256",
    }
    assert sql(root, "select count(*) from pg_settings where pending_restart") == "0"
    assert sql(root, "select count(*) from pg_hba_file_rules where error is not null") == "0"


def test_owners_may_log_in_and_nothing_more(root: Host) -> None:
    query = "select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls from pg_authid"
    assert sql(root, f"{query} where rolcanlogin order by 1").splitlines() == [
        "archive|f",
        "pacs_gateway|f",
        "postgres|t",
    ]
    query = "select datname, pg_get_userbyid(datdba), has_database_privilege('pacs_gateway', oid, 'connect')"
    query += " from pg_database where datname in ('archive', 'pacs_gateway') order by 1"
    assert sql(root, query).splitlines() == ["archive|archive|f", "pacs_gateway|pacs_gateway|t"]
    status, words = login(root, "archive", "archive", "create extension adminpack; create role x")
    assert status == 1
    assert "ERROR" in words


def test_ap_2_archives_schema_is_whole_and_its_owners(root: Host) -> None:
    folder = "/srv/dcm4chee/sql/psql"
    texts = "".join(root.file(f"{folder}/{name}").content_string for name in TEXTS)
    assert "\r\n" in texts
    counts = "select (select count(*) from pg_tables where schemaname = 'public' and tablename <> 'kept'),"
    counts += " (select count(*) from pg_indexes where schemaname = 'public' and tablename <> 'kept'),"
    counts += " (select count(*) from pg_sequences where schemaname = 'public')"
    tables, indexes, sequences = map(int, sql(root, counts, "archive").split("|"))
    assert tables == len(re.findall(r"(?im)^\s*create table", texts))
    assert sequences == len(re.findall(r"(?im)^\s*create sequence", texts))
    assert indexes >= len(re.findall(r"(?im)^\s*create (?:unique )?index", texts))
    if "patient_demographics" in texts or "hl7psu_task" in texts:
        print("dcm4chee's own data")
        assert (tables, indexes, sequences) == (TABLES, INDEXES, SEQUENCES)
    else:
        print("the project's fixture")
    assert sql(root, "select distinct tableowner from pg_tables where schemaname = 'public'", "archive") == "archive"
    assert sql(root, "select name, version from gatekit.schema_version", "archive") == "dcm4chee-arc|5.34.3"
    status, words = login(root, "archive", "archive", "delete from gatekit.schema_version")
    assert status == 1
    assert "permission denied for schema gatekit" in words


def test_backup_leaves_whole_dumps_and_a_base_backup(root: Host) -> None:
    root.check_output("systemctl start gatekit-postgresql-backup.service")
    dumps = root.check_output(f"ls {FOLDER}/dumps").split()
    assert {name.rsplit("-", 1)[0] for name in dumps} == {"archive", "pacs_gateway"}
    assert root.check_output(f"find {FOLDER} -name '.*'") == ""
    newest = max(name for name in dumps if name.startswith("archive-"))
    assert "TABLE DATA gatekit schema_version" in root.check_output(f"pg_restore --list {FOLDER}/dumps/{newest}")
    assert root.check_output(f"ls {FOLDER}/base/*/FIRST_SEGMENT")
    assert root.check_output(f"stat -c '%U %a' {FOLDER} {FOLDER}/wal").split("\n") == ["postgres 700"] * 2


def test_backup_runs_every_night(root: Host) -> None:
    shown = root.check_output("systemctl show gatekit-postgresql-backup.timer -p TimersCalendar -p ActiveState")
    assert f"{PLAN['dump_at']}:00 {PLAN['time_zone']}" in shown
    assert "ActiveState=active" in shown


def test_log_is_archived_and_a_segment_is_never_overwritten(root: Host) -> None:
    sql(root, "select pg_create_restore_point('test')")  # a segment without a record is not switched
    name = sql(root, "select pg_walfile_name(pg_switch_wal())")
    kept = f"{FOLDER}/wal/{name}.gz"
    root.check_output(f"timeout 20 bash -c 'until test -s {kept}; do sleep 0.1; done'")
    assert len(gzip.GzipFile(fileobj=io.BytesIO(root.file(kept).content)).read()) == 16 * 1024 * 1024
    root.check_output(
        "head -c 16 /dev/urandom > /var/lib/postgresql/other-segment && chmod 0644 /var/lib/postgresql/other-segment"
    )
    command = sql(root, "show archive_command").replace("%p", "/var/lib/postgresql/other-segment").replace("%f", name)
    found = root.run(f"runuser -u postgres -- {command}")
    assert found.rc == 1
    assert "not overwritten" in found.stderr


def test_journal_of_the_server_names_no_patient(root: Host) -> None:
    insert = "insert into t values ('HIMITSU-1')"
    text = f"create temp table t (id text primary key); {insert}; {insert}"
    assert login(root, "archive", "archive", text)[0] == 1
    log = root.check_output("cat /var/log/postgresql/*.log")
    assert "duplicate key value" in log
    assert "HIMITSU" not in log


def test_passwords_stand_nowhere_in_clear(root: Host) -> None:
    for name in ("archive", "pacs_gateway"):
        found = root.run(f"grep -rlFf /root/{name}_password /etc /usr/local /var/log /var/lib/postgresql /var/backups")
        assert found.stdout == ""


def test_it_comes_back_by_itself(root: Host) -> None:
    root.check_output("kill -9 $(head -n 1 /var/lib/postgresql/17/main/postmaster.pid)")
    ready = "until runuser -u postgres -- psql -c 'select 1' >/dev/null 2>&1; do sleep 0.2; done"
    root.check_output(f"timeout 60 bash -c {shlex.quote(ready)}")
    assert login(root, "archive", "archive") == (0, "1")


def test_rows_that_were_destroyed_are_there_again(root: Host) -> None:
    """After the side effects: one database from its dump, then both at a moment after the backup."""
    if sql(root, "select to_regclass('public.kept')", "pacs_gateway") == "":
        assert not root.file("/var/lib/postgresql/moment").exists  # the side effects have not been played yet
        return
    query = "select count(*), md5(string_agg(number || text, ',' order by number)) from kept where number <= 1000"
    wanted = sql(
        root, "select 1000, md5(string_agg(n || md5(n::text), ',' order by n)) from generate_series(1, 1000) n"
    )
    assert sql(root, query, "archive") == wanted
    assert sql(root, query, "pacs_gateway") == wanted
    assert sql(root, "select text from kept where number = 1001", "pacs_gateway") == "after the backup"
    assert (
        sql(root, "select count(*) from pg_database where datname like '%restoring' or datname like '%replaced'") == "0"
    )
    assert sql(root, "select pg_is_in_recovery()") == "f"


def test_hardening_is_in_force(root: Host) -> None:
    shown = root.check_output("systemctl show postgresql@17-main.service -p NoNewPrivileges,ProtectSystem,Restart")
    assert sorted(shown.split()) == ["NoNewPrivileges=yes", "ProtectSystem=strict", "Restart=always"]
    assert "Seccomp:\t2" in root.check_output(
        "cat /proc/$(head -n 1 /var/lib/postgresql/17/main/postmaster.pid)/status"
    )
