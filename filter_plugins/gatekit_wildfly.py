"""Ansible's names for WildFly's renderers and for artefacts on the controller; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.controller import artefacts
from gatekit.render.wildfly import edge


class FilterModule:
    """The filters of gatekit.render.wildfly and gatekit.controller.artefacts."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_wildfly_archive": artefacts.wildfly_archive,
            "gatekit_artefact": artefacts.local_artefact,
            "gatekit_wildfly_connection": edge.connection,
            "gatekit_wildfly_data_source": edge.data_source_resource,
            "gatekit_wildfly_file_secrets": edge.file_secrets,
            "gatekit_wildfly_files": edge.files,
            "gatekit_wildfly_paths": edge.paths,
            "gatekit_wildfly_wish": edge.wish,
        }
