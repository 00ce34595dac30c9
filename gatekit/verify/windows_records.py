"""What was done to Windows on VM3, and what was not, as records of the evidence (AP-4).

Read from the note that playbooks/windows.yml leaves (gatekit.devices.windows.note).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gatekit.catalogue.windows_baseline import windows_baseline
from gatekit.devices.windows.note import NOTE_FILE, ReadBack, WindowsNote
from gatekit.model import Text
from gatekit.plan.appliance import VmPlan
from gatekit.plan.model import Plan
from gatekit.plan.windows import WindowsPlan
from gatekit.render.edge import plain
from gatekit.render.windows import baseline, baseline_sha256
from gatekit.verify.evidence import NotRunRecord, Record
from gatekit.verify.words import both

__all__ = ["applied_json", "windows_records"]

REQUIREMENT = "AP-4"
_NOT_ASKED = Text(ja="windows.ymlをまだ実行していない", en="playbooks/windows.yml was not run yet")
_UNREADABLE = Text(ja="記録が読めない", en="the record is not readable")
_STALE = Text(ja="古い計画のまま。もう一度実行", en="as an older plan says: run the job again")
_TITLE = Text(ja="Windows保守VMが基準どおり", en="Windows on VM3 keeps its baseline")
_WANTED = Text(
    ja="計画の時刻源、SMBv1なし、Defenderのリアルタイム保護が有効",
    en="time from the plan's servers, no SMBv1, Defender's real-time protection on",
)


def applied_json(windows: Mapping[str, Any], vm: Mapping[str, Any], read_back: Mapping[str, Any]) -> str:
    """Return what is noted when the role has ended; the edge to Ansible."""
    plan, part = WindowsPlan.model_validate(plain(windows)), VmPlan.model_validate(plain(vm))
    seen = ReadBack.model_validate(plain(read_back))
    note = WindowsNote(baseline_sha256=baseline_sha256(plan, part), read_back=seen)
    return note.model_dump_json(indent=1) + "\n"


def windows_records(folder: Path, plan: Plan) -> tuple[tuple[Record, ...], tuple[NotRunRecord, ...]]:
    """Return one record of a maintained Windows; else one row for everything that was not done, with the reason."""
    try:
        note = WindowsNote.model_validate_json((folder / NOTE_FILE).read_bytes())
    except FileNotFoundError:
        note = WindowsNote(reason=_NOT_ASKED)
    except ValidationError:
        return (_record(plan, _UNREADABLE, ok=False),), ()
    if note.read_back is None:
        return (), tuple(_not_run(plan, note.reason or _NOT_ASKED))
    vm = plan.vm(plan.windows.vm)
    if note.baseline_sha256 != baseline_sha256(plan.windows, vm):
        return (_record(plan, _STALE, ok=False),), ()
    return (_judged(plan, vm, note.read_back),), ()


def _judged(plan: Plan, vm: VmPlan, seen: ReadBack) -> Record:
    timed = any(str(server) in seen.time_source for server in vm.ntp_servers)
    observed = both(
        f"{seen.system}; time {seen.time_source}; SMBv1 {'on' if seen.smb1 else 'off'}; "
        f"Defender {'on' if seen.defender_real_time else 'off'}, definitions {seen.defender_definitions}; "
        f"listening {' '.join(map(str, seen.listening_tcp))}"
    )
    return _record(plan, observed, ok=timed and not seen.smb1 and seen.defender_real_time)


def _record(plan: Plan, observed: Text, *, ok: bool) -> Record:
    return Record(
        id="windows.baseline",
        kind="windows",
        requirement=REQUIREMENT,
        title=_TITLE,
        source="staging_controller",
        destination=plan.windows.vm,
        protocol="tcp",
        port=str(plan.windows.winrm_port),
        expected=_WANTED,
        observed=observed,
        ok=ok,
        duration_s=0.0,
        tier=1,
    )


def _not_run(plan: Plan, reason: Text) -> Iterator[NotRunRecord]:
    for name, title in _parts(plan):
        yield NotRunRecord(id=f"windows.{name}", requirement=REQUIREMENT, title=title, reason=reason)


def _parts(plan: Plan) -> Iterator[tuple[str, Text]]:
    """Yield everything the job would have done, counted from the same tables it would have used."""
    tables, facts = baseline(plan.windows, plan.vm(plan.windows.vm)), windows_baseline()
    concerns = Counter(item.id.partition(".")[0] for items in facts.registry.values() for item in items)
    values = ", ".join(f"{concern} {count}" for concern, count in concerns.items())
    steps = (
        ("installation", "Windowsの無人インストール", "Unattended installation of Windows"),
        (
            "first_contact",
            "初回接続と一度限りのパスワードの廃止",
            "First contact, the one-time password ended",
        ),
        ("accounts", "操作員アカウントと管理者のパスワード", "The operator's account and the administrator's password"),
        ("certificate", "WinRM証明書をサイトCAのものに交換", "WinRM's certificate replaced by one of the site's CA"),
    )
    for name, ja, en in steps:
        yield name, Text(ja=ja, en=en)
    counted = (
        ("registry", f"レジストリ値（{values}）", f"Registry values ({values})", "registry"),
        ("services_off", "不要サービスの停止", "Services switched off", "services_off"),
        ("policy", "パスワード・ロックアウト・権利", "Passwords, lockout and rights", "policy"),
        ("audit", "監査ポリシー", "Audit policy", "audit"),
        ("features", "SMBv1の除去", "SMBv1 taken off the system", "features_absent"),
        ("firewall", "通信表どおりのファイアウォール規則", "Firewall rules of the flow matrix", "rules"),
        ("tools", "保守用ソフトウェア", "Packages for maintenance", "tools"),
    )
    for name, ja, en, table in counted:
        count = len(tables[table])
        if count:
            yield name, Text(ja=f"{ja}：{count}件", en=f"{en}: {count}")
