"""IX boxes for tests: as our plan wants it, and as it leaves the office with nothing but a way in."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address

from gatekit.devices.nec_ix import PLATFORM
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal
from gatekit.simulators import Clock
from gatekit.simulators.nec_ix import Configuration, NecIx
from tests.sites import parts_of, vendor_plan

PSK, PASSWORD = "zq9-shared-key-of-both-ends", "operator-pass-77"
SECRETS = {"vpn_psk": PSK, "cpe_password": PASSWORD}
CONTROLLER = IPv4Address("10.161.2.250")  # the staging engineer's address in the DMZ
SOMEBODY_ELSES = """\
username colleague password plain 1 other-pass-88 administrator
ip access-list theirs permit ip src any dest any
http-server ip enable
interface GigaEthernet2.0
  ip address 10.99.9.1/24
  no shutdown
"""


@cache
def part(pattern: str = "pattern2") -> CpePart:
    found = parts_of(vendor_plan("nec_ix", pattern))["cpe_main"]
    assert isinstance(found, CpePart)
    return found


def rendered(wanted: CpePart | None = None) -> str:
    return PLATFORM.render(wanted or part())


def typed(text: str) -> Configuration:
    """What a box holds after a text was typed into it."""
    return Configuration().load(reveal("test", text, SECRETS))


def settled_box(extra: str = SOMEBODY_ELSES, **habits: bool) -> NecIx:
    """A box that is as planned, with lines of somebody else."""
    return NecIx(typed(rendered() + extra), CONTROLLER, clock=Clock(600.0), **habits)


def bare_box(**habits: bool) -> NecIx:
    """A box from the office: an account, SSH, the LAN address and the way to the DMZ."""
    lan = part().plan.lan
    text = (
        "hostname Router\n"
        f"username gwops password plain 1 {PASSWORD} administrator\n"
        "ssh-server ip enable\n"
        f"ip route {part().plan.dmz} {part().plan.routes[0].via}\n"
        f"interface GigaEthernet1.0\n  ip address {lan.address}/{lan.prefix_length}\n  no shutdown\n"
    )
    return NecIx(Configuration().load(text), CONTROLLER, clock=Clock(600.0), **habits)
