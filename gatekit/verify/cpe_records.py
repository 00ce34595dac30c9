"""What other plays noted about the CPE, as records of the evidence: staged spare, drill (VPN-1), wiped units (VPN-3).

``build/<site>/cpe_spare.json`` is written by playbooks/cpe_stage.yml, ``drill.json`` by playbooks/cpe_drill.yml,
``units/<serial>/wiped.json`` by playbooks/cpe_wipe.yml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from gatekit.devices.commissioning.unit_folder import UNITS
from gatekit.model import Frozen, Text
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePlan
from gatekit.render.edge import plain
from gatekit.verify.evidence import NotRunRecord, Record
from gatekit.verify.words import both

SPARE_FILE, DRILL_FILE, WIPED_FILE = "cpe_spare.json", "drill.json", "wiped.json"
PACK_FOLDER = "cpe_pack_"
"""Beginning of the folder of a unit that is sent; its serial number follows."""
REQUIREMENT = "VPN-1"
_STAGED = Text(ja="予備機が今の計画で準備されている", en="The spare CPE is staged with this plan")
_DRILL = Text(ja="本器の故障時、予備機で接続が復旧する", en="The spare takes over when the main CPE fails")
_NOT_STAGED = Text(ja="予備機をまだ準備していない（cpe_stage.yml）", en="the spare is not staged yet (cpe_stage.yml)")
_NO_DRILL = Text(ja="この計画では交換訓練をまだ行っていない", en="no drill yet with this plan")
_WIPED = Text(
    ja="戻ったCPEの設定が消され、再起動後に工場出荷状態を確認した",
    en="The CPE that came back is wiped, and was seen empty after its restart",
)
_NOT_WIPED = Text(ja="まだ消去していない（cpe_wipe.yml）", en="not wiped yet (cpe_wipe.yml)")
_STALE = Text(ja="古い計画のまま。cpe_stage.yml を実行", en="stale: run playbooks/cpe_stage.yml")


class Spare(Frozen):
    """What the spare was last given: the digest of the CPE's plan."""

    cpe_sha256: str
    serial: str


class Drill(Frozen):
    """One swap of the CPE and how long nothing passed the tunnel; times in seconds since the epoch."""

    cpe_sha256: str
    last_answer_at: float
    first_answer_at: float
    outage_s: float
    asked: int
    answered: int


class WipedUnit(Frozen):
    """Who wiped a unit that came back, when (UTC), and what it showed after its restart."""

    serial: str
    model: str
    by: str
    at: datetime
    shown: str


def cpe_sha256(plan: CpePlan) -> str:
    """Return the digest that tells whether a unit is stale: of all that its configuration follows from.

    The units' labels are left out: main and spare are given the same.
    """
    return hashlib.sha256(plan.model_copy(update={"units": ()}).model_dump_json().encode()).hexdigest()


def spare_json(plan: Mapping[str, Any]) -> str:
    """Return what is noted when the spare was staged with this plan; the edge to Ansible."""
    cpe = CpePlan.model_validate(plain(plan))
    serial = next(unit.serial for unit in cpe.units if unit.role == "spare")
    return Spare(cpe_sha256=cpe_sha256(cpe), serial=serial).model_dump_json(indent=1) + "\n"


def drill_json(plan: Mapping[str, Any], outage: Mapping[str, Any]) -> str:
    """Return what is noted about one drill; ``outage`` as the module tunnel_stream reports it."""
    digest = cpe_sha256(CpePlan.model_validate(plain(plan)))
    return Drill.model_validate({**plain(outage), "cpe_sha256": digest}).model_dump_json(indent=1) + "\n"


def wiped_json(wiped: Mapping[str, Any]) -> str:
    """Return what is noted about one wipe; ``wiped`` as the modules cpe_unit and linux_cpe_unit report it."""
    facts = {name: value for name, value in plain(wiped).items() if name in WipedUnit.model_fields}
    return WipedUnit.model_validate(facts).model_dump_json(indent=1) + "\n"


def cpe_records(folder: Path, plan: Plan) -> tuple[tuple[Record, ...], tuple[NotRunRecord, ...]]:
    """Return the records about the CPE's units; none of a site that has no CPE.

    Spare and drill where the customer swaps in the spare; in every pattern the wipe of each unit that the site was
    given once and its site file names no more.
    """
    if plan.cpe is None:
        return (), ()
    found = list(_wipes(folder, {unit.serial for unit in plan.cpe.units}))
    if plan.cpe.replaced_by == "customer_with_spare":
        digest = cpe_sha256(plan.cpe)
        found += [_spare(folder / SPARE_FILE, digest), _drill(folder / DRILL_FILE, digest)]
    records = tuple(row for row in found if isinstance(row, Record))
    return records, tuple(row for row in found if isinstance(row, NotRunRecord))


def _spare(path: Path, digest: str) -> Record | NotRunRecord:
    if not path.is_file():
        return NotRunRecord(id="cpe.spare", requirement=REQUIREMENT, title=_STAGED, reason=_NOT_STAGED)
    spare = Spare.model_validate_json(path.read_bytes())
    fresh = spare.cpe_sha256 == digest
    return _record("cpe.spare", _STAGED, both(spare.serial) if fresh else _STALE, ok=fresh)


def _drill(path: Path, digest: str) -> Record | NotRunRecord:
    if path.is_file():
        drill = Drill.model_validate_json(path.read_bytes())
        if drill.cpe_sha256 == digest:
            lost = drill.asked - drill.answered
            seen = Text(
                ja=f"停止 {drill.outage_s:.1f} 秒（{drill.asked} 回中 {lost} 回応答なし）",
                en=f"{drill.outage_s:.1f} s without answers ({lost} of {drill.asked} questions)",
            )
            return _record("cpe.drill", _DRILL, seen, ok=True)
    return NotRunRecord(id="cpe.drill", requirement=REQUIREMENT, title=_DRILL, reason=_NO_DRILL)


def _wipes(folder: Path, in_use: set[str]) -> Iterator[Record | NotRunRecord]:
    """Yield a record for each unit that was commissioned or wiped here and is not one of the site's any more."""
    for unit in sorted((folder / UNITS).glob("*")):
        packed = (folder / f"{PACK_FOLDER}{unit.name}").is_dir()
        noted = unit / WIPED_FILE
        if unit.name in in_use or (packed and not noted.is_file()):  # a unit in the post is no unit that came back
            continue
        identity = f"cpe.wiped.{unit.name}"
        if not noted.is_file():
            yield NotRunRecord(id=identity, requirement="VPN-3", title=_WIPED, reason=_NOT_WIPED)
            continue
        wiped = WipedUnit.model_validate_json(noted.read_bytes())
        seen = f"{wiped.serial} · {wiped.at:%Y-%m-%d %H:%M} UTC · {wiped.by} · {_one_line(wiped.shown)}"
        yield _record(identity, _WIPED, both(seen), ok=True, requirement="VPN-3")


def _one_line(shown: str) -> str:
    """Return the last line that a console showed: what it asks whoever comes next."""
    return shown.strip().splitlines()[-1].strip() if shown.strip() else ""


def _record(identity: str, title: Text, seen: Text, *, ok: bool, requirement: str = REQUIREMENT) -> Record:
    return Record(
        id=identity,
        kind="cpe",
        requirement=requirement,
        title=title,
        source="cpe",
        destination="data_centre",
        protocol="",
        port="",
        expected=title,
        observed=seen,
        ok=ok,
        duration_s=0.0,
        tier=1,
    )
