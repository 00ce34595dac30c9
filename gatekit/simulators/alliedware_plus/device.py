"""An AlliedWare Plus to talk to: IOS-like modes, noise on the wire, no timer (vendor reference 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address

from gatekit.simulators.alliedware_plus import words
from gatekit.simulators.alliedware_plus.configuration import Configuration
from gatekit.simulators.clock import Clock
from gatekit.simulators.switch import Refused, SimulatedSwitch
from gatekit.simulators.switch_shell import SwitchShell
from gatekit.simulators.terminal import Terminal

_CODES = """\
Codes: C - connected, S - static, R - RIP, B - BGP
       O - OSPF, IA - OSPF inter area
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2
       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area
       * - candidate default

"""
_SYSTEM = """\
Switch System Status                                   Mon Nov 23 09:00:00 2026

Board       ID  Bay     Board Name                         Rev   Serial number
--------------------------------------------------------------------------------
Base       462          x530-28GTXm                        B-0   A05050G200000001
--------------------------------------------------------------------------------
RAM:  Total: 1028104 kB Free: 755084 kB
Flash: 95.0MB Used: 61.2MB Available: 33.8MB
--------------------------------------------------------------------------------
Environment Status : Normal
Uptime             : 23 days 04:11:36
Bootloader version : 6.2.23

Current software   : x530-5.5.0-1.1.rel
Software version   : 5.5.0-1.1
Build date         : Thu Mar 5 09:42:00 UTC 2020

Current boot config: flash:/default.cfg (file exists)

System Name
 {name}
System Contact

System Location

"""
_INSIDE = {"vlan": "vlan", "interface": "if", "line": "line"}


class AlliedWarePlus(SimulatedSwitch):
    """One switch. ``enable_password``: None = `enable` asks nothing. ``noisy``: CR and escape codes between."""

    def __init__(
        self,
        startup: Configuration,
        users: dict[str, str],
        client_address: IPv4Address,
        *,
        clock: Clock | None = None,
        enable_password: str | None = None,
        noisy: bool = False,
    ) -> None:
        self.enable_password, self.noisy = enable_password, noisy
        super().__init__(startup, users, client_address, clock=clock)

    def table(self) -> str:
        """Return the routing table."""
        defaults = [hop for network, hop, _ in self.running.usable() if network.prefixlen == 0]
        gateway = f"Gateway of last resort is {defaults[0]} to network 0.0.0.0\n\n" if defaults else ""
        return f"{_CODES}{gateway}{''.join(self._rows())}"

    def system(self) -> str:
        """Return ``show system``."""
        return _SYSTEM.format(name=self.host_name)

    async def serve(self, terminal: Terminal, user: str) -> None:  # noqa: ARG002 - every account has the same rights
        """Hold one session."""
        await terminal.write(words.BANNER)
        await _Shell(self, terminal).run()

    def _rows(self) -> Iterator[str]:
        for network, hop, name in self.running.usable():
            mark = "S*" if network.prefixlen == 0 else "S "
            yield f"{mark}      {network} [1/0] via {hop}, {name}\n"
        for network, hop, name in self.learnt:
            yield f"O       {network} [110/20] via {hop}, {name}, 00:10:21\n"
        for name, interface in self.running.networks():
            yield f"C       {interface.network} is directly connected, {name}\n"


class _Shell(SwitchShell[AlliedWarePlus]):
    """One session: user, privileged or configuration mode, and the section that is open."""

    def __init__(self, device: AlliedWarePlus, terminal: Terminal) -> None:
        super().__init__(device, terminal)
        self.before_prompt = words.NOISE if device.noisy else ""
        self.is_privileged = False

    @property
    def prompt(self) -> str:
        if self.is_configuring:
            inside = f"-{_INSIDE[self.section.split()[0]]}" if self.section else ""
            return f"{self.device.host_name}(config{inside})#"
        return f"{self.device.host_name}{'#' if self.is_privileged else '>'}"

    async def obey(self, line: str) -> None:
        if line.startswith("!"):
            return
        if self.is_configuring:
            await self.configure(line)
        elif line == "enable":
            await self._enable()
        elif line == "configure terminal" and self.is_privileged:
            self.is_configuring = True
            await self.terminal.write("Enter configuration commands, one per line.  End with CNTL/Z.\n")
        elif size := re.fullmatch(r"terminal length (\d+)", line):
            self.terminal.paging, self.terminal.height = size[1] != "0", int(size[1]) or self.terminal.height
        elif line in {"write memory", "write", "copy running-config startup-config"} and self.is_privileged:
            self.device.save()
            await self.terminal.write(words.SAVED)
        else:
            await self._show(line)

    async def _enable(self) -> None:
        password = None if self.is_privileged else self.device.enable_password
        if await self.knows(password, question="Password: ", wrong=words.WRONG_PASSWORD):
            self.is_privileged = True

    async def _show(self, line: str) -> None:
        texts = {"show system": self.device.system, "show ip route": self.device.table}
        if self.is_privileged:
            texts |= {
                "show running-config": self.device.running.text,
                "show startup-config": self.device.startup.text,
            }
        if line not in texts:
            await self.refuse(line, Refused(0))
            return
        text = texts[line]()
        if self.device.noisy:
            text = words.NOISE + text.replace("\n", words.LINE_END)
        await self.terminal.page(text, more=words.MORE, erase=words.ERASE)

    async def refuse(self, line: str, refusal: Refused) -> None:
        marker = " " * (len(self.prompt) + min(refusal.at, len(line)))
        forms = {"absent": words.ABSENT, "incomplete": words.INCOMPLETE}
        await self.terminal.write(forms.get(refusal.kind, words.ILLEGAL).format(marker=marker))
