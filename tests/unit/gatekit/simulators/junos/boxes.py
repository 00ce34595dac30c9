"""Simulated Junos boxes for tests: as they come from staging, and as planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address

from gatekit.devices.change.access import watch
from gatekit.devices.change.model import Observed
from gatekit.devices.change.session import Session
from gatekit.devices.junos import PLATFORM
from gatekit.devices.junos.text import without_secrets
from gatekit.plan.network_device import FirewallPlan, SwitchRoutePlan
from gatekit.simulators import Clock, Simulator
from gatekit.simulators.junos import JunosDevice
from gatekit.simulators.junos.configuration import split
from gatekit.simulators.junos.grammar import parse
from tests.sites import vendor_plan

OLD_PASSWORD = "Old-Console-7"
SECRETS = {"vpn_psk": "Psk-Kita-0815-abcdef", "firewall_password": "New-Console-8"}
CONTROLLER = IPv4Address("10.161.4.250")
STAGED = """\
set system host-name staging
set system root-authentication encrypted-password x
set system login user gwops class super-user
set system login user gwops authentication encrypted-password x
set system services ssh
set system services telnet
set system syslog file messages any any
set snmp location rack-7
set interfaces ge-0/0/1 unit 0 family inet address 10.161.4.254/24
set interfaces ge-0/0/5 unit 0 family inet address 172.31.0.1/24
set security zones security-zone trust interfaces ge-0/0/1.0 host-inbound-traffic system-services ssh
"""
SWITCH = """\
set system host-name hosp-core
set system root-authentication encrypted-password x
set system login user gwops class super-user
set system login user gwops authentication encrypted-password x
set system services ssh
set snmp community hospital-secret
set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members office
set interfaces irb unit 10 family inet address 192.168.10.1/24
set interfaces irb unit 30 family inet address 192.168.30.1/24
set routing-options static route 0.0.0.0/0 next-hop 192.168.10.254
set routing-options static route 172.20.0.0/16 next-hop 192.168.30.2
set vlans office vlan-id 30
"""


def firewall(name: str = "pattern4") -> FirewallPlan:
    return vendor_plan("juniper_srx", name).firewall


def l3_switch() -> SwitchRoutePlan:
    return vendor_plan("juniper_ex").l3_switch


def srx(start: str = STAGED, *, speed: float = 60.0, client: IPv4Address = CONTROLLER) -> JunosDevice:
    return JunosDevice(start, clock=Clock(speed), users={"gwops": OLD_PASSWORD}, client_address=client)


def ex(start: str = SWITCH, *, speed: float = 60.0) -> JunosDevice:
    return JunosDevice(
        start,
        clock=Clock(speed),
        users={"gwops": OLD_PASSWORD},
        client_address=IPv4Address("192.168.10.5"),
        model="ex4300-48t",
        chassis="{master:0}",
    )


def as_planned(part: FirewallPlan) -> str:
    """Set lines that a box of ``part`` may start with: each user's password is the one of ``users``."""
    return PLATFORM.render(part).replace("plain-text-password-value", "encrypted-password")


def typed(device: JunosDevice, lines: Iterable[str]) -> None:
    """Apply lines of a change set to the candidate, each by the grammar, and commit them."""
    candidate = device.commits.candidate
    for line in lines:
        words, columns = split(line)
        path = words[1:]
        match words[0]:
            case "set" if "plain-text-password-value" in path:
                stored = (*path[:-2], "encrypted-password", device.remembered("typed"))
                candidate.set(stored, parse(stored, columns[1:]))
            case "set":
                candidate.set(device.kept(path), parse(path, columns[1:]))
            case "delete":
                assert candidate.delete(path), line
            case "activate":
                assert candidate.wake(path), line
            case "deactivate":
                assert candidate.sleep(path), line
            case "insert":
                candidate.insert(path[:-3], path[-3], path[-1])
            case _:
                raise AssertionError(line)
    answer = device.commits.commit("gwops", "", None)
    assert answer == "commit complete\n", answer


def observed(device: JunosDevice) -> Observed:
    running = without_secrets(device.running_text())
    return Observed(running=running, startup=None, fingerprint="", open_edit=None, version="", model="")


def without(text: str, pattern: str) -> str:
    """The text without every line that matches; at least one must."""
    kept = [line for line in text.splitlines() if not re.search(pattern, line)]
    assert len(kept) < len(text.splitlines()), pattern
    return "".join(f"{line}\n" for line in kept)


def session(simulator: Simulator, password: str = OLD_PASSWORD) -> Session:
    connection = PLATFORM.connect(simulator.login(password))
    watch(connection)
    opened = Session(connection, "firewall", PLATFORM.refusals, {"login_password": password, **SECRETS})
    PLATFORM.prepare(opened)
    return opened


@contextmanager
def logged_in(simulator: Simulator, password: str = OLD_PASSWORD) -> Iterator[Session]:
    opened = session(simulator, password)
    try:
        yield opened
    finally:
        opened.close()
