"""The hardening baselines, read once from hardening/<product>.yml."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen, Text

type Bound = Literal["equal", "at_most", "at_least", "matches"]
"""How a value is judged; ``at_most`` refuses 0 too, which means "never" in every option of this kind."""


class OptionCheck(Frozen):
    """An advanced option; ``written`` says whether the job sets it or only judges it."""

    kind: Literal["option"]
    key: str
    bound: Bound
    value: bool | int | str
    written: bool = True


class ServiceCheck(Frozen):
    """A service of the host; one that ``may_be_absent`` is as good as stopped when the build has none."""

    kind: Literal["service"]
    key: str
    running: bool
    policy: Literal["on", "off", "automatic"]
    may_be_absent: bool = False


class StateCheck(Frozen):
    """A reading that gatekit knows by name."""

    kind: Literal["state"]
    name: str


class HandCheck(Frozen):
    """What the API has no method for: the command a person enters, and what it has to say."""

    kind: Literal["by_hand"]
    command: str
    wanted: str


class HardeningItem(Frozen):
    """One item of a baseline. ``danger`` is what the setting can break; empty when nothing."""

    id: str
    title: Text
    check: Annotated[OptionCheck | ServiceCheck | StateCheck | HandCheck, Field(discriminator="kind")]
    reason: str
    danger: str = ""
    stig: str = ""  # rule of the STIG for ESXi 8, where it has one


@cache
def esxi_baseline() -> tuple[HardeningItem, ...]:
    """Return the items of hardening/esxi.yml in their order; the ids are unique."""
    return tuple(HardeningItem.model_validate(row) for row in facts_in("hardening", "esxi.yml")["items"])
