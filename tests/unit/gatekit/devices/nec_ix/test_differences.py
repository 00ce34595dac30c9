"""Change sets against a simulated box without sockets: forward, inverse, nothing twice, nothing of others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.nec_ix import PLATFORM
from gatekit.devices.nec_ix.text import settled
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import reveal
from gatekit.simulators.nec_ix import Configuration
from gatekit.simulators.nec_ix.configuration import Section
from gatekit.simulators.nec_ix.grammar import SECTION
from tests.unit.gatekit.simulators.nec_ix.boxes import SECRETS, SOMEBODY_ELSES, bare_box, part, rendered, typed


def observed(box: Configuration) -> Observed:
    running = settled(box.text(keys_in_clear=False))
    return Observed(running=running, startup=running, fingerprint="", open_edit=None, version="", model="")


def changes(box: Configuration, renewed: frozenset[str] = frozenset()) -> ChangeSet:
    return PLATFORM.change_set(observed(box), part(), renewed_secrets=renewed)


def type_in(box: Configuration, lines: tuple[str, ...]) -> None:
    """Type lines as a session does: a section lasts until `exit`."""
    section: Section | None = None
    for line in lines:
        text = reveal("test", line.strip(), SECRETS)
        if head := SECTION.fullmatch(text):
            section = box.section(head[1], head[2])
        elif text == "exit":
            section = None
        elif section is not None:
            box.take_inside(section, text)
        else:
            box.take(text)


DRIFTS = {
    "one policy gone": ("ip access-list lan-in permit ip src 10.161.2.0/24 dest 10.200.0.0/16\n", ""),
    "a policy too many": (
        "ssh-server ip enable\n",
        "ssh-server ip enable\nip access-list dc-in permit ip src any dest any\n",
    ),
    "a route too many": ("ssh-server ip enable\n", "ssh-server ip enable\nip route 10.77.0.0/16 10.161.252.10\n"),
    "another next hop": ("10.161.2.0/24 10.161.252.10", "10.161.2.0/24 10.161.252.11"),
    "a tunnel too many": (
        "interface Tunnel0.0\n",
        "interface Tunnel7.0\n  tunnel mode ipsec\n  ip mtu 1300\n  no shutdown\ninterface Tunnel0.0\n",
    ),
    "no discard route": ("ip route 10.200.0.0/16 Null0.0 distance 254\n", ""),
    "another distance": ("Null0.0 distance 254", "Null0.0 distance 20"),
    "another MTU": ("ip mtu 1400", "ip mtu 1280"),
    "a weaker proposal": ("sa-proposal enc aes-cbc-256", "sa-proposal enc aes-cbc-128"),
    "no PFS": ("child-pfs 3072-bit", "child-pfs off"),
    "another LAN address": ("ip address 10.161.252.9/30", "ip address 10.161.252.9/29"),
    "an address on the line": ("  no ip address\n", "  ip address 198.18.0.2/24\n"),
    "a filter not bound": ("  ip filter no-clear 10 out\n", ""),
    "a filter too many": ("  ip filter no-clear 10 out\n", "  ip filter no-clear 10 out\n  ip filter theirs 5 in\n"),
    "the WAN port shut": ("  ipv6 dhcp client line-pd\n  no shutdown\n", "  ipv6 dhcp client line-pd\n  shutdown\n"),
    "another host name": ("hostname cpe-minami-a", "hostname cpe-minami-b"),
    "a time server too many": ("ntp server 10.200.9.10\n", "ntp server 10.200.9.10\nntp server 10.200.9.11\n"),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_forward_leads_to_the_plan_and_inverse_back(name: str) -> None:
    old, new = DRIFTS[name]
    drifted = rendered().replace(old, new, 1)
    assert drifted != rendered()
    box = typed(drifted + SOMEBODY_ELSES)
    before = observed(box).running
    found = changes(box)
    type_in(box, found.forward)
    assert PLATFORM.meaning(observed(box).running, part()) == meaning_of(part())
    assert changes(box).empty
    type_in(box, found.inverse)
    assert observed(box).running == before


def test_a_box_from_the_office_becomes_the_plan() -> None:
    box = bare_box().running
    type_in(box, changes(box).forward)
    assert PLATFORM.meaning(observed(box).running, part()) == meaning_of(part())
    assert changes(box).empty


def test_nothing_to_do_is_nothing_said() -> None:
    assert changes(typed(rendered())) == ChangeSet()


def test_what_is_not_ours_is_left_alone() -> None:
    box = typed(rendered().replace("ip mtu 1400", "ip mtu 1280") + SOMEBODY_ELSES)
    found = changes(box)
    assert found.forward == ("interface Tunnel0.0", "  ip mtu 1400", "exit")
    assert found.inverse == ("interface Tunnel0.0", "  ip mtu 1280", "exit")
    type_in(box, found.forward)
    assert settled(typed(rendered() + SOMEBODY_ELSES).text(keys_in_clear=True)) == settled(box.text(keys_in_clear=True))


def test_a_secret_is_sent_again_only_when_it_was_renewed() -> None:
    found = changes(typed(rendered()), frozenset({"vpn_psk"}))
    assert [line.split(" key ")[0] for line in found.forward] == [
        "ikev2 authentication psk id fqdn dc-cn.idlink.example.jp",
        "ikev2 authentication psk id fqdn gw-minami.idlink.example.jp",
    ]
    assert (found.inverse, found.interrupts, found.touches) == (("reload",), True, frozenset({Touch.TUNNEL}))
    assert "renewed" in found.diff
    assert changes(typed(rendered()), frozenset({"cpe_password"})).forward == (
        "username gwops password plain 1 <secret cpe_password> administrator",
    )


def test_a_lost_key_can_only_come_back_by_a_restart() -> None:
    old = rendered().replace("psk id fqdn gw-minami.idlink.example.jp key", "psk id fqdn old.idlink.example.jp key")
    found = changes(typed(old))
    assert "no ikev2 authentication psk id fqdn old.idlink.example.jp" in found.forward
    assert found.inverse == ("reload",)


def test_what_lets_in_is_added_first_and_what_let_in_goes_last() -> None:
    found = changes(
        typed(rendered().replace("10.161.2.250/32", "10.161.2.251/32").replace("ip mtu 1400", "ip mtu 1280"))
    )
    assert found.forward == (
        "ip access-list mgmt-src permit ip src 10.161.2.250/32 dest any",
        "ip access-list lan-in permit tcp src 10.161.2.250/32 sport any dest 10.161.252.9/32 dport eq 22",
        "interface Tunnel0.0",
        "  ip mtu 1400",
        "exit",
        "no ip access-list lan-in permit tcp src 10.161.2.251/32 sport any dest 10.161.252.9/32 dport eq 22",
        "no ip access-list mgmt-src permit ip src 10.161.2.251/32 dest any",
    )


def test_a_port_opens_when_its_filters_stand() -> None:
    lines = list(changes(bare_box().running).forward)
    wan = lines[lines.index("interface GigaEthernet0.0") :]
    assert wan.index("  ip filter no-clear 10 out") < wan.index("  ipv6 enable") < wan.index("  no shutdown")
    assert wan[wan.index("exit") - 1] == "  no shutdown"
    discard, tunnel = (next(i for i, line in enumerate(lines) if hop in line) for hop in ("Null0.0", "16 Tunnel0.0"))
    assert discard < lines.index("interface Tunnel0.0") < tunnel


def test_the_diff_shows_no_secret() -> None:
    found = changes(bare_box().running)
    assert "+ikev2 authentication psk id fqdn dc-cn.idlink.example.jp key <hidden>" in found.diff
    assert not any(secret in found.diff for secret in SECRETS.values())


def test_vpn_1_a_spare_differs_from_the_main_unit_in_its_name() -> None:
    wanted = part()
    unit = wanted.plan.units[0].model_copy(update={"host_name": "cpe-minami-b", "role": "spare"})
    found = PLATFORM.change_set(observed(typed(rendered())), CpePart(wanted.plan, unit), renewed_secrets=frozenset())
    assert found.forward == ("hostname cpe-minami-b",)


@given(gone=st.sets(st.integers(0, len(rendered().splitlines()) - 1), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_missing_comes_and_goes_again(gone: set[int]) -> None:
    kept = [line for number, line in enumerate(rendered().splitlines()) if number not in gone or is_head(line)]
    box = typed("\n".join(kept) + "\n" + SOMEBODY_ELSES)
    before, found = observed(box).running, changes(box)
    type_in(box, found.forward)
    assert PLATFORM.meaning(observed(box).running, part()) == meaning_of(part())
    assert changes(box).empty
    type_in(box, found.inverse)
    assert observed(box).running == before


def is_head(line: str) -> bool:
    return SECTION.fullmatch(line) is not None


def test_what_interrupts_is_said_and_what_does_not_is_not() -> None:
    assert changes(typed(rendered().replace("child-pfs 3072-bit", "child-pfs off"))).interrupts
    assert not changes(typed(rendered().replace("ntp server 10.200.9.10\n", ""))).interrupts
