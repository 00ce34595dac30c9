"""One check for each item of the ESXi host's hardening baseline, and its licence (AP-1). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.catalogue.hardening_baseline import HandCheck, HardeningItem, esxi_baseline
from gatekit.model import Text
from gatekit.verify.model import Check, Kind, NotRun
from gatekit.verify.readings import Row, check_of, unless
from gatekit.verify.targets import Targets

__all__ = ["PREFIX", "hardening_checks"]

PREFIX = "esxi.hardening."
EXPECTED = Text(
    ja="基準どおり、または期限内の例外（理由つき）",
    en="as the baseline says, or a deviation with a reason whose time is not over",
)
LICENCE = Row(
    "esxi.licence",
    Kind.ESXI,
    "AP-1",
    Text(ja="ESXiのライセンスがAPIでの変更を許す", en="ESXi's licence allows changes through the API"),
    Text(ja="無償版でも期限切れでもない", en="neither the free edition nor an evaluation that has ended"),
    ("esxi",),
    "esxi_licence",
)


def hardening_checks(targets: Targets, unreadable: Text | None) -> Iterator[Check | NotRun]:
    """Yield a check an item; what the API cannot tell is listed as not run, with what to enter on the host."""
    yield unless(check_of(targets, "esxi", LICENCE), unreadable)
    for item in esxi_baseline():
        row = Row(PREFIX + item.id, Kind.ESXI, "AP-1", item.title, EXPECTED, ("esxi",), "esxi_hardening")
        yield unless(check_of(targets, "esxi", row), _by_hand(item) or unreadable)


def _by_hand(item: HardeningItem) -> Text | None:
    if not isinstance(item.check, HandCheck):
        return None
    words = f"{item.check.command} -> {item.check.wanted}"
    return Text(ja=f"APIでは読めない。最初の実機で確認する: {words}", en=f"by hand on the first real host: {words}")
