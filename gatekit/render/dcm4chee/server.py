"""The archive's part of WildFly: its data source, its executors, its two applications.

Executors as the distribution's cli/adjust-managed-executor.cli sets them (0 is the threshold it undefines): without
them every association is aborted (archive reference, [ran]). Resources and applications have owners of their own, so
that the server is reloaded with the executors before anything is deployed.
"""

from __future__ import annotations

from collections.abc import Mapping

from gatekit.plan.vm1.model import ArchivePlan
from gatekit.render.dcm4chee.layout import CONNECTIONS
from gatekit.render.wildfly.parts import Application, ServerPart, data_source, present

__all__ = ["applications", "resources"]

_EE = "/subsystem=ee"


def resources(archive: ArchivePlan) -> ServerPart:
    """Return what has to be there before the archive is deployed."""
    return ServerPart(
        owner="dcm4chee",
        resources=(
            data_source("PacsDS", "java:/PacsDS", archive.database, connections=CONNECTIONS),
            present(_EE, spec_descriptor_property_replacement=True),
            present(
                f"{_EE}/managed-executor-service=default",
                hung_task_threshold=0,
                long_running_tasks=True,
                core_threads=2,
                max_threads=100,
                queue_length=0,
            ),
            present(
                f"{_EE}/managed-scheduled-executor-service=default", hung_task_threshold=0, long_running_tasks=True
            ),
        ),
    )


def applications(folder: str, found: Mapping[str, str]) -> ServerPart:
    """Return the applications of an unpacked distribution: the user interface first, the archive last."""
    rows = sorted(found, key=lambda name: (name.endswith(".ear"), name))
    return ServerPart(
        owner="dcm4chee_applications",
        deployments=tuple(Application(name=name, sha256=found[name], file=f"{folder}/deploy/{name}") for name in rows),
    )
