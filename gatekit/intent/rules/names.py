"""Names that must be unique, and names that must refer to something."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from gatekit.errors import IntentError
from gatekit.intent.site import Site
from gatekit.intent.vpn import Pattern1

OWN_PATHS = ("/dicom-web", "/gateway", "/web-viewer", "/dcm4chee-arc")
"""First part of the paths VM1 answers by itself; an application cannot have them."""


def name_rules(site: Site) -> Iterator[IntentError]:
    """Yield GW111 for names given twice, GW112 for names of nothing, and where data and its publication disagree.

    GW144: data without a source; GW105: an archive that forgets before the publication ends.
    """
    yield from _unique((f"networks[{i}].name", row.name) for i, row in enumerate(site.networks))
    yield from _unique((f"linked_systems[{i}].name", row.name) for i, row in enumerate(site.linked_systems))
    yield from _unique((f"pacs[{i}].name", row.name) for i, row in enumerate(site.pacs))
    titles = [("archive.ae_title", site.archive.ae_title)]
    titles += [(f"pacs[{i}].ae_title", row.ae_title) for i, row in enumerate(site.pacs)]
    yield from _unique(titles)
    applications = site.application.deployments
    yield from _unique((f"application.deployments[{i}].name", row.name) for i, row in enumerate(applications))
    contexts = [("what the Gateway itself answers", path) for path in OWN_PATHS]
    contexts += [(f"application.deployments[{i}].context", row.context) for i, row in enumerate(applications)]
    yield from _unique(contexts)
    categories = site.publication.categories
    yield from _unique((f"publication.categories[{i}].category", row.category) for i, row in enumerate(categories))
    yield from _unique((f"viewing_facilities[{i}].name", row.name) for i, row in enumerate(site.viewing_facilities))
    yield from _unique((f"publication.modalities[{i}]", name) for i, name in enumerate(site.publication.modalities))
    yield from _unique((f"proxy.clients[{i}]", name) for i, name in enumerate(site.proxy.clients))
    destinations = site.proxy.other_destinations
    yield from _unique((f"proxy.other_destinations[{i}]", name) for i, name in enumerate(destinations))
    if isinstance(site.vpn, Pattern1):
        services = site.vpn.other_services
        yield from _unique((f"vpn.other_services[{i}].name", row.name) for i, row in enumerate(services))
    yield from _proxy_clients(site)
    yield from _sources(site)
    yield from _retention(site)


def _unique(rows: Iterable[tuple[str, str]]) -> Iterator[IntentError]:
    first: dict[str, str] = {}
    for path, name in rows:
        if name in first:
            yield IntentError("GW111", path, name, f"Use another: {first[name]} has this one.")
        first.setdefault(name, path)


def _proxy_clients(site: Site) -> Iterator[IntentError]:
    clients = [row.name for row in site.networks if row.kind == "his_clients"]
    for index, name in enumerate(site.proxy.clients):
        if name not in clients:
            near = difflib.get_close_matches(name, clients, n=1)
            fix = f"Did you mean `{near[0]}`?" if near else "Use the name of a network of kind his_clients."
            yield IntentError("GW112", f"proxy.clients[{index}]", name, fix)


def _retention(site: Site) -> Iterator[IntentError]:
    """Yield GW105 when the archive would delete what the next sweep had to fetch again."""
    kept = site.archive.retention_months
    published = [row.months for row in site.publication.categories if row.category == "pacs_images"]
    if kept is not None and published and kept < published[0]:
        fix = f"Use {published[0]} or more, or leave it out: pacs_images are published for that many months."
        yield IntentError("GW105", "archive.retention_months", kept, fix)


def _sources(site: Site) -> Iterator[IntentError]:
    for index, row in enumerate(site.publication.categories):
        if row.category == "pacs_images" and not site.pacs:
            fix = "Add the PACS to `pacs`, or do not publish its images."
            yield IntentError("GW144", f"publication.categories[{index}].category", row.category, fix)
    if site.publication.pacs_image_download and not site.pacs:
        fix = "Write false: there is no PACS whose images could be downloaded."
        yield IntentError("GW144", "publication.pacs_image_download", True, fix)
