"""What is done to an RTX's text."""

from __future__ import annotations

from gatekit.devices.yamaha_rtx import PLATFORM
from tests.unit.gatekit.devices.yamaha_rtx.conftest import cpe
from tests.unit.gatekit.render.mutated import (
    HOP,
    POLICY,
    PORT,
    PROPOSAL,
    Mutated,
    of_reader,
    sub,
)

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


MUTATED = {
    "yamaha_rtx cpe": Mutated(
        text=PLATFORM.render(cpe()),
        noticed=of_reader(PLATFORM, cpe()),
        changes={name: sub(pattern, replacement) for name, pattern, replacement in MUTATIONS},
        of_kind={
            POLICY: "one permit removed",
            PORT: "one port opened",
            PROPOSAL: "weaker encryption of ESP",
            HOP: "a next hop changed",
        },
    )
}
