"""A FortiGate: no candidate, every `next` is live; what is saved, when, and what a restart brings back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from gatekit.simulators import Clock, Interrupted, SimulatedDevice, Terminal, Timer
from gatekit.simulators.fortios import words
from gatekit.simulators.fortios.configuration import Shell, tokens
from gatekit.simulators.fortios.grammar import Refused, option, option_tables
from gatekit.simulators.fortios.reach import lets_in
from gatekit.simulators.fortios.routing import routing_table
from gatekit.simulators.fortios.store import BARE, Node, Store

GLOBAL = "system global"


@dataclass(frozen=True, slots=True)
class Model:
    """What differs from box to box. ``switch_is_saved``: whether going to ``cfg-save revert`` is itself saved.

    ``capacity``: entries that a table takes, 3 on a machine without a licence (vendor reference 2.1).
    """

    release: str = "7.4.7"
    virtual_domains: str = "disable"
    banner: bool = False
    switch_is_saved: bool = False
    capacity: int | None = None


class FortiGate(SimulatedDevice):
    """One box. ``text`` is what it was delivered with, ``reached_at`` the address by which SSH comes."""

    def __init__(
        self,
        clock: Clock,
        users: Mapping[str, str],
        text: str,
        *,
        client_address: IPv4Address,
        reached_at: IPv4Address,
        model: Model | None = None,
    ) -> None:
        super().__init__("FortiGate-91G", clock, users, client_address)
        self.model = model or Model()
        self.reached_at = reached_at
        self.startup = Store()
        self.unsaved = False
        self.console_writes = 0
        self.restarts = 0
        self.on_line: Callable[[str], None] = lambda _: None  # a test's own trouble, before a line is obeyed
        self._reads = 0
        self._timer: Timer | None = None
        self._mode = "automatic"
        self.running = Store()
        for name, password in users.items():
            account = Node(settings={"accprofile": ("super_admin",), "vdom": ("root",), "password": (password,)})
            self.running.table("system admin").entries[name] = account
        self.load(text)
        self.startup = self.running.copy()
        self.boot()
        self.restarts = 0

    # ------------------------------------------------------------------ state
    def load(self, text: str) -> None:
        """Take a whole text, one line after the other, as at delivery.

        Raises:
            ValueError: a line that the box refuses.
        """
        shell = Shell(lambda: self.running, lambda _: None, None)
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                try:
                    shell.obey(tokens(line))
                except Refused as refused:
                    raise ValueError(f"{line.strip()}: {refused.words}") from None
        self._follow()

    def running_text(self) -> str:
        """Return every table as `show` prints it, secrets encrypted anew."""
        return "".join(self.running.shown(name, is_bare) for name, one in self.running.tables.items() if one != Node())

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether the running tables let our account in from there."""
        return lets_in(self.running, next(iter(self.users)), address, self.reached_at)

    def boot(self) -> None:
        """Come up with what was saved."""
        self.restarts += 1
        self.running = self.startup.copy()
        self.unsaved = False
        self._timer = None
        self._mode = self.running.value(GLOBAL, "cfg-save")
        self._follow()

    def applied(self, finished: bool) -> None:  # noqa: FBT001 - the shell's one fact
        """Take note that something is in force; at the last ``end`` the box saves by itself, if it may."""
        self.unsaved = True
        before, self._mode = self._mode, self.running.value(GLOBAL, "cfg-save")
        self._follow()
        switched = before != self._mode
        if self._mode == "automatic":
            self._stop_timer()
            if finished:
                self.save()
        elif self._mode == "revert" and (switched or words.TIMER_BEGINS_ANEW):
            self._start_timer()
        if switched and self._mode != "automatic" and self.model.switch_is_saved:
            self.save()
        self.changed()

    def save(self) -> bool:
        """Save what runs; return whether there was anything to save."""
        was, self.unsaved = self.unsaved, False
        self.startup = self.running.copy()
        return was

    def _follow(self) -> None:
        self.host_name = self.running.value(GLOBAL, "hostname") or "FortiGate-91G"
        accounts = self.running.table("system admin").entries
        mine = [name for name in self.users if name in accounts]
        order = [*mine, *(name for name in accounts if name not in mine)]
        self.users = {name: accounts[name].settings["password"][0] for name in order}

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = self.clock.call_after(float(self.running.value(GLOBAL, "cfg-revert-timeout")), self._go_back)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_back(self) -> None:
        if self.unsaved:
            self.power_cycle(words.REBOOT_S)

    # ------------------------------------------------------------------ dialogue
    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold one session."""
        shell = Shell(lambda: self.running, self.applied, self.model.capacity)
        if self.model.banner:
            await terminal.write(words.BANNER)
            while await terminal.read_key() != "a":
                pass
            await terminal.write("\n")
        while True:
            place = f" ({shell.label})" if shell.label else ""
            try:
                line = (await terminal.read_line(f"{self.host_name}{place} # ")).strip()
            except Interrupted:
                await terminal.write("\n")
                continue
            if line in {"exit", "quit"} and not shell.frames:
                return
            if line:
                self.on_line(line)
                await self._answer(terminal, shell, user, line)

    async def _answer(self, terminal: Terminal, shell: Shell, user: str, line: str) -> None:
        try:
            given = tokens(line)
            if given[:3] == ["execute", "cfg", "reload"] and not shell.frames:
                await self._reload(terminal)
                return
            text = self._told(shell, user, given)
        except Refused as refused:
            await terminal.write(f"\n{refused.words}\n")
            return
        terminal.paging = self.running.value("system console", "output") == "more"
        if "|" in given:
            terminal.paging = False
            text = _grep(text, given)
        await terminal.page(text, more=words.MORE, erase=words.ERASE_MORE)

    async def _reload(self, terminal: Terminal) -> None:
        await terminal.write(words.RELOAD_QUESTION)
        key = await terminal.read_key()
        await terminal.write(f"{key}\n")
        if key == "y":
            await terminal.write(words.RELOADED)
            self.clock.call_after(1.0, lambda: self.power_cycle(words.REBOOT_S))

    def _told(self, shell: Shell, user: str, given: list[str]) -> str:
        wanted = given[: given.index("|")] if "|" in given else given
        match wanted:
            case ["show", *name]:
                return self._shown(user, [one for one in name if one != "full-configuration"])
            case ["get", "system", "status"]:
                facts = {"release": self.model.release, "virtual_domains": self.model.virtual_domains}
                return words.STATUS.format(host_name=self.host_name, **facts)
            case ["get", "system", ("global" | "console") as name]:
                return "".join(f"{key:<20}: {value}\n" for key, value in self._values(f"system {name}"))
            case ["get", "vpn", "ipsec", "tunnel", "summary"]:
                return self._tunnels()
            case ["get", "router", "info", "routing-table", "all"]:
                return routing_table(self.running)
            case ["execute", "cfg", "save"] if not shell.frames:
                return words.CONFIG_SAVED if self.save() else words.NOTHING_TO_SAVE
            case ["config", "system", "console"]:
                self.console_writes += 1
        return shell.obey(wanted)

    def _shown(self, user: str, name: list[str]) -> str:
        if not name:
            self._reads += 1
            head = words.HEADER.format(release=self.model.release, user=user, number=4_711_000 + self._reads)
            return head + self.running_text()
        for length in range(len(name), 0, -1):
            table = " ".join(name[:length])
            if table in option_tables()["tables"]:
                return self.running.shown(table, is_bare, name[length] if len(name) > length else None)
        raise Refused(words.UNKNOWN_WORD.format(token=name[-1]))

    def _values(self, name: str) -> list[tuple[str, str]]:
        keys = {"system global": ("cfg-revert-timeout", "cfg-save", "hostname"), "system console": ("output",)}[name]
        return [(key, self.running.value(name, key)) for key in keys]

    def _tunnels(self) -> str:
        phases = self.running.table("vpn ipsec phase2-interface").entries.values()
        lines = []
        for name, one in self.running.table("vpn ipsec phase1-interface").entries.items():
            count = sum(phase.settings["phase1name"] == (name,) for phase in phases)
            lines.append(words.TUNNEL_UP.format(name=name, peer=one.settings["remote-gw"][0], count=count))
        return "".join(lines)


def is_bare(path: str, key: str) -> bool:
    """Return whether `show` prints a value without quotes: a word of the box's own, a number, an address."""
    first = next((name for name in option_tables()["tables"] if path == name or path.startswith(f"{name} ")), path)
    inner = tuple(path[len(first) :].split())
    known = option((first, *inner), key)
    masked = key in BARE or key in {"ip", "subnet", "dst", "src-subnet", "dst-subnet"} or key.startswith("trusthost")
    return masked or "choices" in known or known["type"] == "integer" or key == "dpd-retryinterval"


def _grep(text: str, given: list[str]) -> str:
    pattern = re.compile(given[-1])
    return "".join(line for line in text.splitlines(keepends=True) if pattern.search(line.rstrip("\n")))
