"""Settings, access rules and backups from the plan."""

from __future__ import annotations

import json

import pytest

from gatekit.plan.vm1.model import DatabasePlan, PostgresqlPlan
from gatekit.render.postgresql import backup_files, cluster_files, server_files
from gatekit.render.postgresql.role_input import restore_input, role_input, users
from gatekit.render.text import RenderedFile

DATABASES = tuple(
    DatabasePlan(name=name, owner=name, password=f"{name}_database_password", port=5433)
    for name in ("archive", "pacs_gateway")
)
PLAN = PostgresqlPlan(
    version=17,
    port=5433,
    max_connections=50,
    shared_buffers_mb=1024,
    effective_cache_size_mb=4096,
    databases=DATABASES,
    dump_at="01:30",
    time_zone="Asia/Tokyo",
    dumps_kept_days=14,
    wal_kept_days=3,
    backup_folder="/var/backups/x",
)


def content(files: tuple[RenderedFile, ...], end: str) -> str:
    (text,) = [file.content for file in files if file.path.endswith(end)]
    return text


def test_ap_2_only_loopback_is_heard_and_the_plan_is_obeyed() -> None:
    lines = content(server_files(PLAN), "conf.d/60-gatekit.conf").splitlines()
    assert {
        "listen_addresses = '127.0.0.1'",
        "port = 5433",
        "max_connections = 50",
        "shared_buffers = '1024MB'",
        "effective_cache_size = '4096MB'",
        "maintenance_work_mem = '128MB'",
        "password_encryption = 'scram-sha-256'",
        "archive_mode = on",
    } <= set(lines)


def test_each_database_lets_its_owner_in_and_nobody_else() -> None:
    rules = content(server_files(PLAN), "pg_hba.conf").splitlines()
    assert [line.split() for line in rules if line and not line.startswith("#")] == [
        ["local", "all", "postgres", "peer"],
        ["local", "replication", "postgres", "peer"],
        ["host", "archive", "archive", "127.0.0.1/32", "scram-sha-256"],
        ["host", "pacs_gateway", "pacs_gateway", "127.0.0.1/32", "scram-sha-256"],
    ]


def test_cluster_is_made_with_checksums_and_a_locale_of_its_own() -> None:
    text = content(cluster_files(), "createcluster.conf")
    assert "--data-checksums" in text
    assert "--builtin-locale=C.UTF-8" in text


def test_backup_program_is_told_what_the_plan_says_and_holds_no_secret() -> None:
    files = backup_files(PLAN)
    settings = json.loads(content(files, "postgresql_backup.json"))
    assert (settings["port"], settings["wal_kept_days"], settings["databases"]) == (
        5433,
        3,
        ["archive", "pacs_gateway"],
    )
    assert "OnCalendar=*-*-* 01:30:00 Asia/Tokyo" in content(files, ".timer")
    assert not any("password" in file.content for file in files if file.path.endswith(".json"))


def test_programs_are_the_tested_ones() -> None:
    files = backup_files(PLAN)
    compile(content(files, "postgresql_archive_wal.py"), "archive_wal", "exec")
    assert "def base_is_due" in content(files, "postgresql_backup.py")


def test_role_gets_options_of_its_modules() -> None:
    given = role_input(PLAN.model_dump(mode="json"))
    assert given["unit"] == "postgresql@17-main.service"
    assert given["databases"][0] == {
        "name": "archive",
        "owner": "archive",
        "credential": "archive_database_password",
    }


@pytest.mark.parametrize(("database", "owner"), [("archive", "archive"), ("", ""), ("no", "")])
def test_restore_play_learns_the_owner_or_that_there_is_none(database: str, owner: str) -> None:
    given = restore_input(PLAN.model_dump(mode="json"), database)
    assert (given["owner"], given["data"]) == (owner, "/var/lib/postgresql/17/main")
    assert users(["a.service"], "stopped") == [{"name": "a.service", "activity": "stopped"}]
