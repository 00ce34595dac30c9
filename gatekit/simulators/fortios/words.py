"""Every text and habit of FortiOS that the vendor reference does not verify, in this one place.

A capture of a real box replaces what stands here; nothing else in this folder changes. Verified texts (0.6, 2.2,
2.3) stand at the end, so that all texts are in one file.
"""

from __future__ import annotations

from collections.abc import Mapping

# ---------------------------------------------------------------- hypotheses: from general knowledge
DEFAULTS: Mapping[tuple[str, str], tuple[str, ...]] = {  # what `show` leaves out; (table, key) -> values
    ("system global", "cfg-save"): ("automatic",),
    ("system global", "cfg-revert-timeout"): ("600",),
    ("system console", "output"): ("more",),
    ("system interface", "mode"): ("static",),
    ("system interface", "mtu-override"): ("disable",),
    ("system zone", "intrazone"): ("deny",),
    ("system ntp", "ntpsync"): ("disable",),
    ("system ntp", "type"): ("fortiguard",),
    ("firewall policy", "status"): ("enable",),
    ("firewall policy", "nat"): ("disable",),
    ("firewall policy", "logtraffic"): ("utm",),
    ("firewall local-in-policy", "action"): ("deny",),
    ("firewall local-in-policy", "status"): ("enable",),
    ("firewall address", "type"): ("ipmask",),
    ("firewall service custom", "protocol"): ("TCP/UDP/SCTP",),
    ("router static", "dst"): ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - a route's destination, nothing listens
    ("router static", "distance"): ("10",),
    ("router static", "status"): ("enable",),
    ("router static", "blackhole"): ("disable",),
    ("vpn ipsec phase1-interface", "ike-version"): ("1",),
    ("vpn ipsec phase1-interface", "type"): ("static",),
    ("vpn ipsec phase1-interface", "dpd"): ("on-demand",),
    ("vpn ipsec phase1-interface", "dpd-retrycount"): ("3",),
    ("vpn ipsec phase1-interface", "dpd-retryinterval"): ("20",),
    ("vpn ipsec phase1-interface", "keylife"): ("86400",),
    ("vpn ipsec phase1-interface", "localid-type"): ("auto",),
    ("vpn ipsec phase1-interface", "dhgrp"): ("14", "5"),
    ("vpn ipsec phase2-interface", "pfs"): ("enable",),
    ("vpn ipsec phase2-interface", "dhgrp"): ("14", "5"),
    ("vpn ipsec phase2-interface", "auto-negotiate"): ("disable",),
    ("vpn ipsec phase2-interface", "keylifeseconds"): ("43200",),
    ("log setting", "fwpolicy-implicit-log"): ("disable",),
    ("log setting", "local-in-deny-unicast"): ("disable",),
    ("log syslogd setting", "status"): ("disable",),
    ("log syslogd setting", "mode"): ("udp",),
    ("log syslogd setting", "port"): ("514",),
    # verified: `action deny` is the default of a policy, and `show` does not print it (2.1)
    ("firewall policy", "action"): ("deny",),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {  # keys without which `next` is refused
    "firewall policy": ("srcintf", "dstintf", "srcaddr", "dstaddr", "schedule", "service"),
    "firewall local-in-policy": ("intf", "srcaddr", "dstaddr", "schedule", "service"),
    "vpn ipsec phase1-interface": ("interface", "remote-gw", "psksecret", "proposal"),
    "vpn ipsec phase2-interface": ("phase1name", "proposal"),
    "system admin": ("accprofile", "password"),
    "system interface": ("vdom",),
    "system ntp ntpserver": ("server",),
}
SHORTEST_SECRET = 6  # octets of a pre-shared key
REBOOT_S = 180.0  # device seconds from the restart until it answers again
TIMER_BEGINS_ANEW = True  # each change that is applied starts cfg-revert-timeout again: "idle", not "plain"

NEW_ENTRY = "new entry '{key}' added\n"
NOT_IN_TABLE = "entry not found in table\nCommand fail. Return code -3\n"
IN_USE = "The entry is used by other {count} entries\nCommand fail. Return code -23\n"
DUPLICATE = "object set operator error, -5 discard the setting\nCommand fail. Return code -5\n"
INCOMPLETE = "incomplete command in the end\nCommand fail. Return code -160\n"
MISSING = (
    "node_check_object fail! for {key} \n"
    "object check operator error, -56 discard the setting\nCommand fail. Return code -56\n"
)
BAD_VALUE = "value parse error before '{token}'\nCommand fail. Return code -651\n"
NOT_A_TABLE = "command parse error before '{token}'\nCommand fail. Return code 1\n"
TABLE_FULL = "Maximum number of entries has been reached.\nCommand fail. Return code -4\n"
RELOADED = "configs reloaded. system will reboot.\n"
BANNER = "(Press 'a' to accept):"
TUNNELLED = "S{mark}      {network} [{distance}/0] via {device} tunnel {peer}, [1/0]\n"
DISCARDED = "S{mark}      {network} [{distance}/0] is a summary, Null, [1/0]\n"

# ---------------------------------------------------------------- verified: ntc-templates' template of the table
ROUTING_HEAD = """\
Codes: K - kernel, C - connected, S - static, R - RIP, B - BGP
       O - OSPF, IA - OSPF inter area
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2
       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area
       * - candidate default

Routing table for VRF=0
"""
CONNECTED = "C       {network} is directly connected, {device}\n"
STATIC = "S{mark}      {network} [{distance}/0] via {gateway}, {device}, [1/0]\n"

# ---------------------------------------------------------------- verified: vendor reference 0.6, 2.2, 2.3
UNKNOWN_ACTION = "Unknown action 0\n"
UNKNOWN_WORD = "command parse error before '{token}'\nCommand fail. Return code -61\n"
NO_SUCH_OBJECT = "entry not found in datasource\n\nvalue parse error before '{token}'\nCommand fail. Return code -3\n"
NAME_REFUSED = (
    "node_check_object fail! for {key} {token}\n\nvalue parse error before '{token}'\nCommand fail. Return code -651\n"
)
UNMATCHED_QUOTE = "token line: Unmatched double quote.\n"
CONFIG_SAVED = "config saved.\n"
NOTHING_TO_SAVE = "no config to be saved.\n"
RELOAD_QUESTION = "configs will be reloaded and system will reboot.\nDo you want to continue? (y/n)"
MORE, ERASE_MORE = "--More-- ", "\r         \r"
HEADER = (
    "#config-version=FG91G-{release}-FW-build2731-250120:opmode=0:vdom=0:user={user}\n"
    "#conf_file_ver={number}\n#buildno=2731\n#global_vdom=1\n"
)
STATUS = (
    "Version: FortiGate-91G v{release},build2731,250120 (GA.M)\n"
    "Serial-Number: FGT91GTK00000000\n"
    "Hostname: {host_name}\n"
    "Operation Mode: NAT\n"
    "Virtual domain configuration: {virtual_domains}\n"
    "Current HA mode: standalone\n"
    "System time: Sun Nov 22 13:05:41 2026\n"
)
TUNNEL_UP = "'{name}' {peer}:0  selectors(total,up): {count}/{count}  rx(pkt,err): 8231/0  tx(pkt,err): 7990/0\n"
