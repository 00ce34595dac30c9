"""The firewall of one hospital of pattern 4, written by hand: rendering is tested without the planner."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.model import Text
from gatekit.plan.flow import Endpoint, Flow, Protocol, Zone
from gatekit.plan.network_device import CryptoSuite, FirewallPlan, Interface, Route, TunnelEnd, TunnelPlan
from gatekit.render.linux.host_facts import FirewallHostFacts

HIGH = CryptoSuite(level="HIGH", encryption="aes256-gcm16", integrity="none", prf="sha384", dh_group=20)
BASE = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=15)
TWIN = FirewallHostFacts(untrust="eth0", dmz="eth1", trust="eth2", tunnel="ipsec0", if_id=None, manage_addresses=False)
REAL = FirewallHostFacts(untrust="enp1s0", dmz="enp2s0", trust="enp3s0", tunnel="xfrm10", if_id=10)
BEHIND_CPE = FirewallHostFacts(untrust="enp1s0", dmz="enp2s0", trust="enp3s0", tunnel=None, if_id=None)


def end(name: str, zone: Zone, *networks: str) -> Endpoint:
    return Endpoint(name=name, zone=zone, networks=tuple(IPv4Network(network) for network in networks))


VM1 = end("vm1", Zone.DMZ, "10.161.4.10/32")
VM2 = end("vm2", Zone.DMZ, "10.161.4.20/32")
APPLIANCE = end("appliance", Zone.DMZ, "10.161.4.10/32", "10.161.4.20/32")
LAPTOP = end("staging_controller", Zone.DMZ, "10.161.4.250/32")
CLIENTS = end("his_clients", Zone.TRUST, "172.20.0.0/17", "172.20.128.0/17")
PACS = end("pacs.main", Zone.TRUST, "192.168.30.10/32")
FIREWALL = end("firewall", Zone.FIREWALL, "10.161.4.254/32")
OUTSIDE = end("firewall", Zone.FIREWALL, "198.51.100.10/32")
PEER = end("data_centre_gateway", Zone.UNTRUST, "203.0.113.10/32")
OPERATIONS = end("data_centre_operations", Zone.DATA_CENTRE, "10.200.9.0/24")
SERVICES = end("data_centre_services", Zone.DATA_CENTRE, "10.200.9.10/32")


def flow(flow_id: str, source: Endpoint, destination: Endpoint, protocol: Protocol, *ports: int) -> Flow:
    return Flow(
        id=flow_id,
        requirement="NW-6",
        source=source,
        destination=destination,
        protocol=protocol,
        ports=ports,
        purpose=Text(ja="例", en="Example"),
        listener="example",
        route=tuple(dict.fromkeys((source.name, "firewall", destination.name))),
    )


FLOWS = (
    flow("proxy.terminals", CLIENTS, VM2, Protocol.TCP, 3128),
    flow("pacs.query.main", VM1, PACS, Protocol.TCP, 104),
    flow("pacs.store.main", PACS, VM1, Protocol.TCP, 11112),
    flow("dns.appliance", APPLIANCE, SERVICES, Protocol.UDP, 53),
    flow("dns.firewall", FIREWALL, SERVICES, Protocol.UDP, 53),
    flow("maintain.firewall", LAPTOP, FIREWALL, Protocol.TCP, 22),
    flow("support.linux_vms", OPERATIONS, APPLIANCE, Protocol.TCP, 22, 443),
    flow("ping.firewall", OPERATIONS, FIREWALL, Protocol.ICMP),
)
TUNNEL_FLOWS = (
    flow("ike.out", OUTSIDE, PEER, Protocol.UDP, 500, 4500),
    flow("esp.out", OUTSIDE, PEER, Protocol.ESP),
    flow("ike.in", PEER, OUTSIDE, Protocol.UDP, 500, 4500),
    flow("esp.in", PEER, OUTSIDE, Protocol.ESP),
)


def tunnel_plan(suite: CryptoSuite = HIGH) -> TunnelPlan:
    return TunnelPlan(
        name="dc-main",
        local=TunnelEnd(
            identity="gw-kita.example.jp",
            underlay=IPv4Address("198.51.100.10"),
            networks=(IPv4Network("10.161.4.0/24"),),
        ),
        remote=TunnelEnd(
            identity="dc-gw.example.jp",
            underlay=IPv4Address("203.0.113.10"),
            networks=(IPv4Network("10.200.0.0/16"),),
        ),
        suite=suite,
        underlay="ipv4",
        psk="vpn_psk",
        initiator=True,
        dpd_delay_s=10,
        ike_rekey_s=14400,
        child_rekey_s=3000,
        tunnel_mtu=1374,
        mss=1334,
    )


def interface(zone: Zone, address: str, prefix_length: int) -> Interface:
    return Interface(zone=zone, port=f"{zone}0", address=IPv4Address(address), prefix_length=prefix_length)


def firewall_plan(*, ends_tunnel: bool = True) -> FirewallPlan:
    """Return pattern 4, or, without tunnel, the firewall of patterns 1 to 3 behind a CPE."""
    switch = IPv4Address("192.168.10.1")
    routed = ("172.20.0.0/16", "192.168.20.0/24", "192.168.30.0/24", "192.168.40.0/24")
    return FirewallPlan(
        name="firewall",
        host_name="fw-lab",
        product="linux",
        operator="gwops",
        interfaces=(
            interface(Zone.UNTRUST, "198.51.100.10", 26),
            interface(Zone.DMZ, "10.161.4.254", 24),
            interface(Zone.TRUST, "192.168.10.5", 24),
        ),
        default_gateway=IPv4Address("198.51.100.1"),
        routes=tuple(Route(network=IPv4Network(network), via=switch) for network in routed),
        flows=(*FLOWS, *TUNNEL_FLOWS) if ends_tunnel else FLOWS,
        protected=(IPv4Network("10.200.0.0/16"),),
        dmz=IPv4Network("10.161.4.0/24"),
        tunnel=tunnel_plan() if ends_tunnel else None,
    )
