"""The page about the UPS: when the shutdown begins, how long it takes, when the power is cut; what to see to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.handover.markup import Html, code, element, join, plain, say, table, words
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.plan.ups import UpsCable, UpsPlan

__all__ = ["power_section"]

WITHOUT = Text(
    ja="この拠点の設定にUPSはない。停電時に順序どおりに停止するものはない。",
    en="The site file names no UPS: nothing is shut down in order when the mains fail.",
)


def power_section(plan: Plan) -> Html:
    """Return the shutdown's three times, each machine's share, and what a person on site has to see to (AP-5)."""
    if plan.ups is None:
        return say(WITHOUT, "p")
    ups = plan.ups
    checklist = element("ul", join(element("li", item) for item in _on_site(ups)))
    return join(
        (
            element("p", join((plain(ups.model), plain(" · "), say(_connected(ups))))),
            _times(ups),
            _machines(plan, ups),
            element("h3", words("現地で確認すること", "To be seen to on site")),
            checklist,
        )
    )


def _connected(ups: UpsPlan) -> Text:
    """Return how the UPS is reached."""
    server, given = ups.server.upper(), ups.connection
    if isinstance(given, UpsCable):
        ids = f"{given.vendor_id}:{given.product_id}"
        return Text(ja=f"USB {ids}（{server} に接続）", en=f"USB {ids}, passed through to {server}")
    return Text(
        ja=f"ネットワークカード {given.address}（{server} が SNMPv3 で監視）",
        en=f"network card {given.address}, asked by {server} over SNMPv3",
    )


def _times(ups: UpsPlan) -> Html:
    head = (words("時間", "Time"), words("秒", "s"), words("意味", "Meaning"))
    reserve_s = ups.reserve_s
    rows = (
        (
            words("停電から停止開始まで", "From the loss of mains to the shutdown"),
            ups.on_battery_s,
            words(
                "この間に復電すれば何も停止しない。電池残量低下の警報が先なら、その時点で停止を始める。",
                "Mains that return within it stop nothing. Low battery begins the shutdown at once.",
            ),
        ),
        (
            words("停止全体の上限", "The whole shutdown, at the most"),
            ups.whole_s,
            words(
                f"電池残量低下の警報のあと、電池は {reserve_s} 秒もつ設定であること。",
                f"After it says low battery the UPS has to last {reserve_s} s.",
            ),
        ),
        (
            words("UPSが出力を切るまでの遅延", "Delay before the UPS cuts its output"),
            ups.cut_after_s,
            words(
                f"{ups.server.upper()} の指示から数える。この間にホストと {ups.server.upper()} が停止する。",
                f"Counted from {ups.server.upper()}'s order; the host and {ups.server.upper()} stop within it.",
            ),
        ),
    )
    return table(head, ((name, code(seconds), meaning) for name, seconds, meaning in rows))


def _machines(plan: Plan, ups: UpsPlan) -> Html:
    """Return the order of the shutdown; the last row is the host with the machine that gives the orders."""
    head = (
        words("順", "No."),
        words("機器", "Machine"),
        words("遅くとも開始（秒）", "Begins at the latest (s)"),
        words("持ち時間（秒）", "May take (s)"),
    )
    machines = [(plain(f"{one.name} {plan.vm(one.name).host_name}"), one.begins_s, one.stop_s) for one in ups.machines]
    last = (plain(f"{ups.server}, {plan.esxi.name}"), ups.program_s, ups.whole_s - ups.program_s)
    rows = enumerate((*machines, last), start=1)
    return table(head, ((plain(n), name, code(begins_s), code(stop_s)) for n, (name, begins_s, stop_s) in rows))


def _on_site(ups: UpsPlan) -> Iterator[Html]:
    minutes = ups.reserve_s // 60
    yield words(
        f"UPSの電池残量低下の警報を、残り {minutes} 分で出るように設定した。",
        f"The UPS is set to say low battery when {minutes} minutes are left.",
    )
    yield words(
        "UPSは指示で出力を切り、復電で出力を戻す（停止のあと復電しても出力を一度切る設定）。",
        "The UPS cuts its output when told to and gives it back with the mains, even where they return meanwhile.",
    )
    yield words(
        "サーバーのBIOSは、電源が戻ると自動で起動する。仮想マシンはホストの自動起動で順に起動する。",
        "The server's BIOS starts it when power returns; the host's autostart then starts the machines in order.",
    )
    if isinstance(ups.connection, UpsCable):
        yield from _at_the_port(ups.server.upper(), ups.connection)


def _at_the_port(server: str, cable: UpsCable) -> Iterator[Html]:
    """Yield what only a cable needs: the host keeps a UPS, which is a HID device, for itself (reference A.6.3)."""
    yield words(
        f"USBケーブルの差込口に印を付けた。{server} への接続は自動起動のあともホストのこの差込口に結び付き、"
        "ほかの口では監視できない。",
        f"The cable's USB port is marked: also when autostart brings {server} back it is bound to that very port of "
        "the host; in another one there is no UPS.",
    )
    passthrough = "esxcli hardware usb passthrough device"
    yield join(
        (
            words(
                f"{server} からUPSが見えない場合は、ホストで一覧を調べ、UPSのバスと番号で許可する：",
                f"Where {server} does not see the UPS, list the host's devices and permit it by its bus and number:",
            ),
            code(f"{passthrough} list"),
            code(f"{passthrough} enable -d BUS:DEVICE:{cable.vendor_id}:{cable.product_id}"),
        ),
        " ",
    )
