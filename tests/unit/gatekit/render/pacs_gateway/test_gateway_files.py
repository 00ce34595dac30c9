from __future__ import annotations

import json

from gatekit.pacs_gateway.configuration import CREDENTIALS, Configuration
from gatekit.render.pacs_gateway import gateway_files
from tests.unit.gatekit.pacs_gateway.gateway import PLAN

FILES = {file.path: file for file in gateway_files(PLAN)}
UNIT = FILES["/etc/systemd/system/gatekit-pacs-gateway.service"].content


def test_daemon_reads_what_is_rendered() -> None:
    assert Configuration.model_validate(json.loads(FILES[PLAN.configuration_file].content)).gateway == PLAN


def test_configuration_holds_no_secret_and_only_the_service_reads_it() -> None:
    file = FILES[PLAN.configuration_file]
    assert "<secret" not in file.content
    assert (file.owner, file.group, file.mode) == ("root", PLAN.account, "0640")


def test_secrets_are_root_s_and_handed_over_as_credentials() -> None:
    assert FILES["/etc/gatekit/pacs_gateway/database_password"].content == "<secret pacs_gateway_database_password>\n"
    for name in CREDENTIALS:
        file = FILES[f"/etc/gatekit/pacs_gateway/{name}"]
        assert (file.owner, file.group, file.mode) == ("root", "root", "0600")
        assert f"LoadCredential={name}:{file.path}\n" in UNIT


def test_unit_runs_under_the_account_of_the_plan_with_a_watchdog() -> None:
    lines = UNIT.splitlines()
    assert {f"User={PLAN.account}", "Type=notify", "WatchdogSec=45", "Restart=always"} <= set(lines)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(lines)


def test_rendering_twice_gives_the_same() -> None:
    assert gateway_files(PLAN) == gateway_files(PLAN)
