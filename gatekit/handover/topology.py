"""The drawing of the site, computed from the plan: zones, devices, addresses and the tunnel. Pure."""

from __future__ import annotations

from html import escape

from gatekit.handover.markup import Html, join
from gatekit.model import Text
from gatekit.plan.boundary import HospitalFirewallPlan, VlanPlan
from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan

WIDTH = 698
ROW = 40
PANEL_TOP = 6
TUNNEL_Y = PANEL_TOP + 63
FIREWALL = (344, 134)  # left edge and width
TRUST_LEFT, CENTRE_RIGHT = 512, 176
ENCRYPTION = {"aes256-gcm16": "AES-256-GCM", "aes256-cbc": "AES-256-CBC"}


def topology_svg(plan: Plan) -> Html:
    """Return the drawing as inline SVG, WIDTH pixels wide; its height follows the number of hospital networks."""
    hospital = [row for row in plan.networks if row.of_hospital]
    upper = PANEL_TOP + 46 + ROW * max(len(_way_in(plan)) + len(hospital), 4) + 8
    dmz_top = upper + 34
    height = dmz_top + 136
    parts = (
        _data_centre(plan, upper),
        _trust(plan, upper),
        _internet(plan, upper),
        _tunnel(plan),
        _firewall(plan, dmz_top),
        _dmz(plan, dmz_top),
    )
    title = f"{plan.site}: UNTRUST, DMZ, TRUST"
    return Html(
        f'<svg class="topology" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{join(parts)}</svg>"
    )


def _text(x: float, y: float, text: Text | str, css: str = "", anchor: str = "start") -> Html:
    both = Text(ja=text, en=text) if isinstance(text, str) else text
    head = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    if both.ja == both.en:
        return Html(f'<text {head} class="{css}">{escape(both.ja)}</text>')
    return Html(
        f'<text {head} class="ja {css}">{escape(both.ja)}</text><text {head} class="en {css}">{escape(both.en)}</text>'
    )


def _box(x: float, y: float, width: float, height: float, css: str, radius: int = 8) -> Html:
    return Html(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" class="{css}"/>')


def _line(points: str, css: str) -> Html:
    return Html(f'<polyline points="{points}" class="{css}"/>')


def _node(x: float, y: float, width: float, name: Text | str, address: object, css: str = "") -> Html:
    return join(
        (
            _box(x, y, width, ROW - 6, f"node {css}", 5),
            _text(x + 9, y + 14, name, "name"),
            _text(x + 9, y + 27, str(address), "address"),
        )
    )


def _panel(x: float, y: float, width: float, height: float, zone: str, title: Text, network: object) -> Html:
    return join(
        (
            _box(x, y, width, height, f"zone {zone}", 12),
            _text(x + 14, y + 20, title, f"title {zone}"),
            _text(x + 14, y + 34, str(network), "network"),
        )
    )


def _data_centre(plan: Plan, upper: int) -> Html:
    centre = plan.data_centre
    peer = plan.tunnel.remote.underlay or plan.tunnel.remote.identity
    rows = (
        (Text(ja="VPN装置", en="VPN device"), peer),
        (Text(ja="ポータル", en="Portal"), centre.portal),
        (Text(ja="DNS・時刻・ログ・配布", en="DNS, time, logs, packages"), centre.services),
        (Text(ja="ポータル(公開)", en="Portal, public"), centre.portal_public),
    )
    panel = _panel(
        0,
        PANEL_TOP,
        CENTRE_RIGHT,
        upper - PANEL_TOP,
        "centre",
        Text(ja="データセンター", en="Data centre"),
        ", ".join(map(str, centre.networks)),
    )
    nodes = (
        _node(10, PANEL_TOP + 46 + index * ROW, CENTRE_RIGHT - 20, name, address)
        for index, (name, address) in enumerate(rows)
    )
    return join((panel, *nodes))


def _trust(plan: Plan, upper: int) -> Html:
    title = Text(ja="TRUST（院内）", en="TRUST (hospital)")
    trust = next(str(row.network) for row in plan.networks if row.name == "trust")
    if isinstance(plan.boundary, VlanPlan):
        trust += f" · VLAN {plan.boundary.vlan_id}"
    width, top, spine = WIDTH - TRUST_LEFT, PANEL_TOP + 46, TRUST_LEFT + 20
    parts = [_panel(TRUST_LEFT, PANEL_TOP, width, upper - PANEL_TOP, "trust", title, trust)]
    way_in = _way_in(plan)
    for index, (name, address) in enumerate(way_in):
        y = top + index * ROW
        if index:
            parts.append(_line(f"{spine},{y - 6} {spine},{y}", "wire thin"))
        parts.append(_node(TRUST_LEFT + 10, y, width - 20, name, address, "strong"))
    switch_end = top + len(way_in) * ROW - 6
    hospital = [row for row in plan.networks if row.of_hospital]
    for index, row in enumerate(hospital, len(way_in)):
        y = top + index * ROW
        parts.append(_line(f"{spine},{switch_end} {spine},{y + 17} {spine + 12},{y + 17}", "wire thin"))
        parts.append(_node(spine + 12, y, width - 42, row.purpose, row.network))
    return join(parts)


def _way_in(plan: Plan) -> list[tuple[Text, str]]:
    """Return what stands between our firewall and the hospital's networks, with addresses."""
    switch = Text(ja="L3スイッチ", en="L3 switch")
    if not isinstance(plan.boundary, HospitalFirewallPlan):
        return [(switch, str(plan.l3_switch.address))]
    boundary = plan.boundary
    firewall = Text(ja="病院側ファイアウォール", en="Hospital's own firewall")
    named = Text(ja=f"{switch.ja} · {plan.l3_switch.address}", en=f"{switch.en} · {plan.l3_switch.address}")
    return [
        (firewall, str(boundary.trust_address)),
        (named, str(boundary.inside_network)),
    ]


def _internet(plan: Plan, upper: int) -> Html:
    """The line between the two, with a CPE where one ends the tunnel."""
    left, right = CENTRE_RIGHT + 22, FIREWALL[0] - 24
    y = TUNNEL_Y
    closed = plan.pattern in (2, 3)
    title = Text(ja="閉域網", en="Closed network") if closed else Text(ja="インターネット", en="Internet")
    untrust = next(row.network for row in plan.networks if row.zone is Zone.UNTRUST)
    parts = [
        _box(left, PANEL_TOP + 4, right - left, upper - PANEL_TOP - 8, "zone untrust", 40),
        _text((left + right) / 2, PANEL_TOP + 24, "UNTRUST", "title untrust", "middle"),
        _text((left + right) / 2, PANEL_TOP + 39, title, "name", "middle"),
        _line(f"{CENTRE_RIGHT - 10},{y} {FIREWALL[0]},{y}", "wire"),
        _text((left + right) / 2, upper - 40, untrust_label(plan), "name", "middle"),
        _text((left + right) / 2, upper - 24, str(untrust), "network", "middle"),
    ]
    return join(parts)


def untrust_label(plan: Plan) -> Text:
    """Return what lies on the firewall's UNTRUST side."""
    if plan.tunnel_device == "firewall":
        return Text(ja="病院の回線", en="Hospital's line")
    return Text(ja="CPE接続", en="CPE link")


def _tunnel(plan: Plan) -> Html:
    y = TUNNEL_Y
    end = FIREWALL[0] if plan.tunnel_device == "firewall" else FIREWALL[0] - 62
    middle = (CENTRE_RIGHT + end) / 2
    suite = plan.tunnel.suite
    parts = [
        _line(f"{CENTRE_RIGHT - 10},{y} {end},{y}", "tube"),
        _line(f"{CENTRE_RIGHT - 10},{y} {end},{y}", "core"),
        _text(middle, y + 24, "IPsec / IKEv2", "cipher", "middle"),
        _text(middle, y + 38, f"{ENCRYPTION[suite.encryption]} · DH{suite.dh_group}", "address", "middle"),
    ]
    if plan.tunnel_device == "cpe":
        parts += [_box(end - 4, y - 14, 50, 28, "node strong", 5), _text(end + 21, y + 4, "CPE", "name", "middle")]
    return join(parts)


def _firewall(plan: Plan, dmz_top: int) -> Html:
    x, width = FIREWALL
    y, height = PANEL_TOP + 20, 142
    middle = x + width / 2
    ports = {row.zone: str(row.address) for row in plan.firewall.interfaces}
    parts = [
        _line(f"{middle},{y + height} {middle},{dmz_top}", "wire"),
        _line(f"{x + width},{TUNNEL_Y} {TRUST_LEFT + 10},{TUNNEL_Y}", "wire"),
        _box(x, y, width, height, "firewall", 10),
        _text(middle, y + 22, Text(ja="ファイアウォール", en="Firewall"), "inverse", "middle"),
        _text(middle, y + 37, plan.firewall.product, "inverse small", "middle"),
    ]
    for index, zone in enumerate((Zone.UNTRUST, Zone.TRUST, Zone.DMZ)):
        top = y + 46 + index * 31
        parts += [
            _box(x + 8, top, width - 16, 27, f"port {zone.value}", 4),
            _text(x + 15, top + 11, zone.value.upper(), f"tag {zone.value}"),
            _text(x + 15, top + 22, ports[zone], "address"),
        ]
    return join(parts)


def _dmz(plan: Plan, top: int) -> Html:
    left, width = 92, 512
    title = Text(ja="DMZ（アプライアンス）", en="DMZ (appliance)")
    inner = left + 12
    parts = [
        _panel(left, top, width, 130, "dmz", title, plan.firewall.dmz),
        _box(inner, top + 42, width - 24, 78, "host", 8),
        _text(inner + 10, top + 58, "ESXi", "name"),
        _text(inner + 40, top + 58, str(plan.esxi.address), "address"),
    ]
    share = (width - 24 - 10 * (len(plan.vms) + 1)) / len(plan.vms)
    for index, vm in enumerate(plan.vms):
        x = round(inner + 10 + index * (share + 10), 1)
        parts += [
            _box(x, top + 67, round(share, 1), 44, "node strong", 6),
            _text(x + 9, top + 84, f"{vm.name.upper()}", "name"),
            _text(round(x + share - 9, 1), top + 84, str(vm.address), "address", "end"),
            _text(x + 9, top + 101, GUESTS[vm.guest], "small"),
        ]
    return join(parts)


GUESTS = {"debian13": "Debian 13", "windows2022": "Windows Server 2022", "windows2025": "Windows Server 2025"}
