"""What is done to a Cisco box's text."""

from __future__ import annotations

from gatekit.devices.cisco_ios import PLATFORM
from tests.unit.gatekit.devices.cisco_ios.boxes import cpe_part, switch_part
from tests.unit.gatekit.render.mutated import (
    HOP,
    ONE_ROUTE,
    POLICY,
    PORT,
    PROPOSAL,
    Mutated,
    of_reader,
    swap,
)

WEAK = "crypto ikev2 proposal WEAK\n encryption 3des\n integrity sha1\n group 2\n"

MUTATIONS = {
    "a login is removed": (" permit tcp host 10.161.1.250 host 10.161.252.5 eq 22\n", ""),
    "a port of the CPE is opened to the firewall": (
        " deny ip any host 10.161.252.5 log\n permit ip 10.161.1.0",
        " permit tcp any host 10.161.252.5 eq 23\n deny ip any host 10.161.252.5 log\n permit ip 10.161.1.0",
    ),
    "another port": ("host 10.161.252.5 eq 22", "host 10.161.252.5 eq 23"),
    "the CPE is open to the firewall": (
        " deny ip any host 10.161.252.5 log\n permit ip 10.161.1.0",
        " permit ip 10.161.1.0",
    ),
    "a port is opened to the line": (" permit esp host", " permit tcp any any eq 22\n permit esp host"),
    "the line may send everything": (" permit icmp any any nd-na", " permit ipv6 any any\n permit icmp any any nd-na"),
    "echo from the line": (" permit icmp any any nd-na", " permit icmp any any\n permit icmp any any nd-na"),
    "another peer may send": (
        " permit esp host 2001:DB8:DC::10 any",
        " permit esp host 2001:DB8:DC::10 any\n permit esp host 2001:DB8:DC::11 any",
    ),
    "IKE is refused": (" permit udp host 2001:DB8:DC::10 any eq isakmp\n", ""),
    "a deny hides the permits": (
        "ipv6 access-list GW-WAN6-IN\n",
        "ipv6 access-list GW-WAN6-IN\n deny ipv6 any any\n",
    ),
    "the line's filter is unbound": (" ipv6 traffic-filter GW-WAN6-IN in\n", ""),
    "the line's IPv4 filter is unbound": (" ip access-group GW-WAN4-IN in\n", ""),
    "the firewall's filter is unbound": (" ip access-group GW-LAN-IN in\n", ""),
    "the tunnel's filter is unbound": (" ip access-group GW-TUNNEL-IN in\n", ""),
    "IPv4 from the line": (" permit icmp any any unreachable\n", " permit tcp any any eq 22\n"),
    "not only answers come back": (" gt 1023 established", " gt 1023"),
    "forged packets from the line": (" deny ip any 10.161.1.0 0.0.0.255 log\n", ""),
    "a weaker integrity": (" prf sha384\n", " prf sha256\n"),
    "a weaker group": (
        "proposal GW-DC\n encryption aes-gcm-256\n prf sha384\n group 20",
        "proposal GW-DC\n encryption aes-gcm-256\n prf sha384\n group 14",
    ),
    "a weaker PFS": (" set pfs group20", " set pfs group14"),
    "no PFS": (" set pfs group20\n", ""),
    "a weaker cipher": (" encryption aes-gcm-256", " encryption aes-cbc-128"),
    "a weaker ESP": ("esp-gcm 256", "esp-aes 256 esp-sha256-hmac"),
    "a second proposal": (
        "crypto ikev2 policy GW-DC\n",
        f"{WEAK}crypto ikev2 policy GW-DC\n proposal WEAK\n",
    ),
    "IKEv1": ("crypto ikev2 policy GW-DC\n", "crypto isakmp policy 10\n group 2\ncrypto ikev2 policy GW-DC\n"),
    "another identity of theirs": ("remote fqdn dc-gw", "remote fqdn dc-other"),
    "another identity of ours": ("local fqdn gw-higashi", "local fqdn gw-other"),
    "another peer": ("tunnel destination 2001:DB8:DC::10", "tunnel destination 2001:DB8:DC::11"),
    "another MTU": (" ip mtu 1400", " ip mtu 1500"),
    "no MSS": (" ip tcp adjust-mss 1360\n", ""),
    "fewer networks in the tunnel": (
        "list extended GW-TUNNEL\n permit ip 10.161.1.0 0.0.0.255 10.200.0.0 0.0.255.255\n",
        "list extended GW-TUNNEL\n",
    ),
    "everything in the tunnel": (" tunnel protection ipsec policy ipv4 GW-TUNNEL\n", ""),
    "no dead peer detection": (" dpd 10 3 periodic\n", ""),
    "a late dead peer detection": (" dpd 10 3 periodic", " dpd 60 3 periodic"),
    "no protection": (" tunnel protection ipsec profile GW-DC\n", ""),
    "GRE": (" tunnel mode ipsec ipv6 v4-overlay", " tunnel mode gre ip"),
    "the tunnel is shut": (" description data centre\n", " description data centre\n shutdown\n"),
    "a second tunnel": ("interface Tunnel10\n", "interface Tunnel11\n ip mtu 1400\ninterface Tunnel10\n"),
    "another next hop": ("255.255.255.0 10.161.252.6", "255.255.255.0 10.161.252.7"),
    "no discard route": ("ip route 10.200.0.0 255.255.0.0 Null0 250\n", ""),
    "the discard route wins": ("Null0 250", "Null0"),
    "a more specific route past the tunnel": (
        "ip route 10.161.1.0",
        "ip route 10.200.9.0 255.255.255.0 10.161.252.6\nip route 10.161.1.0",
    ),
    "a default route": ("ip route 10.161.1.0", "ip route 0.0.0.0 0.0.0.0 10.161.252.6\nip route 10.161.1.0"),
    "nothing keeps the data centre off the line": (
        "GW-WAN4-OUT\n deny ip any 10.200.0.0 0.0.255.255 log\n",
        "GW-WAN4-OUT\n",
    ),
    "nothing keeps the data centre off the firewall's net": (
        "GW-LAN-OUT\n deny ip any 10.200.0.0 0.0.255.255 log\n",
        "GW-LAN-OUT\n",
    ),
    "the line's outward filter is unbound": (" ip access-group GW-WAN4-OUT out\n", ""),
    "a service that is not in the plan": (
        " permit tcp any 203.0.113.64 0.0.0.15 eq 443",
        " permit tcp any 203.0.113.64 0.0.0.15 eq 443\n permit tcp any any eq 443",
    ),
    "another user of the service": ("permit tcp host 10.161.1.10 203", "permit tcp host 10.161.1.20 203"),
    "another port of the service": ("203.0.113.64 0.0.0.15 eq 443\n deny", "203.0.113.64 0.0.0.15 eq 444\n deny"),
    "all sources are translated": ("permit ip host 10.161.1.10 203", "permit ip any 203"),
    "no translation": ("ip nat inside source list GW-NAT interface GigabitEthernet0/0/0 overload\n", ""),
    "logins from everywhere": (" access-class GW-MGMT in\n", ""),
    "logins from one more network": (
        "standard GW-MGMT\n",
        "standard GW-MGMT\n permit 192.168.0.0 0.0.255.255\n",
    ),
    "logins by IPv6": (" ipv6 access-class GW-MGMT6 in\n", ""),
    "telnet": (" transport input ssh", " transport input all"),
    "no account asked for": (" login local", " login"),
    "a web server": ("no ip http server", "ip http server"),
    "another time server": ("ntp server 10.200.9.10", "ntp server 10.200.9.11"),
    "one more time server": ("ntp server 10.200.9.10", "ntp server 192.0.2.1\nntp server 10.200.9.10"),
    "no logs": ("logging host 10.200.9.10 transport tcp port 514\n", ""),
    "logs by UDP": (" transport tcp port 514", ""),
    "another address": ("ip address 10.161.252.5", "ip address 10.161.252.6"),
    "one more interface": (
        "ip ssh version 2",
        "interface GigabitEthernet0/0/2\n ip address 10.1.1.1 255.255.255.0\nip ssh version 2",
    ),
    "a routing protocol": ("ip ssh version 2", "router ospf 1\nip ssh version 2"),
    "a translation past the list": (
        "ip ssh version 2",
        "ip nat inside source static 10.161.1.20 interface GigabitEthernet0/0/0\nip ssh version 2",
    ),
    "another name": ("hostname cpe-higashi-a", "hostname cpe-higashi-b"),
    "the address follows the MAC": (" ipv6 address FE80::10 link-local\n", ""),
    "a line that nobody knows": (" ip mtu 1400", " ip policy route-map PAST\n ip mtu 1400"),
}


MUTATED = {
    "cisco_ios cpe": Mutated(
        text=PLATFORM.render(cpe_part()),
        noticed=of_reader(PLATFORM, cpe_part()),
        changes={name: swap(old, new) for name, (old, new) in MUTATIONS.items()},
        of_kind={
            POLICY: "a login is removed",
            PORT: "a port is opened to the line",
            PROPOSAL: "a weaker cipher",
            HOP: "another next hop",
        },
    ),
    "cisco_ios l3_switch": Mutated(
        text=PLATFORM.render(switch_part()),
        noticed=of_reader(PLATFORM, switch_part()),
        changes={"another next hop": swap("192.168.10.5", "192.168.10.6")},
        of_kind={HOP: "another next hop"},
        lacks=ONE_ROUTE,
    ),
}
