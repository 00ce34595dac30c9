"""What a simulated IX shows (vendor reference 4.2, 4.4); forms nobody captured come from ``words``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from gatekit.simulators.clock import Clock
from gatekit.simulators.nec_ix import words
from gatekit.simulators.nec_ix.configuration import Configuration, Section

_RELEASE = (
    "NEC Portable Internetwork Core Operating System Software",
    "IX Series IX2106 (magellan-sec) Software, Version 10.11.9, RELEASE SOFTWARE",
    "Compiled Jul 03-Thu-2025 10:21:09 JST #1 by sw-build, coregen-10.11(9)",
)
_SOME_TIME = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Box(Protocol):
    """What a box is asked for by its shows; ``reads``: how many there were."""

    clock: Clock
    running: Configuration
    startup: Configuration
    keys_in_clear: bool
    line_leads_out: bool
    reads: int
    serial: str

    def running_text(self) -> str:
        """Return the running configuration without its changing header."""


def answer(device: Box, line: str) -> str | None:
    """Return the text of a show command; None when the box does not know it."""
    match line.split()[1:]:
        case ["version"]:
            return _version(device)
        case ["hardware"]:
            return words.HARDWARE.format(serial=device.serial)
        case ["running-config"]:
            head = "".join(f"! {row}\n" for row in (*_RELEASE, f"Current time {_now(device)} JST"))
            return f"{head}!\n{device.running_text()}"
        case ["config"]:
            text = device.startup.text(keys_in_clear=device.keys_in_clear)
            return f"Using {len(text)} out of 1048576 bytes\n{words.STARTUP_HEADER.format(time=_now(device))}!\n{text}"
        case ["ikev2", "sa"]:
            return _associations(device, words.IKE_SA)
        case ["ikev2", "child-sa"]:
            return _associations(device, words.CHILD_SA)
        case ["ip", "interface", name] if name in device.running.interfaces:
            return _interface(name, device.running.interfaces[name])
    return None


def _now(device: Box) -> str:
    """Return the device's time; every read is a second later, so that no two headers are equal."""
    return (_SOME_TIME + timedelta(seconds=device.clock.now_s() + device.reads)).strftime("%b %d-%a-%Y %H:%M:%S")


def _version(device: Box) -> str:
    up = timedelta(seconds=int(device.clock.now_s()))
    rows = (
        *_RELEASE,
        f"System uptime is {up.days} days {up.seconds // 3600} hours {up.seconds // 60 % 60} minutes",
        "System woke up by reload, caused by power-on",
        'System image file is "ix2106-ms-10.11.9.ldc"',
        'Current configuration is based on "startup-configuration"',
    )
    return "\n".join(rows) + "\n"


def _interface(name: str, section: Section) -> str:
    state = "up" if section.up else "administratively down"
    address = section.address.removeprefix("ip address ")
    values = {key.text: line.split()[-1] for key, line in section.lines.items()}
    mtu = next((line.split()[-1] for line in section.lines.values() if line.startswith("ip mtu ")), "1500")
    mss = next((line.split()[-1] for line in section.lines.values() if line.startswith("ip tcp adjust-mss ")), "")
    rows = (
        f"Interface {name} is {state}, line protocol is {'up' if section.up else 'down'}",
        f"  Internet address is {address}",
        "  Broadcast address is 255.255.255.255",
        "  Address determined by config",
        f"  MTU is {mtu} octets",
        f"  TCP MSS adjustment is {f'enabled, {mss}' if mss else 'disabled'}",
    )
    return "\n".join(rows) + "\n" if values or section.address else ""


def _associations(device: Box, form: str) -> str:
    blocks = []
    for name, section in device.running.interfaces.items():
        said = {key.text: line.split() for key, line in section.lines.items() if line.startswith("ikev2 ")}
        if "peer" not in said:
            continue
        facts = {
            "interface": name,
            "peer": said["peer"][2],
            "state": "established" if section.up and device.line_leads_out else "down",
            "encryption": said["sa-proposal enc"][-1],
            "integrity": said["sa-proposal integrity"][-1],
            "prf": said["sa-proposal prf"][-1],
            "group": said["sa-proposal dh"][-1],
            "pfs": said["child-pfs"][-1],
            "number": "1",
        }
        blocks.append(form.format(**facts))
    return "\n".join(blocks) or "\n"
