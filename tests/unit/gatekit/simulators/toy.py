"""The smallest box that has everything the core promises: modes, a store that is saved, a filter on its own SSH."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.simulators import Clock, Interrupted, SimulatedDevice, Terminal

CONTROLLER = IPv4Address("10.161.4.250")
PASSWORD = "toy-password"


class Toy(SimulatedDevice):
    """``set NAME VALUE``, ``show``, ``save``, ``reload``, ``exit``; the value of ``allow`` is who may log in."""

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__("toy", Clock(speed), {"gwops": PASSWORD}, CONTROLLER)
        self.startup = {"allow": "10.161.4.0/24"}
        self.boots = 0
        self.logins: list[str] = []
        self.boot()

    def boot(self) -> None:
        self.running = dict(self.startup)
        self.boots += 1

    def running_text(self) -> str:
        return "".join(f"{name} {value}\n" for name, value in sorted(self.running.items()))

    def allows_login_from(self, address: IPv4Address) -> bool:
        return address in IPv4Network(self.running["allow"])

    async def serve(self, terminal: Terminal, user: str) -> None:
        terminal.height = 6
        self.logins.append(user)
        while True:
            try:
                line = await terminal.read_line("toy# ")
            except Interrupted:
                await terminal.write("^C\n")
                continue
            if line == "exit":
                return
            await self.obey(terminal, line)

    async def obey(self, terminal: Terminal, line: str) -> None:
        match line.split():
            case ["set", name, value]:
                self.running[name] = value
                self.changed()
            case ["show"]:
                await terminal.page(self.running_text(), more="--More--", erase="\r        \r")
            case ["save"]:
                self.startup = dict(self.running)
            case ["reload"]:
                self.power_cycle()
            case ["break"]:
                raise ValueError("a fault of the toy")
            case ["revert", seconds]:
                self.clock.call_after(float(seconds), self.revert)
            case []:
                pass
            case _:
                await terminal.write(f"% Unknown: {line}\n")

    def revert(self) -> None:
        self.running = dict(self.startup)
        self.changed()
