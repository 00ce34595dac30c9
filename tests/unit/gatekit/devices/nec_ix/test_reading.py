"""The reader against the plan, and against every way to make a configuration wrong."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import Meaning, meaning_of
from gatekit.devices.change.model import CpePart
from gatekit.devices.nec_ix import PLATFORM
from gatekit.devices.nec_ix.text import settled
from gatekit.errors import DeviceError
from tests.sites import vendor_plan
from tests.unit.gatekit.simulators.nec_ix.boxes import SOMEBODY_ELSES, part, rendered, settled_box, typed

UNKNOWN = "a line that nobody knows"
SSH_FROM_OPERATIONS = "dc-in permit tcp src 10.200.9.0/24 sport any dest 10.161.252.9/32 dport eq 22"
PEER = "2001:db8:c::10/128"


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_what_is_rendered_means_what_is_planned(pattern: str) -> None:
    assert PLATFORM.meaning(rendered(part(pattern)), part(pattern)) == meaning_of(part(pattern))


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_what_the_box_shows_means_what_is_planned(pattern: str) -> None:
    shown = typed(rendered(part(pattern)) + SOMEBODY_ELSES).text(keys_in_clear=False)
    assert PLATFORM.meaning(settled(shown), part(pattern)) == meaning_of(part(pattern))


def test_a_key_in_clear_and_a_masked_one_read_alike() -> None:
    shown = [settled(settled_box(keys_in_clear=clear).running_text()) for clear in (True, False)]
    assert shown[0] == shown[1]
    assert "ikev2 authentication psk id fqdn dc-cn.idlink.example.jp key <hidden>\n" in shown[0]


MUTATIONS = {
    # one policy gone
    "login of operations removed": (f"ip access-list {SSH_FROM_OPERATIONS}\n", ""),
    "ping of operations removed": (
        "ip access-list dc-in permit icmp type 8 src 10.200.9.0/24 dest 10.161.252.9/32\n",
        "",
    ),
    "ESP of the peer removed": (f"ipv6 access-list wan6-in permit 50 src {PEER} dest any\n", ""),
    "way from the data centre removed": ("ip access-list dc-in permit ip src 10.200.0.0/16 dest 10.161.2.0/24\n", ""),
    "way to the data centre removed": ("ip access-list lan-in permit ip src 10.161.2.0/24 dest 10.200.0.0/16\n", ""),
    "selector removed": ("ip access-list dc-out permit ip src 10.161.252.8/30 dest 10.200.0.0/16\n", ""),
    # one port opened
    "telnet opened": (
        f"{SSH_FROM_OPERATIONS}\n",
        f"{SSH_FROM_OPERATIONS}\nip access-list {SSH_FROM_OPERATIONS[:-2]}23\n",
    ),
    "every port opened": (SSH_FROM_OPERATIONS, SSH_FROM_OPERATIONS.replace("dport eq 22", "dport any")),
    "a range opened": (SSH_FROM_OPERATIONS, SSH_FROM_OPERATIONS.replace("eq 22", "range 22 80")),
    "line opened to anybody": (f"permit 50 src {PEER}", "permit 50 src any"),
    "ping on the line": ("permit icmp type 1 src any", "permit icmp type 128 src any"),
    "all ICMPv6 on the line": ("permit icmp type 1 src any", "permit icmp src any"),
    "DHCPv6 from anywhere": ("permit udp src fe80::/64 sport eq 547", "permit udp src any sport eq 547"),
    "SSH list widened": ("mgmt-src permit ip src 10.200.9.0/24", "mgmt-src permit ip src 10.200.0.0/16"),
    "SSH list not bound": ("ssh-server ip access-list mgmt-src\n", ""),
    "transit opened": ("dc-in permit ip src 10.200.0.0/16 dest 10.161.2.0/24", "dc-in permit ip src any dest any"),
    "filter on the line gone": ("  ipv6 filter wan6-in 10 in\n", ""),
    "filter on the LAN gone": ("  ip filter lan-in 10 in\n", ""),
    "filter out of the tunnel gone": ("  ip filter dc-in 10 in\n", ""),
    "filter into the tunnel gone": ("  ip filter dc-out 10 out\n", ""),
    "IPv6 from the LAN": ("  ipv6 filter lan6-in 10 in\n", ""),
    "time server's answers from anywhere": ("src 10.200.9.10/32 sport eq 123", "src 10.200.0.0/16 sport eq 123"),
    # a proposal weakened
    "IKE with AES-128": ("sa-proposal enc aes-cbc-256", "sa-proposal enc aes-cbc-128"),
    "IKE with two ciphers": ("sa-proposal enc aes-cbc-256", "sa-proposal enc aes-cbc-256 3des-cbc"),
    "IKE with SHA-1": ("sa-proposal integrity sha2-256", "sa-proposal integrity sha1"),
    "PRF left to the box": ("  ikev2 sa-proposal prf sha2-256\n", ""),
    "IKE with a weaker group": ("sa-proposal dh 3072-bit", "sa-proposal dh 2048-bit"),
    "ESP with AES-128": ("child-proposal enc aes-cbc-256", "child-proposal enc aes-cbc-128"),
    "ESP with SHA-1": ("child-proposal integrity sha2-256", "child-proposal integrity sha1"),
    "no PFS": ("child-pfs 3072-bit", "child-pfs off"),
    "weaker PFS": ("child-pfs 3072-bit", "child-pfs 2048-bit"),
    # identities, peer, size
    "another peer": ("ikev2 peer 2001:db8:c::10 ", "ikev2 peer 2001:db8:c::11 "),
    "another identity of theirs": (
        "peer 2001:db8:c::10 authentication psk id fqdn dc-cn",
        "peer 2001:db8:c::10 authentication psk id fqdn dc-xx",
    ),
    "another identity of ours": ("local-authentication psk id fqdn gw-minami", "local-authentication psk id fqdn gw-x"),
    "a key gone": ("ikev2 authentication psk id fqdn dc-cn.idlink.example.jp key char <secret vpn_psk>\n", ""),
    "no dead peer detection": ("  ikev2 dpd interval 10\n", ""),
    "larger packets in the tunnel": ("ip mtu 1400", "ip mtu 1500"),
    "larger segments": ("adjust-mss 1360", "adjust-mss 1460"),
    "the address follows the MAC": ("  ipv6 interface-identifier 00:00:00:00:00:00:00:10\n", ""),
    "another interface identifier": ("00:00:00:00:00:00:00:10", "00:00:00:00:00:00:00:11"),
    "tunnel down": (
        "2001:db8:c::10 authentication psk id fqdn dc-cn.idlink.example.jp\n  no shutdown",
        "2001:db8:c::10 authentication psk id fqdn dc-cn.idlink.example.jp\n  shutdown",
    ),
    # routes
    "another next hop": ("ip route 10.161.2.0/24 10.161.252.10", "ip route 10.161.2.0/24 10.161.252.11"),
    "no discard route": ("ip route 10.200.0.0/16 Null0.0 distance 254\n", ""),
    "discard route that wins": ("Null0.0 distance 254", "Null0.0"),
    "tunnel route gone": ("ip route 10.200.0.0/16 Tunnel0.0\n", ""),
    "a default route into the line": (
        "ip route 10.200.0.0/16 Tunnel0.0\n",
        "ip route 10.200.0.0/16 Tunnel0.0\nip route default GigaEthernet0.0\n",
    ),
    # no clear leak
    "no-clear rule gone": ("ip access-list no-clear deny ip src any dest 10.200.0.0/16\n", ""),
    "no-clear rule not bound": ("  ip filter no-clear 10 out\n", ""),
    "no-clear rule pierced": (
        "no-clear deny ip src any dest 10.200.0.0/16",
        "no-clear deny ip src any dest 10.200.0.0/17",
    ),
    "no-clear rule softened": (
        "no-clear deny ip src any dest 10.200.0.0/16\n",
        "no-clear deny ip src any dest 10.200.0.0/16\nip access-list no-clear permit ip src any dest any\n",
    ),
    "IPv4 on the line": ("  no ip address\n", "  ip address 198.18.0.2/24\n"),
    # the rest
    "another host name": ("hostname cpe-minami-a", "hostname cpe-minami-b"),
    "another LAN address": ("  ip address 10.161.252.9/30", "  ip address 10.161.252.9/29"),
    "no time": ("ntp server 10.200.9.10\n", ""),
    "no log": ("syslog ip enable\n", ""),
    "a time service of its own": ("ntp server 10.200.9.10\n", "ntp server 10.200.9.10\nntp ip enable\n"),
    "another tunnel": (
        "interface Tunnel0.0\n",
        "interface Tunnel1.0\n  tunnel mode ipsec-ikev2\n  no shutdown\ninterface Tunnel0.0\n",
    ),
    "defaults for every tunnel": (
        "ssh-server ip enable\n",
        "ssh-server ip enable\nikev2 default-profile\n  child-pfs off\n",
    ),
    "an unknown line in the tunnel": ("  ip mtu 1400\n", f"  ip mtu 1400\n  {UNKNOWN}\n"),
    "address translation on the LAN": ("  ip filter lan-in 10 in\n", "  ip filter lan-in 10 in\n  ip napt enable\n"),
}


def meaning_or_refusal(text: str) -> Meaning | str:
    try:
        return PLATFORM.meaning(text, part())
    except DeviceError as refused:
        return refused.code


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_configuration_means_something_else(name: str) -> None:
    old, new = MUTATIONS[name]
    wrong = rendered().replace(old, new, 1)
    assert wrong != rendered()
    found = meaning_or_refusal(wrong)
    assert found == "GW427" or (isinstance(found, Meaning) and found != meaning_of(part()))


def test_nw_6_the_line_may_not_ask_though_neighbour_discovery_passes() -> None:
    line = [permit for permit in PLATFORM.meaning(rendered(), part()).permits if permit.source.version == 6]
    assert {(permit.protocol.value, permit.port) for permit in line} == {("udp", 500), ("udp", 4500), ("esp", None)}


def test_an_unknown_line_is_named_without_its_secret() -> None:
    wrong = (
        rendered()
        .replace("key char <secret vpn_psk>", "key char tell-nobody", 1)
        .replace("id fqdn dc-cn", "id ipv9 dc-cn", 1)
    )
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(settled(wrong), part())
    assert refused.value.facts[:2] == ("GW427", "cpe.configuration")
    assert "tell-nobody" not in str(refused.value)


def test_the_order_of_a_list_that_refuses_and_permits_is_kept() -> None:
    mixed = "ip access-list x permit ip src any dest 10.0.0.0/8\nip access-list x deny ip src any dest any\n"
    assert settled(mixed) == mixed
    assert settled("ip route 10.2.0.0/16 10.0.0.1\nip route 10.1.0.0/16 10.0.0.1\n").startswith("ip route 10.1.")


def test_vpn_1_both_units_of_a_pair_mean_what_is_planned() -> None:
    plan = vendor_plan("nec_ix", "pattern1").cpe
    assert plan is not None
    alone = plan.model_copy(update={"wan": plan.wan.model_copy(update={"ipv4": False})})  # no other services
    for unit in alone.units:
        wanted = CpePart(alone, unit)
        assert PLATFORM.meaning(PLATFORM.render(wanted), wanted) == meaning_of(wanted)
