"""dcm4chee's distribution for the role that brings it to VM1: the same judgement as that of the site file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gatekit.catalogue.vm1 import vm1
from gatekit.errors import IntentError, IntentRefused
from gatekit.intent.artefacts import DISTRIBUTION, artefact_faults
from gatekit.intent.distribution import distribution_faults
from gatekit.plan.vm1.model import ArchivePlan, Distribution, WildflyPlan
from gatekit.render.edge import plain

__all__ = ["checked_distribution"]


def checked_distribution(archive: Mapping[str, Any], wildfly: Mapping[str, Any], folder: str) -> str:
    """Return the path of the plan's distribution on the controller; ``folder`` is the site's.

    A site file with another one was refused before any login (``gatekit.intent.load``); here it is looked at again
    at the moment it is needed, and together with the WildFly that was given to the role.

    Raises:
        IntentRefused: every fault, as for the site file; GW103 when the plan names no distribution.
    """
    plan, server = ArchivePlan.model_validate(plain(archive)), WildflyPlan.model_validate(plain(wildfly))
    if plan.distribution is None:
        fix = "Name dcm4chee's zip with its sha256 in the site file."
        raise IntentRefused([IntentError("GW103", DISTRIBUTION, plan.engine, fix)])
    faults = tuple(_faults(plan.distribution, server.version, Path(folder)))
    if faults:
        raise IntentRefused(faults)
    return str(Path(folder, plan.distribution.artefact.path))


def _faults(given: Distribution, wildfly: str, folder: Path) -> Iterator[IntentError]:
    pairs = vm1().dcm4chee.versions
    if pairs.get(given.version) != wildfly:
        known = ", ".join(f"{archive} on {server}" for archive, server in sorted(pairs.items()))
        value = f"{given.version} on WildFly {wildfly}"
        yield IntentError("GW145", f"{DISTRIBUTION}.version", value, f"Known pairs: {known}.")
    faults = tuple(artefact_faults(DISTRIBUTION, given.artefact.path, given.artefact.sha256, folder))
    yield from faults or distribution_faults(DISTRIBUTION, folder / given.artefact.path, given.version)
