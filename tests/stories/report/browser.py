"""Headless Chromium (Debian packages chromium, fonts-noto-cjk) that speaks to nobody."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
LIMIT_S = 120


def browse(page: Path, *options: str) -> str:
    """Return what the browser writes about a page."""
    browser = shutil.which("chromium")
    assert browser is not None, "install the Debian packages chromium and fonts-noto-cjk"
    command = [browser, *QUIET, f"--user-data-dir={page.parent / 'profile'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout


def in_language(html: str, language: str) -> str:
    """Return the page as if its reader had chosen a language."""
    chosen = f'id="lang-{language}"'
    return html.replace('id="lang-ja" checked', 'id="lang-ja"').replace(chosen, f"{chosen} checked")


def printed_pages(page: Path) -> int:
    """Return on how many sheets of paper a page is printed."""
    paper = page.with_suffix(".pdf")
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
