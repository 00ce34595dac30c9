"""The drawing on the swap instruction: which cable goes where, with the site's own port names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from gatekit.handover.markup import Html, join

WIDTH, HEIGHT = 714, 196
LINE_BOX = (2, 18, 146, 84)  # left, top, width, height
CPE_BOX = (247, 4, 236, 108)
WALL_BOX = (566, 18, 146, 84)
OLD_BOX = (247, 142, 236, 50)
MIDDLE = 60
LONG_NAME = 10  # letters that fit a socket


@dataclass(frozen=True, slots=True)
class Wiring:
    """What is drawn: names as they stand on the devices."""

    line_end: str  # ONU or home gateway
    wan_port: str
    lan_port: str
    firewall_port: str
    new_name: str
    new_label: str
    old_name: str
    old_label: str


def cable_drawing(wiring: Wiring) -> Html:
    """Return inline SVG: the line, the new CPE with both cables, the firewall, and the old CPE without any."""
    left, top, width, _ = CPE_BOX
    parts = (
        _cable("line", 1, LINE_BOX[0] + LINE_BOX[2], left),
        _cable("wall", 2, left + width, WALL_BOX[0]),
        _box(LINE_BOX, "box"),
        _text(75, 48, wiring.line_end, "name"),
        _text(75, 66, "光回線側の機器", "small"),
        _text(75, 82, "LANポート", "small"),
        _box(CPE_BOX, "new"),
        _text(left + width / 2, top + 22, wiring.new_name, "name"),
        _text(left + width / 2, top + 38, wiring.new_label, ""),
        _jack("line", left + 6, wiring.wan_port),
        _jack("wall", left + width - 84, wiring.lan_port),
        _text(left + 45, top + 81, "回線側", "small"),
        _text(left + width - 50, top + 81, "ファイアウォール側", "small"),
        _text(left + width / 2, top + 99, "③ 電源", "name"),
        _box(WALL_BOX, "box"),
        _text(639, 38, "ファイアウォール", "name"),
        _jack("wall", WALL_BOX[0] + 6, wiring.firewall_port),
        _text(611, 86, "UNTRUST", "small"),
        _old(wiring),
    )
    return Html(
        f'<svg class="drawing" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="配線図" '
        f'xmlns="http://www.w3.org/2000/svg">{join(parts)}</svg>'
    )


def _old(wiring: Wiring) -> Html:
    left, top, width, height = OLD_BOX
    return join(
        (
            _text(left + width / 2, top - 10, "↓ 外す装置（ケーブルも電源もつながない）", "warn"),
            _box(OLD_BOX, "old"),
            _text(left + width / 2, top + 21, wiring.old_name, "name old-text"),
            _text(left + width / 2, top + 38, wiring.old_label, "old-text"),
            Html(f'<path d="M{left + 8} {top + 8} l18 18 m0 -18 l-18 18" class="off"/>'),
            Html(f'<path d="M{left + width - 26} {top + height - 26} l18 18 m0 -18 l-18 18" class="off"/>'),
        )
    )


def _cable(kind: str, number: int, start: int, end: int) -> Html:
    middle = (start + end) / 2
    return join(
        (
            Html(f'<path d="M{start} {MIDDLE} L{end} {MIDDLE}" class="cable {kind}"/>'),
            Html(f'<circle cx="{middle}" cy="{MIDDLE}" r="13" class="disc {kind}"/>'),
            _text(middle, MIDDLE + 5, str(number), "number"),
            _text(middle, MIDDLE - 22, "LANケーブル", "small"),
        )
    )


def _jack(kind: str, x: float, port: str) -> Html:
    """Return a socket with its port's name; a long name gets a smaller hand."""
    squeezed = ' textLength="70" lengthAdjust="spacingAndGlyphs"' if len(port) > LONG_NAME else ""
    return Html(
        f'<rect x="{x}" y="{MIDDLE - 11}" width="78" height="22" rx="3" class="jack {kind}"/>'
        f'<text x="{x + 39}" y="{MIDDLE + 4}" text-anchor="middle" class="port"{squeezed}>{escape(port)}</text>'
    )


def _box(place: tuple[int, int, int, int], css: str) -> Html:
    x, y, width, height = place
    return Html(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" class="{css}"/>')


def _text(x: float, y: float, text: str, css: str) -> Html:
    return Html(f'<text x="{x}" y="{y}" text-anchor="middle" class="{css}">{escape(text)}</text>')
