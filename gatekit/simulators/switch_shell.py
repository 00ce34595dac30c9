"""One session on a simulated L3 switch: what every product does with lines, keys and sections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from gatekit.simulators.switch import Refused, SimulatedSwitch
from gatekit.simulators.terminal import CTRL_Z, Interrupted, Terminal


class SwitchShell[Switch: SimulatedSwitch](ABC):
    """One session. A product says its prompt, which line it obeys where, and how it refuses one.

    ``is_configuring``: in configuration mode; ``section``: the one that is open there. ``back`` leaves a section, or
    the mode where none is open; ``end`` leaves the mode from any depth; ``farewells`` end the session outside it.
    ``before_prompt``: what the line editor sends before each prompt.
    """

    end: ClassVar[str] = "end"
    back: ClassVar[str] = "exit"
    farewells: ClassVar[frozenset[str]] = frozenset({"exit", "logout"})
    before_prompt: str = ""

    def __init__(self, device: Switch, terminal: Terminal) -> None:
        self.device, self.terminal = device, terminal
        self.is_configuring = False
        self.section: str | None = None

    @property
    @abstractmethod
    def prompt(self) -> str:
        """Return the prompt of where the session stands."""

    @abstractmethod
    async def obey(self, line: str) -> None:
        """Do what one line says, in any mode."""

    @abstractmethod
    async def refuse(self, line: str, refusal: Refused) -> None:
        """Say what is wrong with a line."""

    async def run(self) -> None:
        """Obey lines until the user leaves."""
        while True:
            try:
                line = " ".join((await self.terminal.read_line(self.before_prompt + self.prompt)).split())
            except Interrupted as key:
                await self.terminal.write("\n")
                await self.interrupted(key.key)
                continue
            if line in self.farewells and not self.is_configuring:
                return
            if line:
                await self.obey(line)

    async def interrupted(self, key: str) -> None:
        """Leave configuration mode on Ctrl-Z; any other key only throws the line away."""
        if key == CTRL_Z and self.is_configuring:
            await self.leave()

    async def leave(self) -> None:
        """Leave configuration mode."""
        self.is_configuring, self.section = False, None

    async def configure(self, line: str) -> None:
        """Obey a line of configuration mode."""
        if line == self.end or (line == self.back and self.section is None):
            await self.leave()
        elif line == self.back:
            self.section = None
        else:
            await self.take(line)

    async def take(self, line: str) -> bool:
        """Put a line into the running configuration, or refuse it; return whether it was taken."""
        try:
            self.section = self.device.configure(line, self.section)
        except Refused as refusal:
            await self.refuse(line, refusal)
            return False
        return True

    async def knows(self, password: str | None, *, question: str, wrong: str) -> bool:
        """Return whether the user knows a password, which is asked for only where there is one."""
        if password is None or await self.terminal.read_line(question, echo=False) == password:
            return True
        await self.terminal.write(wrong)
        return False
