"""Which faults pass by themselves, and how long to wait for that. Pure."""

from __future__ import annotations

from gatekit.errors import GatekitError
from gatekit.pacs_gateway.configuration import Limits

PERMANENT = frozenset({"GW505", "GW507", "GW508", "GW511", "GW514", "GW516", "GW517", "GW519", "GW520", "GW532"})
"""Somebody has to change something first, at the PACS or in the site file."""

_CONGESTED = "source 3,"
"""A-ASSOCIATE-RJ of the presentation service: temporary congestion, local limit (PS3.8 9.3.4)."""


def passes_by_itself(error: GatekitError) -> bool:
    """Return whether the same request may succeed later without anybody's help."""
    if error.code == "GW502":
        return _CONGESTED in str(error.value)
    return error.code not in PERMANENT


def backoff_s(faults: int, limits: Limits, chance: float) -> float:
    """Return the seconds until the next try: doubled with each fault, up to a limit, half of it left to chance.

    Args:
        faults: faults in a row, 1 or more.
        limits: first and longest wait.
        chance: 0 up to 1; spreads what failed together, since a PACS that comes back must not be run over.
    """
    whole = min(limits.backoff_first_s * 2.0 ** min(faults - 1, 30), limits.backoff_longest_s)
    return whole * (0.5 + chance / 2)
