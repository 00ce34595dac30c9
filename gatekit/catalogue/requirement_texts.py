"""The requirements in our words: id -> sentence in Japanese and English, in the order of the guide."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Text


@cache
def requirement_texts() -> MappingProxyType[str, Text]:
    """Return every requirement of ``requirement_texts.yml``; a repeated id is a ValueError."""
    rows = facts_in("requirement_texts.yml")
    texts = {row["id"]: Text(ja=row["ja"], en=row["en"]) for row in rows}
    if len(texts) != len(rows):
        raise ValueError("requirement_texts.yml: an id stands twice")
    return MappingProxyType(texts)
