"""FortiGates for tests: as delivered, or as planned, and how they are asked without a network."""

from __future__ import annotations

from gatekit.devices.change.model import Observed
from gatekit.devices.fortios import PLATFORM
from gatekit.devices.fortios.dialogue import stable
from gatekit.plan.flow import Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.simulators import Clock
from gatekit.simulators.fortios import FortiGate, Model
from gatekit.simulators.fortios.configuration import Shell, tokens
from gatekit.simulators.fortios.grammar import Refused
from tests.sites import vendor_plan

SECRETS = {"vpn_psk": "Psk-that-nobody-may-see-1", "firewall_password": "Password-that-nobody-may-see-2"}
OTHER_ADMIN = {"admin": "Their-own-password-3"}
PATTERNS = ("pattern1", "pattern2", "pattern3", "pattern4")

DELIVERED = """
config system global
    set hostname "FortiGate-91G"
end
config system interface
    edit "port1"
        set vdom "root"
        set mode dhcp
        set allowaccess ping https ssh http fgfm
        set type physical
        set snmp-index 1
    next
    edit "port2"
        set vdom "root"
        set ip {dmz}
        set allowaccess ping https ssh
        set type physical
        set role lan
    next
    edit "port3"
        set vdom "root"
        set type physical
    next
    edit "port4"
        set vdom "root"
        set ip 10.255.1.1 255.255.255.0
        set allowaccess ping fabric
        set type physical
    next
end
config firewall address
    edit "all"
    next
    edit "FABRIC_DEVICE"
        set comment "IPv4 addresses of Fabric Devices."
    next
end
config firewall service custom
    edit "ALL"
        set protocol IP
    next
    edit "SSH"
        set tcp-portrange 22
    next
    edit "PING"
        set protocol ICMP
        set icmptype 8
        unset icmpcode
    next
end
config firewall policy
    edit 1
        set name "lan-to-wan"
        set srcintf "port3"
        set dstintf "port1"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "ALL"
        set nat enable
    next
end
config system ntp
    set ntpsync enable
    set server-mode enable
    set interface "port4"
end
"""


def firewall(name: str | None = None) -> FirewallPlan:
    return vendor_plan("fortigate", name).firewall


def revealed(text: str) -> str:
    for name, value in SECRETS.items():
        text = text.replace(f"<secret {name}>", value)
    return text


def delivered(plan: FirewallPlan, *, speed: float = 1.0, model: Model | None = None) -> FortiGate:
    """A box from the carton, on whose DMZ port our engineer has already put the planned address."""
    dmz = next(row for row in plan.interfaces if row.zone is Zone.DMZ)
    text = DELIVERED.format(dmz=f"{dmz.address}/{dmz.prefix_length}")
    return FortiGate(
        Clock(speed),
        {plan.operator: SECRETS["firewall_password"], **OTHER_ADMIN},
        text,
        client_address=next(plan.dmz.hosts()) + 249,
        reached_at=dmz.address,
        model=model,
    )


def planned(plan: FirewallPlan, *, speed: float = 1.0, model: Model | None = None) -> FortiGate:
    """A box that is already as the plan says, and saved."""
    box = delivered(plan, speed=speed, model=model)
    typed(box, *map(revealed, PLATFORM.change_set(observed(box), plan, renewed_secrets=frozenset()).forward))
    box.save()
    box.boot()
    box.restarts = 0
    return box


def refused(box: FortiGate, *lines: str) -> str:
    """Type lines of which the last one is refused; return what the box says."""
    shell = Shell(lambda: box.running, box.applied, box.model.capacity)
    for line in lines[:-1]:
        shell.obey(tokens(line))
    try:
        answer = shell.obey(tokens(lines[-1]))
    except Refused as no:
        return no.words
    raise AssertionError(f"{lines[-1]!r} was taken: {answer!r}")


def typed(box: FortiGate, *lines: str) -> None:
    """Type lines as another administrator, without a network; every one of them has to be taken."""
    shell = Shell(lambda: box.running, box.applied, None)
    for line in lines:
        if line.strip() and not line.startswith("#"):
            try:
                shell.obey(tokens(line))
            except Refused as no:
                raise AssertionError(f"{line.strip()}: {no.words}") from None
    assert not shell.frames, "the lines end inside a table"


def shown(box: FortiGate) -> str:
    """What the box's tables are, as our reading takes them: without what changes at every read."""
    return stable(box.running_text())


def observed(box: FortiGate) -> Observed:
    text = shown(box)
    return Observed(running=text, startup=None, fingerprint="", open_edit=None, version="", model="")


def without_uuids(text: str) -> str:
    """An entry that goes and comes back gets a new one from the box."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.strip().startswith("set uuid"))
