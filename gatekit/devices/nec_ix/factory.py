"""A UNIVERGE IX on its console: from the box into reach, and back (vendor reference 4.1; erase and login unverified).

The host key of its SSH server is no line of the configuration: it is made once and destroyed with a wipe.
"""

from __future__ import annotations

import re

from gatekit.devices.change.session import Session
from gatekit.devices.commissioning.console import press_enter, shows
from gatekit.devices.commissioning.factory import PASSWORD, Condition, Unit, owner_of
from gatekit.devices.nec_ix import REFUSALS
from gatekit.devices.nec_ix.dialogue import (
    ANY_PROMPT,
    CONFIGURATION_PROMPT,
    enter_configuration,
    leave_configuration,
    shown,
)
from gatekit.devices.nec_ix.text import interface_name, settled
from gatekit.devices.nec_ix.transaction import RESTART_QUESTION
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart

LOGIN, LOGIN_PASSWORD = r"(?:^|\n)login: ?$", r"Password: ?$"
_BARE = re.compile(r"device \S+|interface \S+|no ip address|shutdown")
_ESTABLISHED = re.compile(r"^\s*State\s+established", re.MULTILINE)
SAVE_LIMIT_S = 120.0


class IxFactory:
    """See ``gatekit.devices.commissioning.factory.Factory``."""

    refusals = REFUSALS
    waiting = rf"{LOGIN}|{LOGIN_PASSWORD}|{ANY_PROMPT}"

    def enter(self, console: Session, operator: str) -> None:
        """Log in where the unit has accounts; a unit from its box asks for nothing."""
        screen = press_enter(console, self.waiting)
        if shows(screen, LOGIN_PASSWORD):
            screen = press_enter(console, self.waiting)
        if not shows(screen, LOGIN):
            return
        console.ask(operator, expect=LOGIN_PASSWORD)
        try:
            console.tell(PASSWORD, expect=self.waiting)
        except DeviceError as refused:
            if refused.code != "GW422":
                raise
            raise not_ours(console) from None

    def unit(self, console: Session) -> Unit:
        """Return model, version and serial number."""
        enter_configuration(console)
        version, hardware = shown(console, "show version"), shown(console, "show hardware")
        leave_configuration(console)
        return Unit(
            model=_found(r"IX Series (\S+)", version),
            version=_found(r"Version ([^\s,]+)", version),
            serial=_found(r"Serial number\s*:\s*(\S+)", hardware),
        )

    def condition(self, console: Session, part: CpePart) -> Condition:
        """Return whose configuration runs or is saved; ports without anything on them are nobody's."""
        enter_configuration(console)
        text = "".join(settled(shown(console, f"show {name}")) for name in ("running-config", "config"))
        leave_configuration(console)
        if all(_BARE.fullmatch(line.strip()) for line in text.splitlines()):
            return Condition.FACTORY
        return owner_of(text, part, mark="hostname ")

    def tunnel_is_up(self, console: Session) -> bool:
        """Return whether an IKE SA is established, in the form that nobody captured yet."""
        enter_configuration(console)
        found = _ESTABLISHED.search(shown(console, "show ikev2 sa"))
        leave_configuration(console)
        return found is not None

    def into_reach(self, console: Session, part: CpePart) -> None:
        """Type account, LAN address, way back and SSH, make the host key, and save."""
        plan = part.plan
        enter_configuration(console)
        for line in (
            f"hostname {part.unit.host_name}",
            f"username {plan.operator} password plain 1 {PASSWORD} administrator",
            *(f"ip route {route.network} {route.via}" for route in plan.routes),
            f"interface {interface_name(plan.lan.port)}",
            f"ip address {plan.lan.address}/{plan.lan.prefix_length}",
            "no shutdown",
            "exit",
            "pki private-key generate rsa",
            "ssh-server ip enable",
        ):
            console.tell(line, expect=CONFIGURATION_PROMPT, timeout_s=SAVE_LIMIT_S)
        console.tell("write memory", expect=CONFIGURATION_PROMPT, timeout_s=SAVE_LIMIT_S)
        leave_configuration(console)

    def erase(self, console: Session) -> None:
        """Destroy the host key, erase the startup configuration and restart without saving.

        What the box says to it is in no source: whether it did, the console shows after the restart.
        """
        enter_configuration(console)
        console.ask("pki private-key destroy", expect=CONFIGURATION_PROMPT)
        console.ask("erase startup-config", expect=RESTART_QUESTION)
        console.ask("Yes", expect=CONFIGURATION_PROMPT, timeout_s=SAVE_LIMIT_S)
        self._reload(console)

    def restart(self, console: Session) -> None:
        """Restart with the startup configuration."""
        enter_configuration(console)
        self._reload(console)

    def leave(self, console: Session) -> None:
        """Log out."""
        leave_configuration(console)
        console.ask("exit", expect=self.waiting)

    def _reload(self, console: Session) -> None:
        console.ask("reload", expect=RESTART_QUESTION)
        console.connection.write_channel("Yes\n")


def not_ours(console: Session) -> DeviceError:
    """Return what is wrong when a unit has accounts and ours is none of them."""
    fix = "Take the right unit, or reset it by hand as its handbook says; then run again."
    return DeviceError("GW401", f"{console.device}.login", "the unit has accounts of its own", fix)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "unknown"


FACTORY = IxFactory()
