"""The archive through Apache (AP-2): the viewer's page and what it asks for, DICOMweb, and addresses that lead back.

With the stand-in applications the page, its script and the RetrieveURL are ours, made as the archive makes them (from
the request it got): what Apache, WildFly and the plan's paths do to them is real. The archive's own page is only in
the operator's zip.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest

type Said = Callable[[str], str]
type Ask = Callable[..., str]
STATUS = "--output /dev/null --write-out '%{http_code}'"


@pytest.fixture(scope="module")
def front(plan: dict[str, Any]) -> str:
    return f"https://{plan['apache']['host_name']}"


@pytest.fixture(scope="module")
def ask(said: Said, vm1: Any, plan: dict[str, Any]) -> Ask:
    """Return a function: what curl says of a URL, in the portal's place."""
    address = vm1.check_output("hostname -I").split()[0]
    name = f"{plan['apache']['host_name']}:{plan['apache']['port']}:{address}"
    return lambda url, *words: said(
        f"curl --silent --show-error --location --cacert /srv/tls.pem --resolve {name} {' '.join(words)} '{url}'"
    )


def test_ap_2_the_viewers_page_and_what_it_asks_for_come_through_the_front(
    said: Said, ask: Ask, front: str, plan: dict[str, Any]
) -> None:
    path = plan["archive"]["viewer_path"]
    behind = said(
        f"curl --silent --show-error --fail --location 'http://127.0.0.1:{plan['archive']['http_port']}{path}'"
    )
    assert ask(f"{front}{path}", "--fail") == behind
    assert "text/html" in ask(f"{front}{path}", "--output /dev/null --write-out '%{content_type}'")
    scripts = re.findall(r"""<script[^>]* src=["']?([^"' >]+)""", behind)
    assert scripts
    for script in scripts:
        assert ask(urljoin(f"{front}{path}", script), STATUS) == "200", script


def test_ap_2_retrieve_urls_lead_back_through_the_front(ask: Ask, front: str, plan: dict[str, Any]) -> None:
    """The archive makes them from the request: scheme and host as Apache says, the path as WildFly has it."""
    path = plan["apache"]["paths"][0]["path"]
    rows = json.loads(ask(f"{front}{path}studies?limit=5", "--fail", "-H 'Accept: application/dicom+json'"))
    urls = [row["00081190"]["Value"][0] for row in rows]
    assert urls
    assert [url for url in urls if not url.startswith(f"{front}/")] == []
    for url in urls:
        assert ask(f"{url}/metadata", STATUS, "-H 'Accept: application/dicom+json'") == "200", url


@pytest.mark.parametrize("path", ["/dcm4chee-arc/ctrl/status", "/dcm4chee-arc/devices", "/dcm4chee-arc/monitor/dimse"])
def test_ap_2_what_governs_the_archive_is_not_offered(ask: Ask, front: str, path: str) -> None:
    assert ask(f"{front}{path}", STATUS) == "403"
