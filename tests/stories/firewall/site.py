"""The plan of the lab's firewall: pattern 4 in small, on networks of its own."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.model import Text
from gatekit.plan.flow import Endpoint, Flow, Protocol, Zone
from gatekit.plan.network_device import CryptoSuite, FirewallPlan, Interface, Route, TunnelEnd, TunnelPlan
from gatekit.render.linux.host_facts import FirewallHostFacts

HIGH = CryptoSuite(level="HIGH", encryption="aes256-gcm16", integrity="none", prf="sha384", dh_group=20)
BASE = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=15)
HOST = FirewallHostFacts(untrust="eth0", dmz="eth1", trust="eth2", tunnel="ipsec0", if_id=None, manage_addresses=False)
MSS, TUNNEL_MTU = 1334, 1374

FIREWALL_UNTRUST, FIREWALL_DMZ, FIREWALL_TRUST = "10.97.1.10", "10.97.2.254", "10.97.3.5"
PEER_UNTRUST, DATA_CENTRE, VM, CONTROLLER, SWITCH, PACS = (
    "10.97.1.20",
    "10.97.4.10",
    "10.97.2.10",
    "10.97.2.1",
    "10.97.3.30",
    "10.97.30.10",
)


def _end(name: str, zone: Zone, network: str) -> Endpoint:
    return Endpoint(name=name, zone=zone, networks=(IPv4Network(network),))


def _flow(flow_id: str, source: Endpoint, destination: Endpoint, protocol: Protocol, *ports: int) -> Flow:
    return Flow(
        id=flow_id,
        requirement="AP-6",
        source=source,
        destination=destination,
        protocol=protocol,
        ports=ports,
        purpose=Text(ja="実験", en="Lab"),
        listener="lab",
        route=tuple(dict.fromkeys((source.name, "firewall", destination.name))),
    )


def _flows() -> tuple[Flow, ...]:
    clients = _end("his_clients", Zone.TRUST, "10.97.30.0/24")
    pacs = _end("pacs", Zone.TRUST, PACS)
    vm = _end("vm", Zone.DMZ, VM)
    services = _end("data_centre_services", Zone.DATA_CENTRE, DATA_CENTRE)
    operations = _end("data_centre_operations", Zone.DATA_CENTRE, "10.97.4.0/24")
    inside, outside = (_end("firewall", Zone.FIREWALL, address) for address in (FIREWALL_DMZ, FIREWALL_UNTRUST))
    peer, laptop = _end("data_centre_gateway", Zone.UNTRUST, PEER_UNTRUST), _end("laptop", Zone.DMZ, CONTROLLER)
    return (
        _flow("proxy.terminals", clients, vm, Protocol.TCP, 3128),
        _flow("pacs.query", vm, pacs, Protocol.TCP, 104),
        _flow("packages.vm", vm, services, Protocol.TCP, 80),
        _flow("packages.firewall", inside, services, Protocol.TCP, 80),
        _flow("support.vm", operations, vm, Protocol.TCP, 22),
        _flow("support.firewall", operations, inside, Protocol.TCP, 22),
        _flow("ping.firewall", operations, inside, Protocol.ICMP),
        _flow("maintain.firewall", laptop, inside, Protocol.TCP, 22),
        _flow("ike.out", outside, peer, Protocol.UDP, 500, 4500),
        _flow("esp.out", outside, peer, Protocol.ESP),
        _flow("ike.in", peer, outside, Protocol.UDP, 500, 4500),
        _flow("esp.in", peer, outside, Protocol.ESP),
    )


def tunnel(suite: CryptoSuite) -> TunnelPlan:
    return TunnelPlan(
        name="dc-main",
        local=TunnelEnd(
            identity="gw-lab.example.jp",
            underlay=IPv4Address(FIREWALL_UNTRUST),
            networks=(IPv4Network("10.97.2.0/24"),),
        ),
        remote=TunnelEnd(
            identity="dc-gw.example.jp",
            underlay=IPv4Address(PEER_UNTRUST),
            networks=(IPv4Network("10.97.4.0/24"),),
        ),
        suite=suite,
        underlay="ipv4",
        psk="vpn_psk",
        initiator=True,
        dpd_delay_s=10,
        ike_rekey_s=14400,
        child_rekey_s=3000,
        tunnel_mtu=TUNNEL_MTU,
        mss=MSS,
    )


def firewall(suite: CryptoSuite = HIGH) -> FirewallPlan:
    addresses = ((Zone.UNTRUST, FIREWALL_UNTRUST), (Zone.DMZ, FIREWALL_DMZ), (Zone.TRUST, FIREWALL_TRUST))
    return FirewallPlan(
        name="firewall",
        host_name="fw-lab",
        product="linux",
        operator="gwops",
        interfaces=tuple(
            Interface(zone=zone, port=f"{zone}0", address=IPv4Address(text), prefix_length=24)
            for zone, text in addresses
        ),
        default_gateway=IPv4Address(PEER_UNTRUST),
        routes=(Route(network=IPv4Network("10.97.30.0/24"), via=IPv4Address(SWITCH)),),
        flows=_flows(),
        protected=(IPv4Network("10.97.4.0/24"),),
        dmz=IPv4Network("10.97.2.0/24"),
        tunnel=tunnel(suite),
    )
