"""Files the controller brings to nodes: from beside the site file, or from Maven's repository, always by sha256.

What was fetched once is kept in the user's cache under its sha256, and is judged anew each time it is used. Where
the repository is, is the controller's own setting and stands in no file of ours: ``GATEKIT_MAVEN_REPOSITORY`` (a base
URL), else the controller's ``mvn`` with its settings.xml.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gatekit.errors import IntentError

__all__ = ["REPOSITORY", "fetched", "local_artefact", "wildfly_archive"]

REPOSITORY = "GATEKIT_MAVEN_REPOSITORY"
"""Environment variable: base URL of a Maven repository, for controllers without ``mvn``."""
_COORDINATES = re.compile(r"([\w.-]+):([\w.-]+):(\w+)")
_TIMEOUT_S = 60  # without a byte
_MVN_TIMEOUT_S = 1800
_LOCAL = "or put the file beside the site file and name it there (application.wildfly)."


def local_artefact(artefact: Mapping[str, Any], site_folder: str = "") -> str:
    """Return the absolute path of an Artefact of the plan, after judging it.

    Raises:
        IntentError: GW142 when it is missing or has another sha256.
    """
    path = Path(site_folder, artefact["path"])
    if not path.is_absolute() or not path.is_file():
        raise IntentError("GW142", "artefact.path", str(path), "Put the file there.")
    _refuse_other(path, artefact["sha256"])
    return str(path)


def wildfly_archive(plan: Mapping[str, Any], site_folder: str = "") -> str:
    """Return the absolute path of WildFly's zip: the plan's own file, or from Maven's repository.

    Raises:
        IntentError: GW142 when it cannot be had or has another sha256.
    """
    if plan["local"]:
        return local_artefact(plan["local"], site_folder)
    return str(fetched(plan["coordinates"], plan["version"], plan["sha256"]))


def fetched(coordinates: str, version: str, sha256: str, cache: Path | None = None) -> Path:
    """Return the file of ``group:artifact:packaging`` in a version, from the cache when it is there and whole.

    Raises:
        IntentError: GW104 coordinates of another form, GW142 when it cannot be had or has another sha256.
    """
    match = _COORDINATES.fullmatch(coordinates)
    if match is None:
        raise IntentError("GW104", "artefact.coordinates", coordinates, "Write them as group:artifact:packaging.")
    folder = cache or _cache()
    kept = folder / sha256
    if kept.is_file() and _sha256(kept) == sha256:
        return kept
    with _beside(folder) as work:
        found = _bring(match.groups(), version, work)
        _refuse_other(found, sha256)
        found.replace(kept)  # one whole file under its own name, or none
    return kept


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatekit" / "artefacts"


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a folder on the cache's own file system, removed at the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as work:
        yield Path(work)


def _bring(coordinates: tuple[str | Any, ...], version: str, work: Path) -> Path:
    group, artifact, packaging = (str(part) for part in coordinates)
    place = f"{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}.{packaging}"
    base = os.environ.get(REPOSITORY, "")
    if base:
        return _downloaded(f"{base.rstrip('/')}/{place}", work / "artefact")
    if shutil.which("mvn") is None:
        fix = f"Install Maven on the controller, or set {REPOSITORY} to a Maven repository's base URL, {_LOCAL}"
        raise IntentError("GW142", f"artefact.{artifact}", "no way to a Maven repository", fix)
    return _with_maven(f"{group}:{artifact}:{version}:{packaging}", place, work)


def _downloaded(url: str, target: Path) -> Path:
    """Return the file of a URL; proxies and SSL_CERT_FILE are the environment's."""
    if not url.startswith(("https://", "file://", "http://127.0.0.1:")):
        raise IntentError("GW142", REPOSITORY, url, "Give an https:// URL.")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer, target.open("wb") as file:  # noqa: S310 - schemes judged above
            shutil.copyfileobj(answer, file, 1 << 20)
    except (urllib.error.URLError, OSError) as err:
        if isinstance(err, urllib.error.HTTPError):
            err.close()  # it holds the connection
        fix = f"Look at {REPOSITORY}, proxy and SSL_CERT_FILE settings, {_LOCAL}"
        raise IntentError("GW142", "artefact.url", f"{url}: {err}", fix) from err
    return target


def _with_maven(artefact: str, place: str, work: Path) -> Path:
    """Return the file Maven resolved into a repository of this call alone, so that nothing is kept twice."""
    words = ["mvn", "--batch-mode", "--quiet", f"-Dmaven.repo.local={work / 'repository'}"]
    words += ["dependency:get", f"-Dartifact={artefact}", "-Dtransitive=false"]
    try:
        done = subprocess.run(words, cwd=work, capture_output=True, text=True, check=False, timeout=_MVN_TIMEOUT_S)
    except subprocess.TimeoutExpired as err:
        raise IntentError("GW142", "artefact.mvn", artefact, f"It took over {_MVN_TIMEOUT_S} s; {_LOCAL}") from err
    found = work / "repository" / place
    if done.returncode != 0 or not found.is_file():
        said = [line for line in done.stdout.splitlines() if "ERROR" in line][:2] or done.stderr.splitlines()[-2:]
        raise IntentError("GW142", f"artefact.{artefact}", said, f"Look at Maven's settings.xml, {_LOCAL}")
    return found


def _refuse_other(path: Path, sha256: str) -> None:
    actual = _sha256(path)
    if actual != sha256:
        fix = f"{sha256} is wanted: give the right file; this one was not used."
        raise IntentError("GW142", f"artefact.{path.name}", actual, fix)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
