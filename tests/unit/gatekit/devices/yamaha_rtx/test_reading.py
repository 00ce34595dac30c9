"""The reader finds the plan again in the text, and nothing that was changed in the text escapes it."""

from __future__ import annotations

import re

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import CpePart
from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.errors import DeviceError, RenderError
from gatekit.portable.secrets import reveal
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from gatekit.simulators.yamaha_rtx.device import load
from tests.sites import parts_of, vendor_plan

PATTERNS = ("pattern1", "pattern2", "pattern3")
CASES = [
    (name, device)
    for name in PATTERNS
    for device in ("cpe_main", "cpe_spare")
    if device in parts_of(vendor_plan("yamaha_rtx", name))
]


def part(name: str = "pattern1", device: str = "cpe_main") -> CpePart:
    found = parts_of(vendor_plan("yamaha_rtx", name))[device]
    assert isinstance(found, CpePart)
    return found


def shown_by_the_router(text: str) -> str:
    """Return what ``show config`` of the simulator makes of it: another order, secrets hidden."""
    router = Configuration()
    load(router, text, reveal=lambda line: reveal("test", line, {"cpe_password": "w1", "vpn_psk": "w2"}))
    return router.text()


@pytest.mark.parametrize(("name", "device"), CASES)
def test_the_text_means_what_the_plan_asks(name, device):
    one = part(name, device)
    assert PLATFORM.meaning(PLATFORM.render(one), one) == meaning_of(one)


@pytest.mark.parametrize(("name", "device"), CASES)
def test_what_the_router_shows_means_the_same(name, device):
    one = part(name, device)
    assert PLATFORM.meaning(shown_by_the_router(PLATFORM.render(one)), one) == meaning_of(one)


MUTATIONS: tuple[tuple[str, str, str], ...] = (
    ("one permit removed", r"\nip filter \d+ pass 10\.161\.1\.30 10\.161\.252\.5 tcp \* 22", ""),
    ("one permit unbound", r"(ip lan1 secure filter in )\d+ ", r"\1"),
    ("one port opened", r"(pass 10\.200\.9\.0/24 10\.161\.252\.5 tcp \* 22)", r"\1,23"),
    ("a source widened", r"pass 10\.200\.9\.0/24 10\.161\.252\.5 tcp", "pass * 10.161.252.5 tcp"),
    ("echo made every icmp", r"icmp 8 \*", "icmp * *"),
    ("the CPE itself opened to the DMZ", r"\nip filter \d+ reject-log \* 10\.161\.252\.5 \* \* \*", ""),
    ("IKE from everywhere", r"pass 2001:db8:dc::10 \* udp", "pass * * udp"),
    ("ESP removed", r"\nipv6 filter \d+ pass 2001:db8:dc::10 \* esp \* \*", ""),
    ("IKE on another port", r"udp \* 500,4500", "udp * 500"),
    ("every icmp6 let in", r"icmp6 1-4 \*", "icmp6 * *"),
    ("the list on the line unbound", r"\nipv6 lan2 secure filter in [\d ]+", ""),
    ("the list of the tunnel unbound", r"\n ip tunnel secure filter in [\d ]+", ""),
    ("the last refusal of a list taken out", r"(ipv6 lan2 secure filter in [\d ]+) \d+\n", r"\1\n"),
    ("weaker encryption of ESP", "esp aes256-cbc sha256-hmac", "esp aes-cbc sha256-hmac"),
    ("weaker integrity of ESP", "esp aes256-cbc sha256-hmac", "esp aes256-cbc sha-hmac"),
    ("weaker encryption of IKE", "ipsec ike encryption 1 aes256-cbc", "ipsec ike encryption 1 aes-cbc"),
    ("weaker group", "modp2048", "modp1024"),
    ("weaker hash", "ipsec ike hash 1 sha256", "ipsec ike hash 1 sha"),
    ("no PFS", r"\n  ipsec ike pfs 1 on", ""),
    ("every offer", r"\n  ipsec ike proposal-limitation 1 on", ""),
    ("the other end may begin", r"\n  ipsec ike negotiation receive 1 off", ""),
    ("IKEv1", "ipsec ike version 1 2", "ipsec ike version 1 1"),
    ("no key", r"\n  ipsec ike pre-shared-key 1 .+", ""),
    ("another identity of ours", "gw-higashi", "gw-minami"),
    ("another identity of theirs", "dc-gw", "dc-cn"),
    ("another peer", r"remote address 1 2001:db8:dc::10", "remote address 1 2001:db8:dc::11"),
    ("another start of the tunnel", r"on lan2\n", "on lan1\n"),
    ("another interface id", r"ipv6 lan2 address ra-prefix@lan2::10", "ipv6 lan2 address ra-prefix@lan2::11"),
    ("longer SAs", "child-sa 1 4000", "child-sa 1 40000"),
    ("slower DPD", "rfc4306 10 3", "rfc4306 60 3"),
    ("another MTU", "mtu 1400", "mtu 1500"),
    ("another MSS", "limit 1360", "limit 1460"),
    ("the tunnel not enabled", r"\n tunnel enable 1", ""),
    ("nobody begins the tunnel", r"\nipsec auto refresh on", ""),
    ("another net into the tunnel", r"pass 10\.161\.1\.0/24 10\.200\.0\.0/16", "pass 10.161.0.0/16 10.200.0.0/16"),
    ("a next hop changed", "gateway 10.161.252.6", "gateway 10.161.252.5"),
    ("the discard route dropped", " gateway null weight 0", ""),
    ("the discard route balanced", "gateway null weight 0", "gateway null"),
    ("the tunnel's route always there", "tunnel 1 hide gateway", "tunnel 1 gateway"),
    ("the rule against clear text dropped", r"\nip filter \d+ reject-log \* 10\.200\.0\.0/16 \* \* \*", ""),
    ("the rule against clear text unbound", r"(ip lan2 secure filter out )\d+ ", r"\1"),
    ("the rule against clear text second", r"(ip lan2 secure filter out )(\d+) (\d+)", r"\1\3 \2"),
    ("more let out in clear", r"203\.0\.113\.64/28 tcp \* 443", "203.0.113.0/24 tcp * 443"),
    ("a route more", r"(\nip route 10\.161\.1\.0)", r"\nip route 10.99.0.0/16 gateway 10.161.252.6\1"),
    ("a login from elsewhere", "sshd host 10.161.1.30", "sshd host 10.161.1.31"),
    ("logins from everywhere", r"sshd host .+", "sshd host any"),
    ("telnet", r"telnetd service off", "telnetd service on"),
    ("another time server", "ntpdate 10.200.9.10", "ntpdate 10.200.9.11"),
    ("another log server", "syslog host 10.200.9.10", "syslog host 10.200.9.11"),
    ("another address", r"ip lan1 address 10\.161\.252\.5/30", "ip lan1 address 10.161.252.5/24"),
    ("another name", "console prompt cpe-higashi-a", "console prompt cpe-higashi-b"),
    ("a second tunnel", r"tunnel select none", "tunnel select 2\n tunnel enable 2\ntunnel select none"),
    ("translation taken away", r"\nip lan2 nat descriptor 1", ""),
    ("a port forwarded inward", r"(\nip lan2 nat)", r"\nnat descriptor masquerade static 1 1 10.161.1.10 tcp 443\1"),
    ("a second line out", r"(\ntunnel select 1)", r"\npp select 1\n pp enable 1\1"),
    ("two ports made one", r"(\nip lan1 address)", r"\nlan pass-through member 1 lan1 lan2\1"),
    ("addresses handed out", r"(\nip lan1 address)", r"\ndhcp service server\1"),
    ("names answered", r"\ndns service off", ""),
    ("a filter of the tunnel nobody knows", r"(\n ip tunnel mtu)", r"\n ip tunnel intrusion detection in on\1"),
    ("a command of IKE nobody knows", r"(\n  ipsec ike version)", r"\n  ipsec ike esp-encapsulation 1 on\1"),
)


@pytest.mark.parametrize(("pattern", "replacement"), [row[1:] for row in MUTATIONS], ids=[row[0] for row in MUTATIONS])
def test_a_change_in_the_text_changes_the_meaning_or_is_not_understood(pattern, replacement):
    one = part()
    text = PLATFORM.render(one)
    mutated = re.sub(pattern, replacement, text)
    assert mutated != text
    try:
        found = PLATFORM.meaning(mutated, one)
    except DeviceError as unknown:
        assert unknown.code == "GW427"  # noqa: PT017 - either way is right, and both are judged
    else:
        assert found != meaning_of(one)


def test_an_unknown_line_of_ours_is_named():
    one = part()
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(PLATFORM.render(one) + "ip route 10.9.0.0/16 gateway pp 1\n", one)
    assert refused.value.facts[:3] == ("GW427", "cpe.configuration", "ip route 10.9.0.0/16 gateway pp 1")


def test_what_is_not_ours_means_nothing():
    one = part()
    theirs = (
        "snmp sysname theirs\nlogin user suzuki *\nuser attribute suzuki connection=ssh\nsshd host key generate *\n"
    )
    with_theirs = theirs + PLATFORM.render(one)
    assert PLATFORM.meaning(with_theirs, one) == meaning_of(one)


def test_a_firewalls_part_is_refused():
    plan = vendor_plan("yamaha_rtx", "pattern1")
    with pytest.raises(RenderError) as refused:
        PLATFORM.render(plan.firewall)
    assert refused.value.facts[:3] == ("GW302", "firewall", "linux")
