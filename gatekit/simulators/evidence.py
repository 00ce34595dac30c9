"""Which answers of the simulated devices somebody else's software reads: evidence.yml, proved by tests/evidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gatekit.model import Frozen

READERS = ("ntc-templates", "genie", "hier_config", "fortinet.fortios")


class Coverage(Frozen):
    """One platform. ``readers``: name -> the commands whose answer it reads. ``nobody``: command -> why, or nothing."""

    readers: Mapping[str, tuple[str, ...]]
    nobody: Mapping[str, str]


@cache
def coverage() -> Mapping[str, Coverage]:
    """Return every platform's coverage by the platform's name."""
    text = resources.files(__package__).joinpath("evidence.yml").read_text(encoding="utf-8")
    return {platform: _coverage(found) for platform, found in yaml.safe_load(text).items()}


def _coverage(found: Mapping[str, Any]) -> Coverage:
    readers = {name: tuple(found[name]) for name in READERS if name in found}
    return Coverage(readers=readers, nobody={name: why or "" for name, why in found["nobody"].items()})
