"""What is done to a Junos box's text."""

from __future__ import annotations

from gatekit.devices.junos import PLATFORM
from tests.unit.gatekit.render.mutated import (
    HOP,
    ONE_ROUTE,
    POLICY,
    PORT,
    PROPOSAL,
    Change,
    Mutated,
    add,
    drop,
    of_reader,
    sub,
    swap,
)
from tests.unit.gatekit.simulators.junos.boxes import firewall, l3_switch

SSH_ON_TRUST = "security-zone TRUST interfaces ge-0/0/2.0 host-inbound-traffic system-services ssh"

PROXY = "from-zone TRUST to-zone DMZ policy proxy-settings"

DMZ_UNTRUST = "set security policies from-zone DMZ to-zone UNTRUST policy leak"

MUTATIONS: dict[str, Change] = {
    "one policy less": drop(r"policy pacs-store-main "),
    "one way to the firewall less": drop(r"to-zone junos-host policy maintain-firewall "),
    "half of the way of support to the firewall": drop(r"from-zone VPN to-zone DMZ policy support-firewall "),
    "one port opened": add(f"set security policies {PROXY} match application tcp-22"),
    "another port": sub(r"application tcp-3128 destination-port 3128", "application tcp-3128 destination-port 3129"),
    "a range of ports": sub(r"destination-port 3128", "destination-port 3128-3130"),
    "a wider source": sub(r"(address net-172.20.0.0-16) 172.20.0.0/16", r"\1 172.16.0.0/12"),
    "any source": sub(r"policy link-orders match source-address \S+", "policy link-orders match source-address any"),
    "any application": sub(r"policy link-emr match application \S+", "policy link-emr match application any"),
    "all of ICMP": drop(r"icmp-type echo-request"),
    "another service of the firewall": add(f"set security zones {SSH_ON_TRUST}"),
    "telnet": add("set system services telnet"),
    "a service of the zone": add("set security zones security-zone DMZ host-inbound-traffic system-services all"),
    "a service less": drop(r"security-zone DMZ .* system-services ssh"),
    "root by SSH": sub("root-login deny", "root-login allow"),
    "no last denial to the firewall": drop(r"from-zone TRUST to-zone junos-host policy deny-host"),
    "no last denial between zones": drop(r"global policy deny-rest then deny"),
    "a zone that no denial covers": drop(r"global policy deny-rest match to-zone TRUST"),
    "permit by default": sub("deny-all", "permit-all"),
    "a policy out of force": add("deactivate security policies global policy deny-rest"),
    "weaker IKE cipher": sub(r"(ike proposal \S+ encryption-algorithm) \S+", r"\1 aes-128-gcm"),
    "weaker ESP cipher": sub(r"(ipsec proposal \S+ encryption-algorithm) \S+", r"\1 aes-128-cbc"),
    "weaker group": sub(r"dh-group group20", "dh-group group14"),
    "weaker PRF": sub(r"authentication-algorithm sha-384", "authentication-algorithm sha-256"),
    "weaker PFS": sub(r"keys group20", "keys group14"),
    "no PFS": drop(r"perfect-forward-secrecy"),
    "a second offer": add("set security ike policy DC proposals IKE-BASE"),
    "IKEv1": sub(r"version v2-only", "version v1-only"),
    "another peer": sub(r"gateway DC address 203.0.113.10", "gateway DC address 203.0.113.11"),
    "another identity": sub(r"local-identity hostname gw-", "local-identity hostname xx-"),
    "other selectors": sub(r"local-ip 10.161.4.0/24", "local-ip 10.161.0.0/16"),
    "slower dead peer detection": sub(r"detection interval 10", "detection interval 30"),
    "another MTU": sub(r"mtu 1374", "mtu 1500"),
    "another MSS": sub(r"mss 1334", "mss 1460"),
    "another next hop": sub(r"(route 192.168.30.0/24 next-hop) \S+", r"\1 192.168.10.9"),
    "one route less": drop(r"route 192.168.30.0/24"),
    "one route more": add("set routing-options static route 10.0.0.0/8 next-hop 198.51.100.1"),
    "a second next hop": add("set routing-options static route 0.0.0.0/0 next-hop 198.51.100.2"),
    "a preference": add("set routing-options static route 10.200.0.0/16 preference 200"),
    "no discard route": drop(r"route 10.200.0.0/16 discard"),
    "half of the tunnel's route": drop(r"route 10.200.128.0/17"),
    "the data centre in clear": sub(r"(route 10.200.0.0/17 next-hop) st0.0", r"\1 198.51.100.1"),
    "no filter on UNTRUST": drop(r"ge-0/0/0 .* filter output no-clear"),
    "a filter that lets the data centre pass": sub(r"term data-centre then discard", "term data-centre then accept"),
    "a filter without the data centre": drop(r"from destination-address 10.200"),
    "a filter with half of it": sub(r"(from destination-address) 10.200.0.0/16", r"\1 10.200.0.0/17"),
    "a way in clear": add(
        f"{DMZ_UNTRUST} match source-address host-10.161.4.10",
        f"{DMZ_UNTRUST} match destination-address host-10.200.9.10",
        f"{DMZ_UNTRUST} match application tcp-443",
        f"{DMZ_UNTRUST} then permit",
    ),
    "source translation": add("set security nat source rule-set x from zone DMZ"),
    "another address": sub(r"address 10.161.4.254/24", "address 10.161.4.253/24"),
    "another host name": sub(r"host-name \S+", "host-name x"),
    "another time server": sub(r"ntp server 10.200.9.10", "ntp server 10.200.9.11"),
    "another log server": sub(r"(syslog host) 10.200.9.10", r"\1 10.200.9.11"),
    "policies that log elsewhere": sub(r"(stream data-centre host) 10.200.9.10", r"\1 10.200.9.11"),
    "a port in another zone": sub(r"(security-zone TRUST interfaces) ge-0/0/2.0", r"\1 ge-0/0/3.0"),
    "an inherited group": add("set apply-groups node0"),
    "an unknown line": add("set security alg sip disable"),
}  # fmt: skip


def _rest_first(text: str) -> str:
    """A filter whose last term stands before the one that discards."""
    lines = text.splitlines(keepends=True)
    return "".join(sorted(lines, key=lambda line: "term rest" not in line))


MUTATED = {
    "junos firewall": Mutated(
        text=PLATFORM.render(firewall()),
        noticed=of_reader(PLATFORM, firewall()),
        changes={**MUTATIONS, "the order of a filter's terms": _rest_first},
        of_kind={
            POLICY: "one policy less",
            PORT: "one port opened",
            PROPOSAL: "weaker IKE cipher",
            HOP: "another next hop",
        },
    ),
    "junos l3_switch": Mutated(
        text=PLATFORM.render(l3_switch()),
        noticed=of_reader(PLATFORM, l3_switch()),
        changes={"another next hop": swap("next-hop 192.168.10.5", "next-hop 192.168.10.6")},
        of_kind={HOP: "another next hop"},
        lacks=ONE_ROUTE,
    ),
}
