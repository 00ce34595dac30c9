"""What is done to a FortiGate's text, and what exactly the reader makes of it."""

from __future__ import annotations

import re

from gatekit.devices.fortios import PLATFORM
from tests.unit.gatekit.render.mutated import (
    HOP,
    POLICY,
    PORT,
    PROPOSAL,
    Mutated,
    of_reader,
)
from tests.unit.gatekit.simulators.fortios.box import firewall


def without(text: str, table: str, mark: str) -> str:
    """The text without the one entry of a table that has a line."""
    head, rest = text.split(f"config {table}\n", 1)
    body, tail = rest.split("\nend\n", 1)
    entries = re.findall(r"    edit .*?\n    next(?:\n|$)", body + "\n", re.DOTALL)
    kept = [entry for entry in entries if mark not in entry]
    assert len(kept) == len(entries) - 1, (table, mark)
    return f"{head}config {table}\n{''.join(kept)}end\n{tail}"


def with_line(text: str, after: str, line: str) -> str:
    assert text.count(after) >= 1, after
    return text.replace(after, f"{after}\n{line}", 1)


def swapped(text: str, old: str, new: str, count: int = 1) -> str:
    assert old in text, old
    return text.replace(old, new, count)


def _last_first(text: str) -> str:
    """The policy against clear behind the first permit."""
    head, rest = text.split("config firewall policy\n", 1)
    first, second, others = rest.split("    next\n", 2)
    return f"{head}config firewall policy\n{second}    next\n{first}    next\n{others}"


MUTATIONS = {
    "one policy less": lambda text: without(text, "firewall policy", 'name "link.emr"'),
    "one policy off": lambda text: with_line(text, 'set name "link.emr"', "        set status disable"),
    "one port opened": lambda text: swapped(text, 'set service "gw-tcp-104"', 'set service "gw-tcp-104" "gw-tcp-8080"'),
    "one port changed": lambda text: swapped(text, "set tcp-portrange 2575", "set tcp-portrange 2574"),
    "a range of ports": lambda text: swapped(text, "set tcp-portrange 2575", "set tcp-portrange 2575-2599"),
    "every service let through": lambda text: swapped(text, 'set service "gw-tcp-104"', 'set service "ALL"'),
    "everybody a source": lambda text: swapped(text, 'set srcaddr "gw-172.20.0.0/16"', 'set srcaddr "all"'),
    "a wider address": lambda text: swapped(
        text, "set subnet 10.161.4.20 255.255.255.255", "set subnet 10.161.4.0 255.255.255.0"
    ),
    "a group instead of an address": lambda text: swapped(text, 'set dstaddr "gw-10.161.4.20/32"', 'set dstaddr "grp"'),
    "a source negated": lambda text: with_line(text, 'set name "link.emr"', "        set srcaddr-negate enable"),
    "a policy with translation": lambda text: with_line(text, 'set name "link.emr"', "        set nat enable"),
    "another schedule": lambda text: swapped(
        text, 'set schedule "always"\n        set service "gw-tcp-104"', 'set schedule "x"\n set service "gw-tcp-104"'
    ),
    "phase 1 weaker": lambda text: swapped(text, "set proposal aes256gcm-prfsha384", "set proposal aes128-sha1"),
    "a second offer": lambda text: swapped(
        text, "set proposal aes256gcm-prfsha384", "set proposal aes256gcm-prfsha384 aes128-sha256"
    ),
    "phase 2 weaker": lambda text: swapped(text, "set proposal aes256gcm\n", "set proposal aes256-sha256\n"),
    "a weaker group": lambda text: swapped(text, "set dhgrp 20", "set dhgrp 14"),
    "a second group": lambda text: swapped(text, "set dhgrp 20", "set dhgrp 20 14"),
    "no PFS": lambda text: swapped(text, "set pfs enable", "set pfs disable"),
    "another PFS group": lambda text: "set dhgrp 14".join(text.rsplit("set dhgrp 20", 1)),
    "IKEv1": lambda text: swapped(text, "        set ike-version 2\n", ""),
    "any peer": lambda text: swapped(text, "set peertype one", "set peertype any"),
    "another peer identity": lambda text: swapped(text, 'set peerid "dc-gw', 'set peerid "dc-gx'),
    "another identity of ours": lambda text: swapped(text, 'set localid "gw-', 'set localid "gx-'),
    "another peer": lambda text: swapped(text, "set remote-gw 203.0.113.10", "set remote-gw 203.0.113.11"),
    "the tunnel on another port": lambda text: swapped(
        text, 'set interface "port1"\n        set ike', 'set interface "port3"\n        set ike'
    ),
    "no key": lambda text: swapped(text, '        set psksecret "<secret vpn_psk>"\n', ""),
    "another selector": lambda text: swapped(
        text, "set dst-subnet 10.200.0.0 255.255.0.0", "set dst-subnet 10.200.0.0 255.254.0.0"
    ),
    "no selectors": lambda text: without(text, "vpn ipsec phase2-interface", "src-subnet"),
    "no dead peer detection": lambda text: swapped(text, "        set dpd on-idle\n", ""),
    "a slower dead peer detection": lambda text: swapped(text, "set dpd-retryinterval 10", "set dpd-retryinterval 60"),
    "another MTU": lambda text: swapped(text, "set mtu 1374", "set mtu 1500"),
    "no MTU": lambda text: swapped(text, "        set mtu-override enable\n", ""),
    "one policy without MSS": lambda text: swapped(text, "        set tcp-mss-sender 1334\n", ""),
    "another MSS": lambda text: text.replace("1334", "1360"),
    "another next hop": lambda text: swapped(text, "set gateway 192.168.10.1", "set gateway 192.168.10.2"),
    "another default gateway": lambda text: swapped(text, "set gateway 198.51.100.1", "set gateway 198.51.100.2"),
    "one route less": lambda text: without(text, "router static", "dst 192.168.30.0"),
    "one route more": lambda text: with_line(
        text,
        "config router static",
        '    edit 5\nset dst 10.200.1.0 255.255.255.0\nset gateway 192.168.10.1\nset device "port3"\n    next',
    ),
    "no route into the tunnel": lambda text: without(text, "router static", 'device "dc-main"'),
    "no discard route": lambda text: without(text, "router static", "blackhole"),
    "a discard route before the tunnel": lambda text: swapped(text, "set distance 254", "set distance 9"),
    "a policy route": lambda text: text + "config router policy\n edit 1\n set gateway 192.168.10.1\n next\nend\n",
    "nothing against clear": lambda text: without(text, "firewall policy", "no-clear"),
    "clear let through": lambda text: with_line(
        text, 'set name "no-clear-to-data-centre"', "        set action accept"
    ),
    "clear on one interface": lambda text: swapped(text, '"UNTRUST" "DMZ" "TRUST"', '"DMZ" "TRUST"'),
    "clear from one interface": lambda text: swapped(text, 'set srcintf "any"', 'set srcintf "TRUST"'),
    "against clear too late": _last_first,
    "no last local-in policy": lambda text: without(text, "firewall local-in-policy", 'intf "any"'),
    "SSH from anywhere": lambda text: swapped(
        text, 'set srcaddr "gw-10.161.4.30/32" "gw-10.161.4.250/32"', 'set srcaddr "all"'
    ),
    "the management gone": lambda text: swapped(text, "set allowaccess ping ssh", "set allowaccess ping"),
    "the way from the tunnel to us gone": lambda text: without(text, "firewall policy", "support.firewall.self"),
    "fewer trusted hosts": lambda text: swapped(text, "        set trusthost3 10.200.9.0 255.255.255.0\n", ""),
    "no account": lambda text: without(text, "system admin", "super_admin"),
    "an account with fewer rights": lambda text: swapped(text, '"super_admin"', '"prof_admin"'),
    "another time server": lambda text: swapped(text, 'server "10.200.9.10"', 'server "10.200.9.11"'),
    "no time": lambda text: swapped(text, "set ntpsync enable", "set ntpsync disable"),
    "no log": lambda text: swapped(text, "    set status enable\n", ""),
    "a second log server": lambda text: (
        text + 'config log syslogd2 setting\nset status enable\nset server "203.0.113.9"\nend\n'
    ),
    "another address": lambda text: swapped(text, "set ip 192.168.10.5", "set ip 192.168.10.6"),
    "a second address": lambda text: with_line(text, "set ip 192.168.10.5 255.255.255.0", "set secondary-IP enable"),
    "an address by DHCP": lambda text: with_line(text, 'edit "port1"', "        set mode dhcp"),
    "another name": lambda text: swapped(text, 'set hostname "fw-kita"', 'set hostname "fw-kito"'),
    "zones mixed": lambda text: swapped(
        swapped(text, 'set interface "port2"', 'set interface "port9"'),
        'set interface "port3"',
        'set interface "port2"',
    ),
    "a zone open within": lambda text: swapped(text, "set intrazone deny", "set intrazone allow"),
    "a second tunnel": lambda text: with_line(
        text, "config vpn ipsec phase1-interface", '    edit "other"\n        set interface "port1"\n    next'
    ),
}

FOUND = {  # what the reader makes of it: the facts of the meaning that differ, or the line that it refuses
    "one policy less": "permits",
    "one policy off": "permits",
    "one port opened": "permits",
    "one port changed": "permits",
    "a range of ports": "firewall service custom: gw-tcp-2575 tcp-portrange 2575-2599",
    "every service let through": "firewall policy: 652785247 service ALL is let through",
    "everybody a source": "permits",
    "a wider address": "permits",
    "a group instead of an address": "firewall policy: 770415394 dstaddr grp",
    "a source negated": "firewall policy: 969668123 srcaddr-negate",
    "a policy with translation": "firewall policy: 969668123 nat",
    "another schedule": "firewall policy: 652785247 schedule x",
    "phase 1 weaker": "vpn ipsec phase1-interface: dc-main proposal aes128-sha1 with aes256gcm",
    "a second offer": "vpn ipsec phase1-interface: dc-main proposal: more than one value",
    "phase 2 weaker": "vpn ipsec phase1-interface: dc-main proposal aes256gcm-prfsha384 with aes256-sha256",
    "a weaker group": "tunnel",
    "a second group": "vpn ipsec phase1-interface: dc-main dhgrp: more than one value",
    "no PFS": "tunnel",
    "another PFS group": "tunnel",
    "IKEv1": "vpn ipsec phase1-interface: dc-main ike-version is missing",
    "any peer": "vpn ipsec phase1-interface: dc-main peertype any",
    "another peer identity": "tunnel",
    "another identity of ours": "tunnel",
    "another peer": "tunnel",
    "the tunnel on another port": "vpn ipsec phase1-interface: dc-main interface port3",
    "no key": "vpn ipsec phase1-interface: dc-main psksecret is missing",
    "another selector": "tunnel",
    "no selectors": "vpn ipsec phase1-interface: dc-main not every pair of networks has a phase 2",
    "no dead peer detection": "vpn ipsec phase1-interface: dc-main dpd is missing",
    "a slower dead peer detection": "tunnel",
    "another MTU": "tunnel",
    "no MTU": "tunnel",
    "one policy without MSS": "firewall policy: the policies of the tunnel clamp the MSS differently",
    "another MSS": "tunnel",
    "another next hop": "routes",
    "another default gateway": "routes",
    "one route less": "routes",
    "one route more": "routes",
    "no route into the tunnel": "routes",
    "no discard route": "routes",
    "a discard route before the tunnel": "router static: 10.200.0.0/16: the blackhole is not behind the tunnel",
    "a policy route": "router policy: 1 a policy route goes before every static route",
    "nothing against clear": "routes",
    "clear let through": "firewall policy: 361615088 service ALL is let through",
    "clear on one interface": "routes",
    "clear from one interface": "routes",
    "against clear too late": "routes",
    "no last local-in policy": "permits",
    "SSH from anywhere": "permits",
    "the management gone": "permits management",
    "the way from the tunnel to us gone": "permits management",
    "fewer trusted hosts": "management",
    "no account": "management",
    "an account with fewer rights": "system admin: gwops accprofile prof_admin",
    "another time server": "time_servers",
    "no time": "time_servers",
    "no log": "log_servers",
    "a second log server": "log_servers",
    "another address": "addresses",
    "a second address": "system interface: port3 secondary-IP",
    "an address by DHCP": "system interface: port1 mode",
    "another name": "host_name",
    "zones mixed": "system zone: DMZ interface port9",
    "a zone open within": "system zone: UNTRUST intrazone allow",
    "a second tunnel": "vpn ipsec phase1-interface: dc-main a second tunnel",
}


MUTATED = {
    "fortios firewall": Mutated(
        text=PLATFORM.render(firewall()),
        noticed=of_reader(PLATFORM, firewall()),
        changes=MUTATIONS,
        of_kind={
            POLICY: "one policy less",
            PORT: "one port opened",
            PROPOSAL: "phase 1 weaker",
            HOP: "another next hop",
        },
        found=FOUND,
    )
}
