"""The host's licence: whether it lets us change anything, and until when."""

from __future__ import annotations

from gatekit.devices.esxi.host_state import Licence
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["EVALUATION", "FREE", "days_left", "licence_notes", "refuse_unusable"]

FREE = "esxBasic"
EVALUATION = "eval"
SOON_DAYS = 30


def refuse_unusable(licence: Licence, host: str) -> None:
    """Refuse the free edition and an evaluation that has ended, before the first write.

    The edition of a paid licence says little about the API; what it forbids shows as GW405 at the first write,
    before anything is changed.

    Raises:
        DeviceError: GW405.
    """
    path = f"{host}.licence"
    if licence.edition == FREE:
        fix = "This edition refuses every change through the API. Enter a vSphere licence; nothing was changed."
        raise DeviceError("GW405", path, licence.name, fix)
    if licence.edition == EVALUATION and licence.hours_left is not None and licence.hours_left <= 0:
        fix = "The evaluation has ended. Enter a vSphere licence; nothing was changed."
        raise DeviceError("GW405", path, licence.name, fix)


def days_left(licence: Licence) -> int | None:
    """Return the whole days of an evaluation that are left; None for a licence without an end."""
    return None if licence.hours_left is None else licence.hours_left // 24


def licence_notes(licence: Licence, plan: EsxiHostPlan) -> tuple[str, ...]:
    """Return what to tell about an evaluation: that the site wants another licence, or that it ends soon."""
    left = days_left(licence)
    if licence.edition != EVALUATION:
        return ()
    if plan.licence != "evaluation":
        return (f"{plan.name}: evaluation licence, {left} days left; the site file says {plan.licence}: enter it",)
    if left is not None and left <= SOON_DAYS:
        return (f"{plan.name}: evaluation licence, {left} days left; no machine can be started after them",)
    return ()
