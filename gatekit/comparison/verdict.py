"""What decides the exit status: of a preview whether a device refused, of a drift report whether all is as planned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gatekit.comparison.document import summary
from gatekit.comparison.model import Comparison, DeviceFinding, Finding
from gatekit.errors import DeviceError

TRUE = frozenset({Finding.AS_PLANNED, Finding.BY_VENDOR})


def refuse_refusals(comparison: Comparison, document: Path) -> None:
    """Return when no device refused; one that does not answer yet is no fault of a preview.

    Raises:
        DeviceError: GW433 with a line for each device that is another one, lets nobody in or must not be changed.
    """
    refused = comparison.found(Finding.REFUSED)
    if refused:
        fix = f"Put right what each of them says, then run again; {document} has the others."
        raise DeviceError("GW433", comparison.site, _said(comparison, refused), fix)


def refuse_drift(comparison: Comparison, document: Path) -> None:
    """Return when every compared device is as planned.

    Devices that a tag or a limit left out are not asked about; without any that was compared there is no answer.

    Raises:
        DeviceError: GW431 with a line for each device that differs, does not answer or was refused.
    """
    asked = [device for device in comparison.devices if device.finding is not Finding.NOT_COMPARED]
    wrong = [device for device in asked if device.finding not in TRUE]
    if wrong or not any(device.finding is not Finding.BY_VENDOR for device in asked):
        said = _said(comparison, wrong) or "no device was compared"
        fix = f"Read {document}; run the job to bring the plan back, or change the site file when the device is right."
        raise DeviceError("GW431", comparison.site, said, fix)


def _said(comparison: Comparison, devices: Iterable[DeviceFinding]) -> str:
    shown = comparison.model_copy(update={"devices": tuple(devices)})
    return "; ".join(" ".join(line.split()) for line in summary(shown))
