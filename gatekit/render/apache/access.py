"""What of each path of the plan may be asked, as regular expressions on the path behind its prefix. Pure.

DICOMweb: the services of PS3.18 by their resource paths. The viewer: what Orthanc's web viewer 2.10 asks for, read
from its pages. With OP-2 (images may not be downloaded) what carries original objects or pixel data is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekit.model import Frozen
from gatekit.plan.vm1.model import ApachePlan, PathRule

__all__ = ["Part", "parts_of", "prefix_pattern"]

_UID = r"[0-9.]{1,64}"
_STUDY = rf"studies/{_UID}"
_SERIES = rf"{_STUDY}/series/{_UID}"
_INSTANCE = rf"{_SERIES}/instances/{_UID}"
_FRAMES = rf"{_INSTANCE}/frames/[0-9]+(?:(?:,|%2[Cc])[0-9]+)*"

_QUERY = (
    "studies",
    "series",
    "instances",
    rf"{_STUDY}/series",
    rf"{_STUDY}/instances",
    rf"{_SERIES}/instances",
)
_METADATA = (rf"{_STUDY}/metadata", rf"{_SERIES}/metadata", rf"{_INSTANCE}/metadata")
_RENDERED = tuple(
    rf"{resource}/{form}" for resource in (_STUDY, _SERIES, _INSTANCE, _FRAMES) for form in ("rendered", "thumbnail")
)
_ORIGINALS = (_STUDY, _SERIES, _INSTANCE, _FRAMES, rf"{_STUDY}/.*bulk.*", r"bulk/.*")

_ORTHANC_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{8}){4}"
_ORTHANC_VIEWER = "/web-viewer/"
_VIEWER_PAGES = (r"app/(?:images/)?[\w.-]+", r"libs/(?:images/)?[\w.-]+")
_VIEWER_IMAGES = (
    rf"series/{_ORTHANC_ID}",
    rf"is-stable-series/{_ORTHANC_ID}",
    rf"instances/(?:jpeg[0-9]{{1,3}}|deflate)-{_ORTHANC_ID}_[0-9]+",
)


class Part(Frozen):
    """One group of resources of a path: ``pattern`` is anchored and holds the prefix; ``label`` goes into the log."""

    label: str
    pattern: str
    may_be_cached: bool = False


def _literal(path: str) -> str:
    """Return the path as a pattern; a hyphen needs no escape and Apache's configuration is read by people."""
    return re.escape(path).replace(r"\-", "-")


def prefix_pattern(rule: PathRule) -> str:
    """Return the anchored pattern of everything below a path."""
    return f"^{_literal(rule.path)}" if rule.path.endswith("/") else f"^{_literal(rule.path)}$"


def parts_of(rule: PathRule, plan: ApachePlan) -> tuple[Part, ...]:
    """Return what may be asked below one path of the plan."""
    return tuple(_parts(rule, plan))


def _parts(rule: PathRule, plan: ApachePlan) -> Iterator[Part]:
    if rule.content == "dicomweb":
        yield _part(rule, "query", _QUERY)
        yield _part(rule, "metadata", _METADATA)
        yield _part(rule, "rendered", _RENDERED)
        if plan.images_may_be_downloaded:
            yield _part(rule, "original", _ORIGINALS)
    elif rule.path == _ORTHANC_VIEWER:
        yield _part(rule, "page", _VIEWER_PAGES, may_be_cached=True)
        yield _part(rule, "image", _VIEWER_IMAGES)
    else:
        yield Part(label=_label(rule, "any"), pattern=prefix_pattern(rule))


def _part(rule: PathRule, name: str, resources: tuple[str, ...], *, may_be_cached: bool = False) -> Part:
    pattern = f"^{_literal(rule.path)}(?:{'|'.join(resources)})$"
    return Part(label=_label(rule, name), pattern=pattern, may_be_cached=may_be_cached)


def _label(rule: PathRule, name: str) -> str:
    """Return the rule's path and the group: what the access log holds in the place of the URL."""
    return f"{rule.path}:{name}"
