"""Small pieces of HTML: both languages side by side, tables, marks. Everything written here is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

from gatekit.model import Text

Html = NewType("Html", str)
"""Text that is markup already; plain str is escaped before it gets in."""


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Return pieces of markup in a row."""
    return Html(between.join(parts))


def plain(text: object) -> Html:
    """Return escaped text."""
    return Html(escape(str(text)))


def say(text: Text, tag: str = "span") -> Html:
    """Return a sentence in both languages; the reader's choice hides one."""
    if text.ja == text.en:
        return Html(f"<{tag}>{escape(text.ja)}</{tag}>")
    return Html(
        f'<{tag} class="ja" lang="ja">{escape(text.ja)}</{tag}><{tag} class="en" lang="en">{escape(text.en)}</{tag}>'
    )


def words(ja: str, en: str, tag: str = "span") -> Html:
    """Return a fixed sentence in both languages."""
    return say(Text(ja=ja, en=en), tag)


def element(tag: str, content: Html, css: str = "") -> Html:
    """Return one element."""
    return Html(f'<{tag} class="{css}">{content}</{tag}>' if css else f"<{tag}>{content}</{tag}>")


def code(text: object) -> Html:
    """Return an address, a port or an id in fixed width; long ones may break anywhere."""
    return element("code", plain(text))


def table(head: Iterable[Html], rows: Iterable[Iterable[Html]], css: str = "") -> Html:
    """Return a table; its head is repeated on every printed page."""
    top = join(element("th", cell) for cell in head)
    body = join(element("tr", join(element("td", cell) for cell in row)) for row in rows)
    return Html(f'<table class="{css}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')


def bullets(items: Iterable[str]) -> Html:
    """Return a list; each item is markup already."""
    return Html('<ul class="plain">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>")


def mark(ok: bool | None) -> Html:  # noqa: FBT001 - three-valued: held, failed, not run
    """Return the sign of a verdict, readable without colour."""
    if ok is None:
        return Html('<span class="mark none" title="not run">—</span>')
    return Html('<span class="mark good">✓</span>' if ok else '<span class="mark bad">✗</span>')


def section(anchor: str, title: Html, *content: Html) -> Html:
    """Return one numbered section of the page."""
    return Html(f'<section id="{anchor}"><h2>{title}</h2>{join(content)}</section>')
