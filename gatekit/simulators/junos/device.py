"""A Junos box without sockets: state, accounts, and who may log in by its active configuration."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.clock import Clock
from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.junos import words
from gatekit.simulators.junos.commits import Commits
from gatekit.simulators.junos.configuration import Configuration, hashed, obscured, split
from gatekit.simulators.junos.dialogue import Shell
from gatekit.simulators.junos.grammar import Refused, parse
from gatekit.simulators.junos.shows import units
from gatekit.simulators.terminal import Terminal

ITSELF = "junos-host"


class JunosDevice(SimulatedDevice):
    """An SRX, or with ``chassis="{master:0}"`` an EX, that starts with a configuration in set lines.

    A statement of the start that bears a password gives the user's own one from ``users``.
    """

    def __init__(
        self,
        start: str,
        *,
        clock: Clock,
        users: Mapping[str, str],
        client_address: IPv4Address,
        model: str = "srx300",
        chassis: str = "",
    ) -> None:
        super().__init__("", clock, users, client_address)
        self.model, self.chassis, self.release = model, chassis, "22.4R3-S2.11"
        self.passwords: dict[str, str] = {}  # hash -> what was typed
        self.psks: dict[str, str] = {}  # as shown -> what was typed
        self.first_pid = 4600
        self.commits = Commits(clock, self._committed, self._announce)
        self.commits.start(self._loaded(start))
        self._committed()

    # ------------------------------------------------------------------ the simulator's contract
    def running_text(self) -> str:
        """Return ``show configuration | display set`` without the release."""
        return "".join(f"{line}\n" for line in self.commits.active.lines())

    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether SSH is on, and zone and policies let it in from there.

        On a box without security zones (an EX) whoever has a way back may come.
        """
        active = self.commits.active
        way_in = self._way_in(active, address)
        if way_in is None or not active.below("system", "services", "ssh"):
            return False
        unit, own = way_in
        zones = active.names("security", "zones", "security-zone")
        if not zones:
            return self.model.startswith("ex")
        zone = next(
            (one for one in zones if unit in active.names("security", "zones", "security-zone", one, "interfaces")), ""
        )
        return self._offered(active, zone, unit) and self._permitted(active, zone, address, own)

    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold one session."""
        await Shell(self, terminal, user).run()

    def boot(self) -> None:
        """Come up with what was committed; a commit that nobody confirmed is taken back."""
        self.commits.power_lost()
        self._committed()

    # ------------------------------------------------------------------ for the dialogue
    def remembered(self, password: str) -> str:
        """Return the hash under which a typed password is kept."""
        shown = hashed()
        self.passwords[shown] = password
        return shown

    def kept(self, said: tuple[str, ...]) -> tuple[str, ...]:
        """Return a statement as it is stored, its secret obscured."""
        stored = obscured(said)
        if stored != said:
            self.psks[stored[-1]] = said[-1]
        return stored

    def next_pid(self) -> int:
        """Return the next process number."""
        self.first_pid += 7
        return self.first_pid

    # ------------------------------------------------------------------ inside
    def _loaded(self, text: str) -> Configuration:
        configuration = Configuration()
        for line in text.splitlines():
            said, columns = split(line)
            try:
                form = parse(said[1:], columns[1:])
            except Refused as err:
                raise ValueError(f"{line}: {err.text}") from err
            if said[-2] == "encrypted-password":
                user = said[4] if said[2] == "login" else "root"
                said = (*said[:-1], self.remembered(self.users.get(user, "")))
            configuration.set(self.kept(said[1:]), form)
        return configuration

    def _committed(self) -> None:
        """Take over host name and accounts, and cut off who may no longer be here."""
        active = self.commits.active
        self.host_name = "".join(active.names("system", "host-name"))
        rows = active.below("system", "login", "user")
        found = {
            row[0]: self.passwords.get(row[3], "")
            for row in rows
            if row[1:3] == ("authentication", "encrypted-password")
        }
        self.users = {user: password for user, password in found.items() if password}
        self.changed()

    def _announce(self, text: str) -> None:
        for terminal in tuple(self.sessions):
            terminal.post(words.NOT_CONFIRMED.format(host=self.host_name, time=self.commits.now(), rest=text))

    def _way_in(self, active: Configuration, address: IPv4Address) -> tuple[str, IPv4Address] | None:
        """Return the logical interface that leads to an address, and the box's own address on it."""
        own: dict[str, IPv4Interface] = {unit: row for unit, row in units(active).items() if row is not None}
        hops: dict[IPv4Network, IPv4Address] = {row.network: address for row in own.values()}
        for text in active.names("routing-options", "static", "route"):
            said = active.below("routing-options", "static", "route", text)[0]
            if said[0] == "next-hop" and said[1] != "st0.0":
                hops[IPv4Network(text)] = IPv4Address(said[1])
        covering = [network for network in hops if address in network]
        if not covering:
            return None
        hop = hops[max(covering, key=lambda network: network.prefixlen)]
        return next(((unit, row.ip) for unit, row in own.items() if hop in row.network), None)

    def _offered(self, active: Configuration, zone: str, unit: str) -> bool:
        base = ("security", "zones", "security-zone", zone)
        rows = active.below(*base, "interfaces", unit, "host-inbound-traffic", "system-services")
        rows = rows or active.below(*base, "host-inbound-traffic", "system-services")
        return bool({row[0] for row in rows if row} & {"ssh", "all", "any-service"})

    def _permitted(self, active: Configuration, zone: str, source: IPv4Address, own: IPv4Address) -> bool:
        """Return what the first policy to the box that matches says; where there is none, the zone decides."""
        base = ("security", "policies", "from-zone", zone, "to-zone", ITSELF, "policy")
        for name in active.names(*base):
            rows = active.below(*base, name)
            covered = (
                self._covers(active, rows, "source-address", source)
                and self._covers(active, rows, "destination-address", own)
                and self._is_ssh(active, [row[2] for row in rows if row[:2] == ("match", "application")])
            )
            if covered:
                return ("then", "permit") in rows
        return True

    def _covers(self, active: Configuration, rows: list[tuple[str, ...]], side: str, address: IPv4Address) -> bool:
        names = [row[2] for row in rows if row[:2] == ("match", side)]
        book = {row[0]: row[1] for row in active.below("security", "address-book", "global", "address")}
        return any(name == "any" or address in IPv4Network(book[name]) for name in names)

    def _is_ssh(self, active: Configuration, names: list[str]) -> bool:
        for name in names:
            rows = active.below("applications", "application", name)
            if name == "any" or {("protocol", "tcp"), ("destination-port", "22")} <= set(rows):
                return True
        return False
