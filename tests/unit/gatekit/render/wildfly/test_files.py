from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gatekit.errors import RenderError
from gatekit.render.text import RenderedFile
from gatekit.render.wildfly import edge, layout, wildfly_files
from tests.sites import example_plan

PLAN = example_plan("pattern4").vm1.wildfly
FILES = {file.path: file for file in wildfly_files(PLAN)}
UNIT = FILES["/etc/systemd/system/wildfly.service"].content
SECRETS = {PLAN.management_password: "right-password", PLAN.keystore_password: "store-password"}


def words(text: str) -> list[str]:
    (start,) = re.findall(r"^ExecStart=((?:.*\\\n)*.*)$", text, re.MULTILINE)
    return start.replace("\\\n", " ").split()


def test_ap_2_heap_and_ports_are_the_plans() -> None:
    started = words(UNIT)
    assert f"-Xmx{PLAN.heap_mb}m" in started
    for name, port in (("http", PLAN.http_port), ("https", PLAN.https_port), ("management.http", PLAN.management_port)):
        assert f'"-Djboss.{name}.port={port}"' in started
    assert '"-Djboss.bind.address=127.0.0.1"' in started
    assert '"-Djboss.bind.address.management=127.0.0.1"' in started


def test_configuration_and_data_stand_outside_every_version() -> None:
    assert f'"-Djboss.server.base.dir={layout.BASE_FOLDER}"' in words(UNIT)
    assert not layout.BASE_FOLDER.startswith(layout.LINK)
    assert f"ReadWritePaths={layout.BASE_FOLDER} {layout.LOGS}" in UNIT


def test_unit_is_hardened_and_started_means_running() -> None:
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "Restart=on-failure"):
        assert line in UNIT.splitlines()
    assert "--bounding-set=-all" in words(UNIT)
    assert re.search(rf"ExecStartPost=.*wildfly_start\.wildfly\.running \\\n +{PLAN.management_port} ", UNIT)


def test_start_proof_runs_from_the_files_we_lay_down(tmp_path: Path) -> None:
    for path, file in FILES.items():
        if path.startswith(layout.START_PROOF):
            target = tmp_path / path.removeprefix(str(Path(layout.START_PROOF).parent) + "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.content)
    (tmp_path / "password").write_text("x\n")
    command = [
        sys.executable,
        "-B",
        "-m",
        "wildfly_start.wildfly.running",
        "1",
        "gatekit",
        str(tmp_path / "password"),
        "0",
    ]
    environment = {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("[GW420]")


def test_files_with_secrets_are_for_one_reader_and_name_them_only() -> None:
    bearing = {path: file for path, file in FILES.items() if "<secret " in file.content and "wildfly_start" not in path}
    assert {path: (file.owner, file.mode) for path, file in bearing.items()} == {
        layout.ENVIRONMENT: ("root", "0600"),
        layout.MANAGEMENT_PASSWORD_FILE: ("root", "0600"),
        layout.REALM_FILE: (PLAN.account, "0600"),
    }


def test_server_keeps_a_digest_instead_of_the_password() -> None:
    secrets = edge.file_secrets(SECRETS, PLAN.model_dump(mode="json"))
    digest = hashlib.md5(b"gatekit:ManagementRealm:right-password", usedforsecurity=False).hexdigest()
    assert secrets == {
        "management_password": "right-password",
        "store_password": "store-password",
        "management_digest": digest,
    }
    assert FILES[layout.REALM_FILE].content.splitlines()[-1] == "gatekit=<secret management_digest>"


def test_server_may_write_its_own_folders_only() -> None:
    owned = {path for path, file in FILES.items() if file.owner == PLAN.account}
    assert owned == {layout.BASE_FOLDER, f"{layout.BASE_FOLDER}/configuration", layout.LOGS, layout.REALM_FILE}


def test_other_java_is_refused() -> None:
    with pytest.raises(RenderError) as refused:
        wildfly_files(PLAN.model_copy(update={"java_package": "temurin-21"}))
    assert refused.value.facts[:3] == ("GW302", "vm1.wildfly.java_package", "temurin-21")


def test_edge_takes_a_plain_plan() -> None:
    plan = PLAN.model_dump(mode="json")
    assert [RenderedFile(**row) for row in edge.files(plan)] == list(FILES.values())
    assert edge.paths(plan)["archive"] == f"/opt/.wildfly-{PLAN.version}.zip"
    assert edge.connection(plan, SECRETS) == {
        "port": PLAN.management_port,
        "user": "gatekit",
        "password": "right-password",
    }
    assert edge.wish(plan)["owner"] == "wildfly"
