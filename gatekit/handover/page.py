"""The frame of every paper: one self-contained HTML file, A4, no script, nothing loaded from elsewhere.

The page's own Content-Security-Policy forbids both. The language switch is a pair of radio buttons; a paper for
Japanese readers alone has none.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from importlib.resources import files

from gatekit.handover.markup import Html, join, plain

type Sheet = tuple[str, str]
"""A style sheet: package and file name."""

BASE: Sheet = ("gatekit.handover", "style.css")
_SWITCH = (
    '<input class="lang" type="radio" name="lang" id="lang-ja" checked>'
    '<input class="lang" type="radio" name="lang" id="lang-en">'
    '<div class="switch"><label for="lang-ja">日本語</label><label for="lang-en">English</label></div>\n'
)


def page_html(title: str, content: Iterable[Html], *, sheets: Iterable[Sheet] = (), english: bool = True) -> str:
    """Return the whole file; ``content`` is header, sections and footer, ``sheets`` come after the house's own.

    ``english``: the reader can switch languages; without it the paper is Japanese.
    """
    css = "".join(files(package).joinpath(name).read_text(encoding="utf-8") for package, name in (BASE, *sheets))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{plain(title)}</title>\n<style>{css}</style>\n</head>\n<body>\n"
        f"{_SWITCH if english else ''}<main>\n{join(content, chr(10))}\n</main>\n</body>\n</html>\n"
    )
