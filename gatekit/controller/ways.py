"""The probes of a network device's change, out of the site's folder and Ansible's variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gatekit.controller.connections import verification_facts
from gatekit.plan.document import plan_sha256
from gatekit.plan.make import plan_site
from gatekit.render.edge import plain
from gatekit.verify.site_targets import site_targets
from gatekit.verify.through_device import ways_through


def device_ways(
    folder: str,
    device: str,
    build: str,
    groups: Mapping[str, Sequence[str]],
    variables: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return what ``gatekit.verify.through_device.ways_through`` says of one device of the site in ``folder``.

    Raises:
        IntentRefused: with every fault of the site file.
    """
    plan = plan_site(Path(folder))
    facts = plain(verification_facts(variables))  # Ansible's own kinds of text and list, which no model takes
    targets = site_targets(plan, plan_sha256(plan), build, groups, facts)
    return ways_through(plan, targets, device)
