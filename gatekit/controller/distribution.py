"""dcm4chee's distribution as its operator brings it: judged on the controller, before anything is touched.

The zip's one top folder names version and flavour (``dcm4chee-arc-5.34.3-psql``); its file name may be any.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from gatekit.catalogue.vm1 import vm1
from gatekit.errors import IntentError
from gatekit.model import Frozen
from gatekit.plan.vm1.model import ArchivePlan, WildflyPlan
from gatekit.render.directory.distribution import DATA, SCHEMAS
from gatekit.render.edge import plain

__all__ = ["DistributionFacts", "checked_distribution", "read_distribution"]

PLACE = "archive.distribution"
TOP = re.compile(r"dcm4chee-arc-(?P<version>\d+\.\d+\.\d+)-(?P<flavour>[a-z0-9]+(?:-secure)?)")
FLAVOUR = "psql"
NEEDED = (
    "cli/adjust-managed-executor.cli",
    *(f"ldap/{name}" for name in SCHEMAS),
    *(f"ldap/{name}.ldif" for name in DATA),
    *(f"sql/{FLAVOUR}/create-{name}.sql" for name in ("psql", "fk-index", "case-insensitive-index")),
)


class DistributionFacts(Frozen):
    """What the role needs to know of a zip that was found good; names are below its top folder."""

    path: str
    version: str
    ear: str
    viewer: str  # the WAR of the user interface
    modules: tuple[str, ...]  # zips of modules for WildFly


def checked_distribution(archive: Mapping[str, Any], wildfly: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Return the facts of the plan's distribution, JSON-safe; ``folder`` is the site's, for a relative path.

    Raises:
        IntentError: as ``read_distribution``; GW103 when the plan names no distribution.
    """
    plan, server = ArchivePlan.model_validate(plain(archive)), WildflyPlan.model_validate(plain(wildfly))
    if plan.distribution is None:
        raise IntentError("GW103", PLACE, plan.engine, "Name dcm4chee's zip with its sha256 in the site file.")
    artefact = plan.distribution.artefact
    facts = read_distribution(Path(folder, artefact.path), artefact.sha256, plan.distribution.version, server.version)
    return facts.model_dump(mode="json")


def read_distribution(path: Path, sha256: str, version: str, wildfly: str) -> DistributionFacts:
    """Return the facts of a distribution that is the wanted one, whole, for PostgreSQL and this WildFly.

    Raises:
        IntentError: GW142 missing, unreadable or another sha256; GW145 another version, flavour or WildFly, or
            something is missing in it.
    """
    _same_sha256(path, sha256)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except zipfile.BadZipFile as error:
        raise IntentError("GW142", f"{PLACE}.path", path.name, "It is no zip; fetch the distribution again.") from error
    inside = _below_top(path, names, version)
    _fits(version, wildfly)
    return DistributionFacts(
        path=str(path),
        version=version,
        ear=_only(inside, "deploy/", "-psql.ear"),
        viewer=_only(inside, "deploy/", ".war"),
        modules=_modules(inside),
    )


def _same_sha256(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        fix = "Put the distribution's zip where the site file says, readable for your account."
        raise IntentError("GW142", f"{PLACE}.path", f"{path.name}: {error.strerror}", fix) from error
    if actual != sha256:
        fix = f"The file's sha256 is {actual}: fetch the right file, or write this one's."
        raise IntentError("GW142", f"{PLACE}.sha256", sha256, fix)


def _below_top(path: Path, names: list[str], version: str) -> frozenset[str]:
    """Return the names below the one top folder, after version and flavour were found right."""
    tops = {name.split("/", 1)[0] for name in names}
    named = TOP.fullmatch(next(iter(tops))) if len(tops) == 1 else None
    if named is None:
        fix = f"Bring dcm4chee-arc-{version}-{FLAVOUR}.zip as its project packed it, with one top folder."
        raise IntentError("GW145", f"{PLACE}.path", path.name, fix)
    if named["flavour"] != FLAVOUR:
        fix = f"Bring the one for PostgreSQL without Keycloak: dcm4chee-arc-{version}-{FLAVOUR}.zip."
        raise IntentError("GW145", f"{PLACE}.path", named[0], fix)
    if named["version"] != version:
        fix = f"It holds {named['version']}: write that version, or bring dcm4chee-arc-{version}-{FLAVOUR}.zip."
        raise IntentError("GW145", f"{PLACE}.version", version, fix)
    inside = frozenset(name.removeprefix(f"{named[0]}/") for name in names)
    escaping = sorted(name for name in inside if name.startswith("/") or ".." in PurePosixPath(name).parts)
    missing = escaping or sorted(set(NEEDED) - inside)
    if missing:
        raise IntentError("GW145", f"{PLACE}.path", missing[0], "It is not whole; fetch the distribution again.")
    return inside


def _fits(version: str, wildfly: str) -> None:
    wanted = vm1().dcm4chee.versions.get(version)
    if wanted != wildfly:
        known = ", ".join(f"{archive} on {server}" for archive, server in sorted(vm1().dcm4chee.versions.items()))
        raise IntentError("GW145", f"{PLACE}.version", f"{version} on WildFly {wildfly}", f"Known pairs: {known}.")


def _only(inside: frozenset[str], folder: str, ending: str) -> str:
    found = sorted(name for name in inside if name.startswith(folder) and name.endswith(ending))
    if len(found) != 1:
        fix = f"It has to hold exactly one {folder}*{ending}; fetch the distribution again."
        raise IntentError("GW145", f"{PLACE}.path", ", ".join(found) or f"no {folder}*{ending}", fix)
    return found[0]


def _modules(inside: frozenset[str]) -> tuple[str, ...]:
    found = tuple(sorted(name for name in inside if re.fullmatch(r"jboss-modules/[^/]+\.zip", name)))
    if not found:
        fix = "It has to hold the archive's modules for WildFly; fetch the distribution again."
        raise IntentError("GW145", f"{PLACE}.path", "no jboss-modules/*.zip", fix)
    return found
