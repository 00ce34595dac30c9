"""AP-4 in the evidence: exactly what was not run, or what was read back; an old plan is red."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gatekit.devices.windows.note import NOTE_FILE, WindowsNote
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.render.windows import baseline
from gatekit.verify.windows_records import applied_json, windows_records
from tests.sites import example_plan

READ_BACK: dict[str, Any] = {
    "system": "Microsoft Windows Server 2022 Standard 10.0.20348",
    "time_source": "10.200.9.10,0x8",
    "listening_tcp": [135, 3389, 5986],
    "defender_real_time": True,
    "defender_definitions": "2026-11-20",
    "smb1": False,
    "enabled_accounts": ["gwadmin", "gwops"],
}
REASON = Text(ja="媒体がない", en="no media")


def applied(folder: Path, plan: Plan, **changes: Any) -> None:
    parts = (part.model_dump(mode="json") for part in (plan.windows, plan.vm("vm3")))
    (folder / NOTE_FILE).write_text(applied_json(*parts, READ_BACK | changes))


def test_ap_4_without_windows_every_step_and_table_is_named_as_not_run_with_the_reason(tmp_path: Path) -> None:
    plan = example_plan()
    (tmp_path / NOTE_FILE).write_text(WindowsNote(reason=REASON).model_dump_json())
    records, not_run = windows_records(tmp_path, plan)
    tables = baseline(plan.windows, plan.vm("vm3"))
    titles = {row.id: row.title.en for row in not_run}
    assert records == ()
    assert {row.reason.en for row in not_run} == {"no media"}
    assert {row.requirement for row in not_run} == {"AP-4"}
    assert list(titles) == [
        f"windows.{name}"
        for name in ("installation", "first_contact", "accounts", "certificate", "registry", "services_off", "policy",
                     "audit", "features", "firewall")
    ]  # fmt: skip
    assert titles["windows.firewall"] == f"Firewall rules of the flow matrix: {len(tables['rules'])}"
    assert titles["windows.registry"].endswith(f": {len(tables['registry'])}")
    assert "tls 10" in titles["windows.registry"]


def test_before_the_play_the_reason_is_that_it_was_not_run(tmp_path: Path) -> None:
    _, not_run = windows_records(tmp_path, example_plan())
    assert {row.reason.en for row in not_run} == {"playbooks/windows.yml was not run yet"}


def test_a_maintained_windows_is_one_record_with_what_it_said(tmp_path: Path) -> None:
    plan = example_plan()
    applied(tmp_path, plan)
    records, not_run = windows_records(tmp_path, plan)
    assert not_run == ()
    (record,) = records
    assert (record.id, record.ok, record.tier, record.requirement) == ("windows.baseline", True, 1, "AP-4")
    assert "10.200.9.10" in record.observed.en
    assert "3389" in record.observed.en


def test_another_clock_smb1_or_no_defender_is_red(tmp_path: Path) -> None:
    plan = example_plan()
    for change in ({"time_source": "Local CMOS Clock"}, {"smb1": True}, {"defender_real_time": False}):
        applied(tmp_path, plan, **change)
        assert [record.ok for record in windows_records(tmp_path, plan)[0]] == [False]


def test_the_note_of_another_plan_and_an_unreadable_one_are_red(tmp_path: Path) -> None:
    plan = example_plan()
    applied(tmp_path, example_plan("pattern1"))
    assert [row.observed.en for row in windows_records(tmp_path, plan)[0]] == [
        "as an older plan says: run the job again"
    ]
    (tmp_path / NOTE_FILE).write_text("{")
    assert [row.ok for row in windows_records(tmp_path, plan)[0]] == [False]
