"""One static route on an FRR switch that belongs to somebody else: ours, and nothing else (NW-4).

observe: what FRR runs, routes and has saved; plan: the whole change, or the reason why not; apply: send one
line, read back until the route is installed, then save. When the read-back fails the inverse is sent and
nothing is saved. Dialogue and traps: vendor reference 7.7, tried with FRR 10.3.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from . import confirmed_states
from .changes import Change
from .commands import Outcome, run
from .errors import NodeError

__all__ = ["Observed", "Rib", "RouteChange", "WantedRoute", "apply", "observe", "plan", "plan_state", "remember"]

Vtysh = Callable[..., Outcome]

REMEMBERED = "frr_route"
"""Under this name the switch remembers which of our routes was confirmed."""
SAVED_FILE = "/etc/frr/frr.conf"
_READ_BACK_S = 5.0
# vtysh writes these lines into the running configuration whether or not somebody saved them
_OWN_WORDS = re.compile(
    r"^([!#].*|end|Building configuration\.\.\.|Current configuration:|frr (version|defaults) .*|hostname .*|log .*"
    r"|(no )?(ip|ipv6) forwarding|(no )?service integrated-vtysh-config|line vty)?$"
)


@dataclass(frozen=True, slots=True)
class WantedRoute:
    """The route; both are addresses, since FRR takes what is not an address for an interface's name."""

    network: IPv4Network
    via: IPv4Address

    @property
    def line(self) -> str:
        """Return the configuration line."""
        return f"ip route {self.network} {self.via}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the routing table."""

    network: IPv4Network
    protocol: str
    installed: bool
    next_hops: tuple[str, ...]  # addresses, or interface names where it is directly connected


Rib = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """What one switch runs, routes and has saved."""

    running: tuple[str, ...]
    saved: tuple[str, ...]
    rib: Rib


@dataclass(frozen=True)
class RouteChange(Change):
    """The lines to send and those that take them back; ``save`` where running and saved differ by our line."""

    forward: tuple[str, ...]
    inverse: tuple[str, ...]
    wanted: WantedRoute
    present: bool

    @property
    def interrupts(self) -> bool:
        """Return whether somebody's way ends: only where the line goes."""
        return bool(self.forward) and not self.present


# ---------------------------------------------------------------- reading
def vtysh(*commands: str) -> Outcome:
    """Run commands in one vtysh, which stops at the first one that FRR does not know."""
    return run(["vtysh", *(word for command in commands for word in ("-c", command))], timeout_s=30)


def configuration_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a configuration that somebody decided on, indentation kept, in order."""
    return tuple(line for line in (raw.rstrip() for raw in text.splitlines()) if not _OWN_WORDS.match(line.strip()))


def routing_table(text: str) -> Rib:
    """Return ``show ip route json`` as entries; local /32 addresses of the switch are left out.

    Raises:
        NodeError: GW410 when it is not the JSON FRR writes.
    """
    try:
        table = json.loads(text)
        return tuple(_entry(row) for rows in table.values() for row in rows if row["protocol"] != "local")
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        fix = "Look whether zebra runs: systemctl status frr."
        raise NodeError("GW410", "frr.show ip route json", text[:200], fix) from err


def _entry(row: dict[str, Any]) -> Entry:
    hops = tuple(str(hop.get("ip", hop.get("interfaceName", "blackhole"))) for hop in row.get("nexthops", []))
    return Entry(IPv4Network(row["prefix"]), row["protocol"], bool(row.get("installed")), hops)


def observe(ask: Vtysh = vtysh, saved_file: str = SAVED_FILE) -> Observed:
    """Return the switch's state.

    Raises:
        NodeError: GW402 when FRR does not answer, GW404 when its files may not be read, GW410 as above.
    """
    running, table = ask("show running-config"), ask("show ip route json")
    for said in (running, table):
        if said.status != 0:
            raise NodeError("GW402", "frr.vtysh", said.reason, "Look whether FRR runs: systemctl status frr.")
    return Observed(configuration_lines(running.output), _saved(saved_file), routing_table(table.output))


def _saved(saved_file: str) -> tuple[str, ...]:
    try:
        with open(saved_file, encoding="utf-8") as stream:
            return configuration_lines(stream.read())
    except FileNotFoundError:
        return ()
    except PermissionError as err:
        raise NodeError("GW404", saved_file, str(err), "Run the task with become.") from err


# ---------------------------------------------------------------- deciding
def plan(found: Observed, wanted: WantedRoute, *, present: bool) -> RouteChange:
    """Return the change that makes the route present or absent, saved; nothing is sent.

    Raises:
        NodeError: GW421 another next hop, or a more specific route, for our network; GW425 the switch is not
            connected as the plan says; GW413 somebody's unsaved change, which our save would make permanent.
    """
    runs, saved = wanted.line in found.running, wanted.line in found.saved
    if present:
        _refuse_other_routes(found, wanted)
        _refuse_other_cabling(found.rib, wanted)
    change = RouteChange(
        before=_state(wanted, runs=runs, saved=saved),
        after=_state(wanted, runs=present, saved=present),
        forward=_lines(wanted, present=present) if runs is not present else (),
        inverse=_lines(wanted, present=not present) if runs is not present else (),
        wanted=wanted,
        present=present,
    )
    if change.changed:
        _refuse_unsaved(found, wanted)
    return change


def _lines(wanted: WantedRoute, *, present: bool) -> tuple[str, ...]:
    return (wanted.line,) if present else (f"no {wanted.line}",)


def _state(wanted: WantedRoute, *, runs: bool, saved: bool) -> dict[str, str]:
    return {"running": wanted.line if runs else "", "saved": wanted.line if saved else ""}


def _refuse_other_routes(found: Observed, wanted: WantedRoute) -> None:
    for line in found.running:
        network = _network_of(line)
        if network is not None and network.subnet_of(wanted.network) and line != wanted.line:
            fix = "Ask the network vendor what it is for; we change no route but ours."
            raise NodeError("GW421", f"frr.{wanted.network}", line, fix)
    for entry in found.rib:
        inside = entry.network.subnet_of(wanted.network) and entry.protocol != "connected"
        if inside and not (entry.protocol == "static" and entry.next_hops == (str(wanted.via),)):
            learnt = f"{entry.network} via {', '.join(entry.next_hops)} ({entry.protocol})"
            fix = "Ask the network vendor why the switch already has a way there."
            raise NodeError("GW421", f"frr.{wanted.network}", learnt, fix)


def _network_of(line: str) -> IPv4Network | None:
    """Return the network of a static route of the default VRF (its lines are not indented)."""
    words = line.split()
    if not line.startswith("ip route ") or len(words) < 4:
        return None
    return IPv4Network(words[2], strict=False)


def _refuse_other_cabling(rib: Rib, wanted: WantedRoute) -> None:
    connected = [entry.network for entry in rib if entry.protocol == "connected"]
    for network in connected:
        if network.overlaps(wanted.network):
            fix = "Give the DMZ a network the hospital does not use (NW-2)."
            raise NodeError("GW425", f"frr.{wanted.network}", f"connected: {network}", fix)
    if not any(wanted.via in network for network in connected):
        fix = f"Connect the switch to the firewall's TRUST network; it has {', '.join(map(str, connected)) or 'none'}."
        raise NodeError("GW425", f"frr.{wanted.network}.via", str(wanted.via), fix)


def _refuse_unsaved(found: Observed, wanted: WantedRoute) -> None:
    """``write memory`` saves everything that runs; another's experiment must not become permanent by us."""
    ours = {wanted.line}
    unsaved = [line for line in found.running if line not in found.saved and line not in ours]
    vanished = [line for line in found.saved if line not in found.running and line not in ours]
    if unsaved or vanished:
        differs = "; ".join([f"+ {line}" for line in unsaved] + [f"- {line}" for line in vanished])
        fix = "Have the network vendor save or undo it (write memory), then run again."
        raise NodeError("GW413", "frr.unsaved", differs, fix)


def plan_state(found: Observed, wanted: WantedRoute, state: str) -> tuple[RouteChange, ...]:
    """Return the changes, in order, that lead to a state: ``present`` or ``absent``, or one that was confirmed.

    A confirmed state may have another route than the newest one: that one goes first.

    Raises:
        NodeError: as ``plan``; GW407 when no such state is remembered.
    """
    if state not in confirmed_states.WHICH:
        return (plan(found, wanted, present=state == "present"),)
    newest, asked = (_recalled(which) for which in ("confirmed", state))
    changes = []
    if newest[1] and newest[0] != asked[0]:
        changes.append(plan(found, newest[0], present=False))
        found = _without(found, newest[0])
    return (*changes, plan(found, asked[0], present=asked[1]))


def _recalled(which: str) -> tuple[WantedRoute, bool]:
    state = confirmed_states.recall(REMEMBERED, which)
    return WantedRoute(IPv4Network(state["network"]), IPv4Address(state["via"])), bool(state["present"])


def _without(found: Observed, gone: WantedRoute) -> Observed:
    """Return the switch as it will be without one of our routes, running and saved."""
    running, saved = (tuple(line for line in lines if line != gone.line) for lines in (found.running, found.saved))
    rib = tuple(entry for entry in found.rib if (entry.network, entry.next_hops) != (gone.network, (str(gone.via),)))
    return Observed(running, saved, rib)


# ---------------------------------------------------------------- acting
def remember(change: RouteChange) -> None:
    """Note on the switch what is confirmed now: applied, read back and saved."""
    route = {"network": str(change.wanted.network), "via": str(change.wanted.via), "present": change.present}
    confirmed_states.remember(REMEMBERED, route)


def apply(
    change: RouteChange, ask: Vtysh = vtysh, saved_file: str = SAVED_FILE, *, wait_s: float = _READ_BACK_S
) -> None:
    """Carry the change out: send, read back, save, and read what was saved.

    Raises:
        NodeError: GW422 a line refused, GW420 not as wanted afterwards (the inverse was sent), GW418 not saved.
    """
    if change.forward:
        _send(change.forward, ask)
        if not _reached(change, ask, wait_s):
            _send(change.inverse, ask)
            fix = "Nothing was saved and our line is gone again; look at the switch's interfaces and routes."
            raise NodeError("GW420", f"frr.{change.wanted.network}", f"not as wanted within {wait_s:g} s", fix)
    said = ask("write memory")
    saved = (change.wanted.line in _saved(saved_file)) is change.present
    if said.status != 0 or "[OK]" not in said.output or not saved:
        fix = "The route works but is lost with a reboot; look at the switch's disk, then run again."
        raise NodeError("GW418", saved_file, said.reason, fix)


def _send(lines: Iterable[str], ask: Vtysh) -> None:
    for line in lines:
        said = ask("configure terminal", line)
        # a refusal to remove prints "% Refusing to remove a non-existent route" and ends with 0
        if said.status != 0 or "%" in said.output + said.error:
            fix = "Nothing was saved; compare the line with the switch's release."
            raise NodeError("GW422", "frr.vtysh", f"{line}: {said.reason}", fix)


def _reached(change: RouteChange, ask: Vtysh, wait_s: float) -> bool:
    end = time.monotonic() + wait_s
    while True:
        rows = [row for row in routing_table(ask("show ip route json").output) if row.network == change.wanted.network]
        installed = any(row.installed and row.next_hops == (str(change.wanted.via),) for row in rows)
        runs = change.wanted.line in configuration_lines(ask("show running-config").output)
        if installed is change.present and runs is change.present:
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
