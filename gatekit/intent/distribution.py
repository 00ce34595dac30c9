"""The insides of dcm4chee's and WildFly's zips: version, flavour, wholeness. Only their directories are read.

dcm4chee's one top folder names version and flavour (``dcm4chee-arc-5.34.3-psql``), WildFly's its version
(``wildfly-39.0.1.Final``); the zips themselves may have any name.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gatekit.catalogue.dcm4chee import FLAVOUR, NEEDED
from gatekit.errors import IntentError

__all__ = ["distribution_faults", "wildfly_faults"]

TOP = re.compile(r"dcm4chee-arc-(?P<version>\d+\.\d+\.\d+)-(?P<flavour>[a-z0-9]+(?:-secure)?)")
AGAIN = "fetch the distribution again."
ONE_OF_EACH = (("deploy/", f"-{FLAVOUR}.ear"), ("deploy/", ".war"))
SHOWN = 3  # of what is missing; one that lacks more lacks nearly all


def distribution_faults(place: str, path: Path, version: str) -> Iterator[IntentError]:
    """Yield what makes dcm4chee's zip another one than ``place`` of the site file says: GW142 no zip, GW145."""
    names = _names(path)
    if names is None:
        yield IntentError("GW142", f"{place}.path", path.name, f"It is no zip; {AGAIN}")
        return
    wanted = f"dcm4chee-arc-{version}-{FLAVOUR}.zip"
    top = _top(names)
    found = TOP.fullmatch(top)
    if found is None:
        fix = f"Bring {wanted} as its project packed it, with one top folder."
        yield IntentError("GW145", f"{place}.path", path.name, fix)
        return
    if found["version"] != version:
        fix = f"It holds {found['version']}: write that version, or bring {wanted}."
        yield IntentError("GW145", f"{place}.version", version, fix)
    if found["flavour"] != FLAVOUR:
        fix = f"Bring the one for PostgreSQL without Keycloak: {wanted}."
        yield IntentError("GW145", f"{place}.path", top, fix)
        return  # another flavour lacks other files
    yield from _lacking(f"{place}.path", frozenset(name.removeprefix(f"{top}/") for name in names))


def wildfly_faults(place: str, path: Path, version: str, needed_by: str) -> Iterator[IntentError]:
    """Yield GW142 when the zip is none, GW145 when it holds another version of WildFly than ``needed_by`` runs on."""
    names = _names(path)
    if names is None:
        yield IntentError("GW142", f"{place}.path", path.name, "It is no zip; fetch it again.")
    elif _top(names) != f"wildfly-{version}":
        fix = f"{needed_by} runs on WildFly {version}: bring wildfly-{version}.zip, or leave this key out."
        yield IntentError("GW145", f"{place}.path", _top(names) or path.name, fix)


def _names(path: Path) -> list[str] | None:
    """Return the names of the files in a zip, None when it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]
    except (OSError, zipfile.BadZipFile):
        return None


def _top(names: list[str]) -> str:
    """Return the one top folder, "" when there is none or more than one."""
    tops = {name.partition("/")[0] for name in names}
    return tops.pop() if len(tops) == 1 else ""


def _lacking(place: str, inside: frozenset[str]) -> Iterator[IntentError]:
    """Yield what leads out of the folder, is missing, or is there more than once."""
    escaping = sorted(name for name in inside if name.startswith("/") or ".." in PurePosixPath(name).parts)
    if escaping:
        yield IntentError("GW145", place, _some(escaping), f"Names in it lead out of its folder; {AGAIN}")
    missing = [name for name in NEEDED if name not in inside]
    if missing:
        yield IntentError("GW145", place, _some(missing), f"It lacks these; {AGAIN}")
    for folder, ending in ONE_OF_EACH:
        found = sorted(name for name in inside if name.startswith(folder) and name.endswith(ending))
        if len(found) != 1:
            fix = f"It has to hold exactly one {folder}*{ending}; {AGAIN}"
            yield IntentError("GW145", place, _some(found) or f"no {folder}*{ending}", fix)
    if not any(re.fullmatch(r"jboss-modules/[^/]+\.zip", name) for name in inside):
        fix = f"It has to hold the archive's modules for WildFly; {AGAIN}"
        yield IntentError("GW145", place, "no jboss-modules/*.zip", fix)


def _some(names: list[str]) -> str:
    more = [f"and {len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return ", ".join([*names[:SHOWN], *more])
