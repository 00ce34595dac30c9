"""A Yamaha RTX on its console: from the box into reach, and back by ``cold start``; from general knowledge.

From its box it has no password and speaks Japanese in Shift_JIS; English and an endless page are set first, unsaved
until the plan says the same.
"""

from __future__ import annotations

import re

from gatekit.devices.change.session import Session
from gatekit.devices.commissioning.console import press_enter, shows
from gatekit.devices.commissioning.factory import PASSWORD, Condition, Unit, owner_of
from gatekit.devices.yamaha_rtx.configuration import comparable
from gatekit.devices.yamaha_rtx.connection import answer_dialogue, prompt_text, show, tell
from gatekit.devices.yamaha_rtx.refusals import REFUSALS
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal

_USER, _PASSWORD = r"Username: ?$", r"[Pp]assword: ?$"
_PROMPT = r"(?:^|[\r\n])[^\r\n>#]*[>#] $"
_SAVE = r"\(Y/N\) ?$"
READABLE = ("console character en.ascii", "console columns 200", "console lines infinity")
_BARE = re.compile(
    r"console \S+ \S+|ip lan1 address 192\.168\.100\.1/24|telnetd host lan|dhcp (?:service|server|scope) .+|dns .+"
)


class RtxFactory:
    """See ``gatekit.devices.commissioning.factory.Factory``."""

    refusals = REFUSALS
    waiting = f"{_USER}|{_PASSWORD}|{_PROMPT}|{_SAVE}"

    def enter(self, console: Session, operator: str) -> None:
        """Log in, become administrator, and make the console readable."""
        screen = press_enter(console, self.waiting)
        if shows(screen, _PASSWORD):  # of a login that somebody began, or of a router without accounts
            screen = press_enter(console, self.waiting)
        if shows(screen, _USER):
            console.ask(operator, expect=_PASSWORD)
            screen = self._given(console, PASSWORD, self.waiting)
        if not shows(screen, r"[>#]"):
            raise _not_ours(console)
        if shows(screen, ">"):
            self._rise(console)
        for line in READABLE:
            console.tell(line, expect=_PROMPT)
        console.connection.base_prompt = prompt_text(console.connection.find_prompt(pattern=_PROMPT) + " ")

    def unit(self, console: Session) -> Unit:
        """Return model, revision and serial number, all in the header of the configuration."""
        said = show(console, "show config")
        named = re.search(r"(?m)^# (\S+) (Rev\.\S+)", said)
        serial = re.search(r"serial=(\S+)", said)
        model, version = named.groups() if named else ("unknown", "unknown")
        return Unit(model=model, version=version, serial=serial[1] if serial else "unknown")

    def condition(self, console: Session, part: CpePart) -> Condition:
        """Return whose configuration runs or is saved; what every router holds from the factory is nobody's."""
        text = "".join(comparable(show(console, f"show config{which}")) for which in ("", " 0"))
        if all(_BARE.fullmatch(line.strip()) for line in text.splitlines()):
            return Condition.FACTORY
        return owner_of(text, part, mark="console prompt ")

    def tunnel_is_up(self, console: Session) -> bool:
        """Return whether there is an IKE SA."""
        return re.search(r"(?m)^\d+\s+\d+\s+-\s+ike\s", show(console, "show ipsec sa")) is not None

    def into_reach(self, console: Session, part: CpePart) -> None:
        """Type account, LAN address, way back and SSH, make the host key, and save."""
        plan = part.plan
        name = part.unit.host_name
        tell(console, f"console prompt {name}", prompt_becomes=name)
        new = self._password(console)
        answers = {"Old_Password": console.connection.secret, "New_Password": new}
        if REFUSALS.found_in(answer_dialogue(console, "administrator password", answers)):
            fix = "Set the administrator password by hand, the same as the account's."
            raise DeviceError("GW422", f"{console.device}.line", "administrator password", fix)
        console.connection.secret = new
        for line in (
            f"login user {plan.operator} {PASSWORD}",
            f"user attribute {plan.operator} connection=serial,ssh",
            f"ip {plan.lan.port} address {plan.lan.address}/{plan.lan.prefix_length}",
            *(f"ip route {route.network} gateway {route.via}" for route in plan.routes),
            "sshd host key generate",
            "sshd service on",
            "save",
        ):
            tell(console, line)

    def erase(self, console: Session) -> None:
        """Go back to the factory state, which is a restart."""
        connection = console.connection
        connection.write_channel("cold start\n")
        connection.read_until_pattern(pattern=_PASSWORD)
        connection.write_channel(f"{connection.secret}\n")

    def restart(self, console: Session) -> None:
        """Restart with what is saved."""
        console.connection.write_channel("restart\n")

    def leave(self, console: Session) -> None:
        """Log out; nothing is saved by it."""
        if shows(console.ask("exit", expect=self.waiting), _SAVE):
            console.connection.write_channel("N")
            console.connection.read_until_pattern(pattern=_PROMPT)
        console.ask("exit", expect=self.waiting)

    def _rise(self, console: Session) -> None:
        for password in (self._password(console), ""):
            console.connection.secret = password
            console.ask("administrator", expect=_PASSWORD)
            if shows(self._given(console, PASSWORD if password else "", _PROMPT), "#"):
                return
        raise _not_ours(console)

    def _given(self, console: Session, password: str, expect: str) -> str:
        """Return what the console shows after a password; nothing when it says that it is wrong."""
        try:
            return console.tell(password, expect=expect)
        except DeviceError as refused:
            if refused.code != "GW422":
                raise
            return ""

    def _password(self, console: Session) -> str:
        return reveal(f"{console.device}.line", PASSWORD, console._secrets)  # noqa: SLF001 - a dialogue that Session.tell cannot hold


def _not_ours(console: Session) -> DeviceError:
    fix = "Take the right unit, or reset it by hand as its handbook says; then run again."
    return DeviceError("GW401", f"{console.device}.login", "the unit has accounts of its own", fix)


FACTORY = RtxFactory()
