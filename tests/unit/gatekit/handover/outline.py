"""A page as a reader's browser takes it: every element closed in order, its text, its styles."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

VOID = {"meta", "input", "br", "wbr"}


class Outline(HTMLParser):
    """Tags, attributes and text; wrong nesting fails at once."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def drawing_of(html: str) -> ET.Element:
    """Return the page's drawing, parsed strictly."""
    found = re.search(r"<svg .*?</svg>", html, re.DOTALL)
    assert found is not None
    return ET.fromstring(found.group())  # noqa: S314 - our own page


def style_of(html: str) -> str:
    """Return the style sheet, which the page's own policy names by its sha256."""
    found = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html
    return found.group(1)
