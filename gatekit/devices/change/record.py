"""What the controller remembers of one device: the last states that were confirmed, and a change that is under way.

build/<site>/devices/<device>.json, mode 0600. No secret is in it: of each applied secret an HMAC-SHA256 under
a key from the vault (vendor reference 0.4, rule 5), so that a renewed one is noticed and sent again.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from gatekit.devices.change.part import kind_of, part_as_json, part_from_json, unit_of
from gatekit.errors import DeviceError, IntentError
from gatekit.model import Frozen
from gatekit.plan.network_device import Part
from gatekit.whole_file import write_atomically

FINGERPRINT_KEY = "fingerprint_key"
"""Vault entry of the key; it never leaves the controller."""
KEPT = 5


class Confirmed(Frozen):
    """One state that was kept on the device. ``text`` names its secrets; ``fingerprint`` is the device's.

    ``absent``: our part was taken away.
    """

    at: datetime
    plan_sha256: str
    kind: str
    unit: str | None
    part: dict[str, Any]
    text: str
    fingerprint: str
    absent: bool = False

    def wanted(self) -> Part:
        """Return what the device had to be then: what a rollback asks for."""
        return part_from_json(self.kind, self.part, self.unit)


class Pending(Frozen):
    """A change that was begun; it stands here until its end was seen. ``began_at`` in seconds since the epoch."""

    began_at: float = Field(default_factory=time.time)
    undo_after_s: int
    fingerprint_before: str


class Remembered(Frozen):
    """The whole file; ``confirmed`` newest first."""

    schema_version: Literal[1] = 1
    device: str
    secrets: dict[str, str] = Field(default_factory=dict)
    confirmed: tuple[Confirmed, ...] = ()
    pending: Pending | None = None


def confirmed(part: Part, text: str, fingerprint: str, *, plan_sha256: str, absent: bool = False) -> Confirmed:
    """Return the state that a device has now, as it is remembered."""
    return Confirmed(
        at=datetime.now(UTC),
        plan_sha256=plan_sha256,
        kind=kind_of(part),
        unit=unit_of(part),
        part=part_as_json(part),
        text=text,
        fingerprint=fingerprint,
        absent=absent,
    )


class DeviceRecord:
    """One device's file. ``key``: value of the vault's ``fingerprint_key``."""

    def __init__(self, folder: Path, device: str, key: str) -> None:
        if not key:
            raise IntentError("GW107", f"vault.{FINGERPRINT_KEY}", "missing", f"Put {FINGERPRINT_KEY} into the vault.")
        self.path, self.device = folder / f"{device}.json", device
        self._key = key.encode()

    def read(self) -> Remembered:
        """Return what is remembered; nothing of a device that was never changed from here.

        Raises:
            IntentError: GW101 when the file is not one of ours.
        """
        try:
            return Remembered.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return Remembered(device=self.device)
        except (OSError, ValidationError) as error:
            fix = "Move the file away; then every secret is sent once more and nothing can be rolled back to."
            raise IntentError("GW101", str(self.path), type(error).__name__, fix) from None

    def renewed(self, secrets: Mapping[str, str]) -> frozenset[str]:
        """Return the names whose values are not those last applied; of an unknown device all of them."""
        applied = self.read().secrets
        return frozenset(
            name
            for name, value in secrets.items()
            if not hmac.compare_digest(applied.get(name, ""), self._fingerprint(name, value))
        )

    def begin(self, pending: Pending) -> None:
        """Note that a change starts now: the next run must know when the controller dies in it."""
        self._write(self.read().model_copy(update={"pending": pending}))

    def withdraw(self) -> None:
        """Note that the device is as it was before the change."""
        self._write(self.read().model_copy(update={"pending": None}))

    def confirm(self, state: Confirmed, secrets: Mapping[str, str]) -> None:
        """Note what the device is now and which secrets it was given; the same state as the newest only renews it."""
        older = [one for one in self.read().confirmed if (one.text, one.part) != (state.text, state.part)]
        applied = {name: self._fingerprint(name, value) for name, value in secrets.items()}
        self._write(Remembered(device=self.device, secrets=applied, confirmed=(state, *older)[:KEPT], pending=None))

    def _fingerprint(self, name: str, value: str) -> str:
        return hmac.digest(self._key, f"{self.device}|{name}|{value}".encode(), "sha256").hex()

    def _write(self, remembered: Remembered) -> None:
        """Replace the file whole, or leave the old one; on the disk before anything is sent."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = json.dumps(remembered.model_dump(mode="json"), ensure_ascii=False, indent=1)
            write_atomically(self.path, text.encode(), mode=0o600)
        except OSError as error:
            fix = "Make room and give this account the folder; nothing is changed without a record."
            raise DeviceError("GW418", str(self.path), type(error).__name__, fix) from None
