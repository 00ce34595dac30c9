"""A Cisco router on its console: through the setup dialogue into reach, and back (public captures of IOS-XE 17).

The dialogue insists on an enable secret and then offers to keep nothing (answer 0): the one given is made up and
forgotten, and our account has privilege 15 by itself.
"""

from __future__ import annotations

import re
import secrets
from ipaddress import ip_interface

from gatekit.devices.change.platform import Refusals
from gatekit.devices.change.session import Session
from gatekit.devices.cisco_ios.platform import CiscoIos
from gatekit.devices.cisco_ios.text import stable
from gatekit.devices.cisco_ios.transaction import is_saved
from gatekit.devices.commissioning.console import press_enter, shows
from gatekit.devices.commissioning.factory import ATTEMPT_LIMIT_S, PASSWORD, Condition, Unit, owner_of
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart

PROMPT = r"(?:^|[\r\n])[\w.\-]+(?:\([\w\-]+\))?[>#]\s?"
LOG = r"(?:[\r\n]+\*[^\r\n]*)*\s*$"  # messages that the box writes of its own accord, after the prompt
_DIALOGUE = r"initial configuration dialog\? \[yes/no\]: ?$"
_SECRET, _AGAIN, _CHOICE = r"Enter enable secret: ?$", r"Confirm enable secret: ?$", r"selection \[2\]: ?$"
_USER, _PASSWORD, _RETURN = r"Username: ?$", r"Password: ?$", r"get started!\s*$"
_CONFIRM, _YES_NO = r"\[confirm\] ?$", r"\[yes/no\]: ?$"
_CONFIGURATION = r"(?:^|[\r\n])[\w.\-]+\(config[\w\-]*\)#\s?$"
KEY_LABEL, KEY_BITS = "GW-SSH", 3072
STEPS = 12  # from the first question to the prompt; more would be a circle
KEY_LIMIT_S, SAVE_LIMIT_S = 300.0, 120.0


class IosFactory:
    """See ``gatekit.devices.commissioning.factory.Factory``."""

    refusals = Refusals(
        refused=CiscoIos.refusals.refused,
        harmless=(
            *CiscoIos.refusals.harmless,
            re.compile(r"^% (?:The key modulus|Generating |You already|They will|Do you )"),
        ),
    )
    waiting = "|".join((_DIALOGUE, _SECRET, _AGAIN, _CHOICE, _USER, _PASSWORD, _RETURN, PROMPT + LOG))

    def enter(self, console: Session, operator: str) -> None:
        """Answer the setup dialogue or log in, become privileged, and turn the pager off."""
        made_up = f"Gw1{secrets.token_hex(8)}"
        screen = press_enter(console, self.waiting)
        for _ in range(STEPS):
            if shows(screen, rf"#\s?{LOG}") and not shows(screen, rf"\)#\s?{LOG}"):
                break
            screen = self._answer(console, screen, operator, made_up)
        else:
            raise _not_ours(console)
        for line in ("terminal length 0", "terminal width 511"):
            self._ask(console, line)

    def unit(self, console: Session) -> Unit:
        """Return model, version and serial number."""
        said = self._ask(console, "show version")
        return Unit(
            model=_found(r"(?m)^[Cc]isco (\S+) \(.+\) processor", said),
            version=_found(r"Version (\S+?),", said),
            serial=_found(r"Processor board ID (\S+)", said),
        )

    def condition(self, console: Session, part: CpePart) -> Condition:
        """Return whose configuration it is: nothing saved and no account running is nobody's."""
        running, startup = (stable(self._ask(console, f"show {name}-config")) for name in ("running", "startup"))
        accounts = any(line.startswith(("username ", "enable ")) for line in running.splitlines())
        if not is_saved(startup) and not accounts:
            return Condition.FACTORY
        return owner_of(running + (startup if is_saved(startup) else ""), part, mark="hostname ")

    def tunnel_is_up(self, console: Session) -> bool:
        """Return whether an IKE SA is ready."""
        return "READY" in self._ask(console, "show crypto ikev2 sa")

    def into_reach(self, console: Session, part: CpePart) -> None:
        """Type account, LAN address, way back and SSH, make the host key, and save."""
        plan = part.plan
        lan = ip_interface(f"{plan.lan.address}/{plan.lan.prefix_length}")
        self._ask(console, "configure terminal")
        self._make_host_key(console)
        for line in (
            f"hostname {part.unit.host_name}",
            f"username {plan.operator} privilege 15 algorithm-type scrypt secret {PASSWORD}",
            f"interface {plan.lan.port}",
            f"ip address {lan.ip} {lan.netmask}",
            "no shutdown",
            "exit",
            *(f"ip route {route.network.network_address} {route.network.netmask} {route.via}" for route in plan.routes),
            f"ip ssh rsa keypair-name {KEY_LABEL}",
            "ip ssh version 2",
            "line vty 0 4",
            "login local",
            "transport input ssh",
            "end",
            "write memory",
        ):
            console.tell(line, expect=PROMPT + LOG, timeout_s=SAVE_LIMIT_S)

    def erase(self, console: Session) -> None:
        """Remove the keys, erase what is saved and restart without saving."""
        self._ask(console, "configure terminal")
        if "[yes/no]" in console.ask("crypto key zeroize rsa", expect=f"{_YES_NO}|{_CONFIGURATION}"):
            console.tell("yes", expect=_CONFIGURATION)
        self._ask(console, "end")
        console.ask("write erase", expect=_CONFIRM)
        console.tell("", expect=PROMPT + LOG, timeout_s=ATTEMPT_LIMIT_S)
        self.restart(console)

    def restart(self, console: Session) -> None:
        """Restart with what is saved."""
        screen = console.ask("reload", expect=f"{_YES_NO}|{_CONFIRM}")
        if shows(screen, _YES_NO):
            console.ask("no", expect=_CONFIRM)
        console.connection.write_channel("\n")

    def leave(self, console: Session) -> None:
        """Log out."""
        self._ask(console, "end") if shows(press_enter(console, self.waiting), _CONFIGURATION) else None
        console.ask("exit", expect=self.waiting)

    def _make_host_key(self, console: Session) -> None:
        """Make the SSH server's key; one that is there already is replaced, for it is pinned only afterwards."""
        line = f"crypto key generate rsa general-keys label {KEY_LABEL} modulus {KEY_BITS}"
        if shows(console.tell(line, expect=f"{_YES_NO}|{PROMPT}{LOG}", timeout_s=KEY_LIMIT_S), _YES_NO):
            console.tell("yes", expect=PROMPT + LOG, timeout_s=KEY_LIMIT_S)

    def _answer(self, console: Session, screen: str, operator: str, made_up: str) -> str:
        """Answer what the console asks; return what it shows next."""
        for asked, answer in (
            (_DIALOGUE, "no"),
            (_SECRET, made_up),
            (_AGAIN, made_up),
            (_CHOICE, "0"),
            (_USER, operator),
            (_RETURN, ""),
            (rf">\s?{LOG}", "enable"),
            (rf"\)#\s?{LOG}", "end"),
        ):
            if shows(screen, asked):
                return console.ask(answer, expect=self.waiting)
        try:
            return console.tell(PASSWORD, expect=self.waiting)
        except DeviceError as refused:
            raise (_not_ours(console) if refused.code == "GW422" else refused) from None

    def _ask(self, console: Session, line: str) -> str:
        return console.ask(line, expect=PROMPT + LOG, timeout_s=120.0)


def _not_ours(console: Session) -> DeviceError:
    fix = "Take the right unit, or recover its password as its handbook says; then run again."
    return DeviceError("GW401", f"{console.device}.login", "the unit has a secret that is not ours", fix)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "unknown"


FACTORY = IosFactory()
