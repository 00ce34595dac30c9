from __future__ import annotations

import json
from typing import Any

import pytest

from gatekit.errors import RenderError
from gatekit.plan.vm1.model import ArchivePlan
from gatekit.render.orthanc import archive_files, archive_units, orthanc_role_input
from gatekit.render.text import header
from tests.sites import example_plan

PLAN = example_plan("pattern4").vm1.archive


def files(plan: ArchivePlan = PLAN) -> dict[str, str]:
    return {file.path: file.content for file in archive_files(plan)}


def settings(plan: ArchivePlan = PLAN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        files(plan)["/etc/orthanc/gatekit.json"].removeprefix(header("vm1.archive", "//"))
    )
    return found


def changed(**values: object) -> ArchivePlan:
    return ArchivePlan.model_validate({**PLAN.model_dump(), **values})


def test_ap_2_known_peers_are_the_plans_nodes_and_vm1_itself() -> None:
    peers = settings()["DicomModalities"].values()
    wanted = {(PLAN.ae_title, "127.0.0.1", PLAN.dicom_port)}
    wanted |= {(node.ae_title, str(node.address), node.port) for node in PLAN.nodes}
    assert {(peer["AET"], peer["Host"], peer["Port"]) for peer in peers} == wanted


def test_nodes_store_and_only_vm1_asks() -> None:
    for name, peer in settings()["DicomModalities"].items():
        allowed = {key for key, value in peer.items() if key.startswith("Allow") and value}
        assert allowed == ({"AllowEcho", "AllowFind"} if name == "vm1" else {"AllowEcho", "AllowStore"})


def test_nothing_is_open_to_unknown_peers() -> None:
    found = settings()
    assert {value for key, value in found.items() if key.startswith("DicomAlwaysAllow")} == {False}
    assert (found["DicomCheckCalledAet"], found["DicomCheckModalityHost"], found["StrictAetComparison"]) == (True,) * 3
    assert (found["RemoteAccessAllowed"], found["WebDavEnabled"], found["ExecuteLuaEnabled"]) == (False,) * 3


@pytest.mark.parametrize(
    ("compression", "syntax"),
    [("none", None), ("jpeg_ls_lossless", "1.2.840.10008.1.2.4.80"), ("jpeg_2000_lossless", "1.2.840.10008.1.2.4.90")],
)
def test_compression_of_the_plan_is_the_syntax_of_what_comes_in(compression: str, syntax: str | None) -> None:
    assert settings(changed(compression=compression)).get("IngestTranscoding") == syntax


def test_nothing_is_recycled_or_overwritten() -> None:
    found = settings()
    keys = ("MaximumStorageSize", "MaximumPatientCount", "MaximumStorageMode", "OverwriteInstances")
    assert [found[key] for key in keys] == [0, 0, "Reject", False]


def test_guard_holds_the_plans_free_space() -> None:
    text = files(changed(minimum_free_gb=7))["/etc/orthanc/gatekit-guards.lua"]
    assert "local minimum_bytes = 7000000000\n" in text
    assert f'local folder = "{PLAN.storage_folder}"\n' in text


def test_index_lies_in_the_plans_database_and_the_password_is_a_name() -> None:
    found = settings()["PostgreSQL"]
    assert (found["Database"], found["Username"], found["Port"]) == (
        PLAN.database.name,
        PLAN.database.owner,
        PLAN.database.port,
    )
    assert found["Password"] == f"<secret {PLAN.database.password}>"
    assert (found["EnableIndex"], found["EnableStorage"]) == (True, False)


def test_retention_runs_with_the_plans_months_only_where_the_site_limits_it() -> None:
    path = "/etc/systemd/system/orthanc-retention.service"
    assert "--months" not in files()[path]
    assert archive_units(PLAN)[1]["activity"] == "stopped"
    limited = changed(retention_months=36)
    assert "--port 8042 --months 36\n" in files(limited)[path]
    assert f" {PLAN.time_zone}\n" in files(limited)["/etc/systemd/system/orthanc-retention.timer"]
    assert (archive_units(limited)[1]["enablement"], archive_units(limited)[1]["activity"]) == ("enabled", "running")


def test_unit_comes_back_for_ever_and_waits_for_its_volume() -> None:
    unit = files()["/etc/systemd/system/orthanc.service.d/60-gatekit.conf"].splitlines()
    assert {"Restart=always", "StartLimitIntervalSec=0", f"RequiresMountsFor={PLAN.storage_folder}"} <= set(unit)
    assert "Environment=TCP_NODELAY=1 LC_ALL=C.UTF-8" in unit
    assert [line for line in unit if line.startswith(("Requires=", "BindsTo="))] == []


def test_unit_is_restarted_by_every_file_it_reads() -> None:
    reads = set(archive_units(PLAN)[0]["reads"])
    assert reads < set(files())
    assert "/etc/orthanc/gatekit-guards.lua" in reads


def test_another_engine_is_refused() -> None:
    with pytest.raises(RenderError) as refused:
        archive_files(changed(engine="dcm4chee"))
    assert refused.value.code == "GW302"


def test_role_input_is_the_plan_as_plain_values() -> None:
    found = orthanc_role_input(PLAN.model_dump(mode="json"))
    assert [unit["name"] for unit in found["units"]] == ["orthanc.service", "orthanc-retention.timer"]
    assert all(isinstance(row["content"], str) for row in found["files"])
