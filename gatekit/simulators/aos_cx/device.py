"""An AOS-CX to talk to: checkpoints that go back, saving outside configuration mode (vendor reference 7.6)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network

from gatekit.simulators.aos_cx import words
from gatekit.simulators.aos_cx.configuration import Configuration
from gatekit.simulators.clock import Clock, Timer
from gatekit.simulators.switch import Refused, SimulatedSwitch, SwitchConfiguration
from gatekit.simulators.switch_shell import SwitchShell
from gatekit.simulators.terminal import Terminal

VERSION = "10.10.1040"
WARNING_S = 120.0
_HEAD = "\nDisplaying ipv4 routes selected for forwarding\n\n'[x/y]' denotes [distance/metric]\n\n"
_SYSTEM = """\
Hostname           : {name}
System Description : FL.{version}
System Contact     :
System Location    :

Vendor             : Aruba
Product Name       : JL658A 6300M 24SFP+ 4SFP56 Swch
Chassis Serial Nbr : SG00KN0001
Base MAC Address   : 883a30-000001
ArubaOS-CX Version : FL.{version}

Time Zone          : UTC

Up Time            : 3 weeks, 2 days, 4 hours, 11 minutes
CPU Util (%)       : 7
Memory Usage (%)   : 22
"""
_SOME_TIME = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class AosCx(SimulatedSwitch):
    """One switch. ``is_old``: it saves outside configuration mode only. ``is_operator``: of every account."""

    running: Configuration

    def __init__(
        self,
        startup: Configuration,
        users: dict[str, str],
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
        is_old: bool = False,
        is_operator: bool = False,
    ) -> None:
        self.is_old, self.is_operator = is_old, is_operator
        self.checkpoint: SwitchConfiguration | None = None
        self.timer: Timer | None = None
        self.checkpoints: list[str] = []
        super().__init__(startup, users, client_address, clock=clock)

    def boot(self) -> None:
        """Come up with the startup configuration, no timer running."""
        self.timer = self.checkpoint = None
        super().boot()

    def start_checkpoint(self, minutes: int) -> bool:
        """Keep what runs for so long; return whether no other timer was running."""
        if self.timer is not None:
            return False
        self.checkpoint = self.running.copy()
        self.timer = self.clock.call_after(minutes * 60, self.restore)
        self.clock.call_after(max(0.0, minutes * 60 - WARNING_S), self._warn)
        return True

    def confirm(self) -> str | None:
        """Keep what runs and return the checkpoint's name; None without a timer."""
        if self.timer is None:
            return None
        self.timer.cancel()
        self.timer = self.checkpoint = None
        self.checkpoints.append(f"AUTO{_SOME_TIME + timedelta(seconds=self.clock.now_s()):%Y%m%d%H%M%S}")
        return self.checkpoints[-1]

    def restore(self) -> None:
        """Go back to what ran when the timer was started."""
        state, self.timer, self.checkpoint = self.checkpoint, None, None
        if state is not None:
            self._tell_all("WARNING: Restoring configuration. Do NOT add any new configuration.\n")
            self.become(state)
            self._tell_all("Restoration successful\n")
            self.changed()

    def table(self) -> str:
        """Return the routing table."""
        rows = sorted(self._ways(), key=lambda row: (row[0], row[1]))
        forms = [
            f"{network}, vrf default\n\tvia  {way},  [{distance}],  {protocol}\n"
            for network, way, distance, protocol in rows
        ]
        return _HEAD + "".join(forms)

    def system(self) -> str:
        """Return ``show system``."""
        return _SYSTEM.format(name=self.host_name, version=VERSION)

    def list_of_checkpoints(self) -> str:
        """Return ``show checkpoint``."""
        left = f"{words.PENDING.format(minutes=math.ceil(self.timer.left_s() / 60))}" if self.timer else ""
        return left + words.CHECKPOINTS.format(pad=" " * 20) + "".join(f"{name}\n" for name in self.checkpoints)

    async def serve(self, terminal: Terminal, user: str) -> None:  # noqa: ARG002 - every account has the same rights
        """Hold one session."""
        await _Shell(self, terminal).run()

    def _ways(self) -> Iterator[tuple[IPv4Network, str, str, str]]:
        for network, hop, _ in self.running.usable():
            yield network, str(hop), "1/0", "static"
        for network, hop, _ in self.learnt:
            yield network, str(hop), "110/20", "ospf"
        for name, interface in self.running.networks():
            yield interface.network, name, "0/0", "connected"
            yield IPv4Network(interface.ip), name, "0/0", "local"

    def _warn(self) -> None:
        if self.timer is not None:
            self._tell_all('WARNING  Please "checkpoint auto confirm" within 2 minutes\n')

    def _tell_all(self, text: str) -> None:
        for terminal in self.sessions:
            terminal.post(text)


class _Shell(SwitchShell[AosCx]):
    """One session: exec or configuration mode, and the section that is open."""

    farewells = frozenset({"exit"})
    before_prompt = words.EDITOR

    @property
    def prompt(self) -> str:
        name = self.device.host_name
        if not self.is_configuring:
            return f"{name}{'>' if self.device.is_operator else '#'} "
        return f"{name}(config{_inside(self.section)})# "

    async def obey(self, line: str) -> None:
        if line == "no page":
            self.terminal.paging = False
        elif text := self._shows().get(line):
            await self.terminal.page(text(), more=words.MORE, erase=words.ERASE)
        elif line == "write memory" and self._may_save():
            self.device.save()
            await self.terminal.write(words.SAVED)
        elif self.is_configuring:
            await self.configure(line)
        elif line == "configure terminal" and not self.device.is_operator:
            self.is_configuring = True
        elif line.startswith("checkpoint auto") and not self.device.is_operator:
            await self._checkpoint(line)
        else:
            await self.refuse(line, Refused(0))

    def _shows(self) -> dict[str, Callable[[], str]]:
        device = self.device
        shows = {
            "show system": device.system,
            "show ip route": device.table,
            "show ip route all-vrfs": device.table,
            "show checkpoint": device.list_of_checkpoints,
        }
        if not device.is_operator:
            shows["show running-config"] = lambda: words.RUNNING_HEAD.format(version=VERSION) + device.running.text()
            shows["show startup-config"] = lambda: words.STARTUP_HEAD.format(version=VERSION) + device.startup.text()
        return shows

    def _may_save(self) -> bool:
        return not self.device.is_operator and not (self.device.is_old and self.is_configuring)

    async def _checkpoint(self, line: str) -> None:
        match = re.fullmatch(r"checkpoint auto (\d+|confirm)", line)
        if match is None or not (match[1] == "confirm" or 1 <= int(match[1]) <= 60):
            await self.refuse(line, Refused(len("checkpoint auto ")))
        elif match[1] == "confirm":
            name = self.device.confirm()
            await self.terminal.write(f"checkpoint {name} created\n" if name else words.NOTHING_TO_CONFIRM)
        elif self.device.start_checkpoint(int(match[1])):
            await self.terminal.write(f"Auto checkpoint mode expires in {match[1]} minute(s)\n")
        else:
            await self.terminal.write(words.BUSY)

    async def refuse(self, line: str, refusal: Refused) -> None:
        """Refuse with the word that is wrong."""
        forms = {"absent": words.ABSENT, "incomplete": "% Command incomplete.\n"}
        wrong = (line[refusal.at :].split() or [line])[0]
        await self.terminal.write(forms.get(refusal.kind, f"Invalid input: {wrong}\n"))


def _inside(section: str | None) -> str:
    """Return what the prompt says of an open section."""
    if section is None:
        return ""
    word, rest = section.split(maxsplit=1)
    return f"-vlan-{rest}" if word == "vlan" else "-if-vlan" if rest.startswith("vlan") else "-if"
