"""A console that is slow to answer is not pressed once more than it has to be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from netmiko.exceptions import ReadTimeout

from gatekit.devices.commissioning import console
from gatekit.devices.commissioning.console import wake


class Booting:
    """A unit that answers the first Enter only after nobody waits for its answer any more; the next one logs in."""

    def __init__(self) -> None:
        self.pressed = 0

    def write_channel(self, _: str) -> None:
        self.pressed += 1

    def read_channel(self) -> str:
        return "RTX1300 BootROM\r\n\r\nPassword: " if self.pressed == 1 else ""

    def read_until_pattern(self, **_: Any) -> str:
        if self.pressed == 1:
            raise ReadTimeout
        return "\r\n> "


def test_what_a_booting_unit_shows_late_is_what_it_waits_with(monkeypatch) -> None:
    monkeypatch.setattr(console, "RETRY_S", 0)
    unit = Booting()
    session: Any = SimpleNamespace(connection=unit, device="console")
    assert wake(session, r"Password: ?|> ?", 60).endswith("Password: ")
    assert unit.pressed == 1
