"""Who maintains which part of a site (AP-8)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen

type Maintainer = Literal["us", "hardware_vendor", "hospital", "provider"]


class SupportFacts(Frozen):
    """One part; ``only_with`` names what the VPN pattern must have for the part to exist."""

    id: str
    by: Maintainer
    ja: str
    en: str
    only_with: Literal["cpe"] | None = None


@cache
def support() -> tuple[SupportFacts, ...]:
    """Return every row of support.yml; a repeated id is a ValueError."""
    rows = TypeAdapter(tuple[SupportFacts, ...]).validate_python(facts_in("support.yml"))
    if len({row.id for row in rows}) != len(rows):
        raise ValueError("support.yml: an id stands twice")
    return rows
