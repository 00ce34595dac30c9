"""What is done to an IX's text."""

from __future__ import annotations

from gatekit.devices.nec_ix import PLATFORM
from tests.unit.gatekit.render.mutated import (
    HOP,
    POLICY,
    PORT,
    PROPOSAL,
    Mutated,
    of_reader,
    swap,
)
from tests.unit.gatekit.simulators.nec_ix.boxes import part, rendered

UNKNOWN = "a line that nobody knows"

SSH_FROM_OPERATIONS = "dc-in permit tcp src 10.200.9.0/24 sport any dest 10.161.252.9/32 dport eq 22"

PEER = "2001:db8:c::10/128"

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


MUTATED = {
    "nec_ix cpe": Mutated(
        text=rendered(),
        noticed=of_reader(PLATFORM, part()),
        changes={name: swap(old, new, 1) for name, (old, new) in MUTATIONS.items()},
        of_kind={
            POLICY: "login of operations removed",
            PORT: "telnet opened",
            PROPOSAL: "IKE with AES-128",
            HOP: "another next hop",
        },
    )
}
