"""How an RTX says no, in both languages (vendor reference 0.6)."""

from __future__ import annotations

import re

from gatekit.devices.change.platform import Refusals

REFUSALS = Refusals(refused=(re.compile(r"^\s*Error:", re.IGNORECASE), re.compile(r"^\s*エラー[:：]")))
