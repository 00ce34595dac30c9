"""The CPE and the switch of the examples as simulated boxes, factory-fresh or as planned."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Observed, Outcome
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.way_back import Pace
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.text import stable
from gatekit.plan.network_device import CpePart, Part, SwitchRoutePlan
from gatekit.simulators import Clock, Simulator
from gatekit.simulators.cisco_ios import CiscoIosDevice
from tests.sites import parts_of, vendor_plan

PSK, PASSWORD = "psk-a73b-of-the-vault", "password-c2-of-the-vault"
SECRETS = {"vpn_psk": PSK, "cpe_password": PASSWORD}
USERS = {"gwops": PASSWORD}
KEY = "fingerprint-key-of-the-vault"
PACE = Pace(retry_s=0.1, login_s=2.0, back_s=20.0)
PATTERNS = ("pattern1", "pattern2", "pattern3")
FRESH = """\
version 17.9
service timestamps log datetime msec
hostname Router
boot-start-marker
boot-end-marker
enable secret 9 $9$notours
snmp-server community hospital RO
username gwops privilege 15 secret 9 $9$initial
{archive}interface GigabitEthernet0/0/0
 no ip address
 shutdown
 negotiation auto
interface GigabitEthernet0/0/1
 ip address {address}
 negotiation auto
interface GigabitEthernet0
 vrf forwarding Mgmt-intf
 ip address 192.168.1.1 255.255.255.0
ip http server
ip http secure-server
ip route {dmz} {firewall}
control-plane
line con 0
 stopbits 1
line vty 0 4
 exec-timeout 30 0
 login local
 transport input ssh
"""
SWITCH = """\
version 17.9
hostname hosp-core
enable secret 9 $9$theirs
username netadmin privilege 15 secret 9 $9$alsotheirs
username gwops privilege 15 secret 9 $9$initial
{archive}vlan 10
 name trust
interface Vlan10
 ip address 192.168.10.1 255.255.255.0
interface Vlan20
 ip address 192.168.20.1 255.255.255.0
router ospf 1
 network 192.168.20.0 0.0.0.255 area 0
ip route 0.0.0.0 0.0.0.0 192.168.10.254
ip route 192.168.99.0 255.255.255.0 192.168.20.9 name THEIRS
line vty 0 4
 login local
 transport input ssh
"""
ARCHIVE = "archive\n path bootflash:gw-archive\n maximum 10\n"


def cpe_part(pattern: str = "pattern1", role: str = "main") -> CpePart:
    part = parts_of(vendor_plan("cisco_iosxe", pattern))[f"cpe_{role}"]
    assert isinstance(part, CpePart)
    return part


def switch_part() -> SwitchRoutePlan:
    return vendor_plan("cisco_ios").l3_switch


def revealed(text: str) -> str:
    for name, value in SECRETS.items():
        text = text.replace(f"<secret {name}>", value)
    return text


def controller(part: CpePart) -> IPv4Address:
    return part.plan.dmz.network_address + 250


def fresh_text(part: CpePart, *, archive: bool = False) -> str:
    lan, route = part.plan.lan, part.plan.routes[0]
    return FRESH.format(
        archive=ARCHIVE if archive else "",
        address=f"{lan.address} 255.255.255.252",
        dmz=f"{route.network.network_address} {route.network.netmask}",
        firewall=route.via,
    )


def fresh_box(part: CpePart, *, archive: bool = False, speed: float = 1.0) -> CiscoIosDevice:
    text = fresh_text(part, archive=archive)
    return CiscoIosDevice(text, Clock(speed), USERS, controller(part), address=part.plan.lan.address)


def planned_box(part: CpePart, text: str | None = None, *, speed: float = 1.0, **options: Any) -> CiscoIosDevice:
    """A box that is as planned, or as a changed rendering says."""
    known = revealed(PLATFORM.render(part) if text is None else text)
    return CiscoIosDevice(known, Clock(speed), USERS, controller(part), address=part.plan.lan.address, **options)


def switch_box(text: str = "", *, archive: bool = True, speed: float = 1.0) -> CiscoIosDevice:
    return CiscoIosDevice(
        text or SWITCH.format(archive=ARCHIVE if archive else ""),
        Clock(speed),
        USERS,
        IPv4Address("192.168.10.5"),
        address=IPv4Address("192.168.10.1"),
        model="C9300-24T",
    )


def observed(text: str) -> Observed:
    running = stable(text)
    return Observed(running=running, startup=running, fingerprint="", open_edit=None, version="", model="")


class Lab:
    """One box behind its port, one part, and one way to change it."""

    def __init__(self, box: CiscoIosDevice, simulator: Simulator, part: Part, folder: Path) -> None:
        self.box, self.simulator, self.part, self.folder = box, simulator, part, folder
        self.record = DeviceRecord(folder, "box", KEY)
        self.said: list[str] = []

    def change(self, **conditions: Any) -> Outcome:
        wanted: dict[str, Any] = {
            "platform": PLATFORM,
            "login": self.simulator.login(),
            "part": self.part,
            "secrets": SECRETS,
            "plan_sha256": "0" * 64,
            "undo_after_s": 120,
            "pace": PACE,
            "interruption_allowed": True,
        } | conditions
        return change_device(ChangeRequest(**wanted), self.record, self.said.append)

    def running(self) -> str:
        return self.simulator.run(self.box.running_text)

    def startup(self) -> str:
        return self.simulator.run(self.box.startup_text)
