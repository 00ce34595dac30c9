"""The files a site file names: there, the very ones, and of the kind it says; every fault at once.

Their contents are looked at only once the sha256 is right: of another file there is nothing to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from gatekit.catalogue.vm1 import vm1
from gatekit.errors import IntentError
from gatekit.intent.distribution import distribution_faults, wildfly_faults
from gatekit.intent.site import Site
from gatekit.intent.systems import Dcm4cheeArchive

__all__ = ["DISTRIBUTION", "artefact_faults", "site_artefact_faults"]

DISTRIBUTION = "archive.distribution"
"""Where the site file names dcm4chee's zip."""


def site_artefact_faults(site: Site, folder: Path) -> Iterator[IntentError]:
    """Yield every fault of every file beside the site file: GW142 not there or another one, GW145 another kind."""
    if site.staff_file is not None:
        yield from artefact_faults("staff_file", site.staff_file.path, site.staff_file.sha256, folder)
    if isinstance(site.archive, Dcm4cheeArchive):
        given = site.archive.distribution
        faults = tuple(artefact_faults(DISTRIBUTION, given.path, given.sha256, folder))
        yield from faults or distribution_faults(DISTRIBUTION, folder / given.path, given.version)
    yield from _server(site, folder)
    for index, tool in enumerate(site.windows.tools):
        yield from artefact_faults(f"windows.tools[{index}]", tool.path, tool.sha256, folder)
    for index, row in enumerate(site.application.deployments):
        yield from artefact_faults(f"application.deployments[{index}]", row.path, row.sha256, folder)


def _server(site: Site, folder: Path) -> Iterator[IntentError]:
    """Yield the faults of the site's own zip of WildFly, which has to be the one the archive runs on."""
    given, archive = site.application.wildfly, site.archive
    if given is None:
        return
    faults = tuple(artefact_faults("application.wildfly", given.path, given.sha256, folder))
    yield from faults
    if not faults and isinstance(archive, Dcm4cheeArchive):
        wanted = vm1().dcm4chee.versions[archive.distribution.version]
        asks = f"dcm4chee {archive.distribution.version}"
        yield from wildfly_faults("application.wildfly", folder / given.path, wanted, asks)


def artefact_faults(place: str, given: str, sha256: str, folder: Path) -> Iterator[IntentError]:
    """Yield GW142 when the file is missing, outside the site's folder, unreadable or another one."""
    path = folder / given
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        fix = f"Put the file itself, not a link, into {folder.name}/."
        yield IntentError("GW142", f"{place}.path", given, fix)
        return
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        value = f"{given}: {error.strerror}"
        yield IntentError("GW142", f"{place}.path", value, "Make the file readable for your account.")
        return
    if actual != sha256:
        fix = f"The file's sha256 is {actual}: fetch the right file, or write this one's."
        yield IntentError("GW142", f"{place}.sha256", sha256, fix)
