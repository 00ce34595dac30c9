"""Ansible's names for what is made of a CPE's plan; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.handover.sent_cpe import sent_plan_json
from gatekit.render.linux.cpe_files import cpe_role_input
from gatekit.verify.cpe_records import drill_json, spare_json, wiped_json


class FilterModule:
    """Filters of gatekit.render.linux, gatekit.verify and gatekit.handover."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_cpe": cpe_role_input,
            "gatekit_cpe_drill": drill_json,
            "gatekit_cpe_sent": sent_plan_json,
            "gatekit_cpe_spare": spare_json,
            "gatekit_cpe_wiped": wiped_json,
        }
