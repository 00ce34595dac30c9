"""What the change of a vendor's network device proved, as records of the evidence (AP-6, NW-4, VPN-1 .. VPN-4).

Verification reads Linux devices by itself. Of the others stands in ``build/<site>/devices/<device>.json`` what the
change engine saw last: it confirms a state only when the device, read back by a new session, means what the plan says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from gatekit.catalogue import products
from gatekit.devices.change.part import part_as_json, part_name
from gatekit.devices.change.record import Remembered
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePart, Part
from gatekit.verify.evidence import NotRunRecord, Record
from gatekit.verify.words import both

TIER: Literal[2] = 2
"""A vendor's platform is proved against a simulator and the vendor's reference, until a capture says more."""
_TITLE = Text(
    ja="機器の設定を読み戻した内容が計画と一致する", en="The device, read back after the change, is as planned"
)
_NO_RECORD = Text(ja="この機器はまだ設定していない", en="this device was not configured yet")
_UNREADABLE = Text(ja="機器の記録が読めない", en="the device's record is not readable")
_PENDING = Text(ja="変更の途中で止まっている。もう一度実行", en="a change of it did not end: run the job again")
_STALE = Text(ja="古い計画のまま。もう一度実行", en="as an older plan says: run the job again")
_ABSENT = Text(ja="設定が取り除かれている", en="our configuration was taken away")


def device_records(folder: Path, plan: Plan) -> tuple[tuple[Record, ...], tuple[NotRunRecord, ...]]:
    """Return one record for each network device of the site that is changed through its vendor's dialogue."""
    found = [
        _judged(folder / "devices" / f"{part_name(part)}.json", part, requirement)
        for part, requirement in _vendor_parts(plan)
    ]
    records = tuple(row for row in found if isinstance(row, Record))
    return records, tuple(row for row in found if isinstance(row, NotRunRecord))


def _vendor_parts(plan: Plan) -> Iterator[tuple[Part, str]]:
    parts: list[tuple[Part, str, str]] = [(plan.firewall, plan.firewall.product, "AP-6")]
    if plan.cpe is not None:
        parts.append((CpePart(plan.cpe, plan.cpe.units[0]), plan.cpe.product, f"VPN-{plan.pattern}"))
    if plan.l3_switch.managed_by == "us":
        parts.append((plan.l3_switch, plan.l3_switch.product, "NW-4"))
    for part, product, requirement in parts:
        if not products()[product].changed_on_host:
            yield part, requirement


def _judged(path: Path, part: Part, requirement: str) -> Record | NotRunRecord:
    name = part_name(part)
    identity = f"device.{name}"
    try:
        remembered = Remembered.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return NotRunRecord(id=identity, requirement=requirement, title=_TITLE, reason=_NO_RECORD)
    except ValidationError:
        return _record(identity, name, requirement, _UNREADABLE, ok=False)
    wrong = _wrong(remembered, part)
    seen = wrong or both(f"{remembered.confirmed[0].at:%Y-%m-%dT%H:%M:%SZ} {remembered.confirmed[0].fingerprint[:12]}")
    return _record(identity, name, requirement, seen, ok=wrong is None)


def _wrong(remembered: Remembered, part: Part) -> Text | None:
    if remembered.pending is not None:
        return _PENDING
    if not remembered.confirmed:
        return _STALE
    newest = remembered.confirmed[0]
    if newest.absent:
        return _ABSENT
    return None if newest.part == part_as_json(part) else _STALE


def _record(identity: str, name: str, requirement: str, seen: Text, *, ok: bool) -> Record:
    return Record(
        id=identity,
        kind="device",
        requirement=requirement,
        title=_TITLE,
        source=name,
        destination=name,
        protocol="",
        port="",
        expected=_TITLE,
        observed=seen,
        ok=ok,
        duration_s=0.0,
        tier=TIER,
    )
