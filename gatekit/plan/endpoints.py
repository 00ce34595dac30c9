"""The ends of flows, each made in one place."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from gatekit.intent.load import Intent
from gatekit.intent.vpn import Pattern4
from gatekit.plan.addresses import dmz_address, peer_underlay, untrust_address, untrust_gateway
from gatekit.plan.flow import Endpoint, Zone
from gatekit.plan.topology import other_service_name, other_services


class Endpoints:
    """Every end a flow of this site can have."""

    def __init__(self, intent: Intent) -> None:
        site, centre = intent.site, intent.data_centre
        self.esxi = _host("esxi", Zone.DMZ, dmz_address(intent, "esxi"))
        self.vm1 = _host("vm1", Zone.DMZ, dmz_address(intent, "vm1"))
        self.vm2 = _host("vm2", Zone.DMZ, dmz_address(intent, "vm2"))
        self.vm3 = _host("vm3", Zone.DMZ, dmz_address(intent, "vm3"))
        self.ups = _host("ups", Zone.DMZ, dmz_address(intent, "ups"))
        self.staging_controller = _host("staging_controller", Zone.DMZ, dmz_address(intent, "staging_controller"))
        self.linux_vms = _join("linux_vms", self.vm1, self.vm2)
        self.appliance = _join("appliance", self.esxi, self.vm1, self.vm2, self.vm3)
        self.maintenance = _join("maintenance", self.vm3, self.staging_controller)
        self.firewall_dmz = _host("firewall", Zone.FIREWALL, dmz_address(intent, "firewall"))
        self.firewall_untrust = _host("firewall", Zone.FIREWALL, untrust_address(intent))
        self.portal = _host("portal", Zone.DATA_CENTRE, centre.portal.address)
        self.services = _host("data_centre_services", Zone.DATA_CENTRE, centre.services)
        self.operations = Endpoint(name="data_centre_operations", zone=Zone.DATA_CENTRE, networks=(centre.operations,))
        self.data_centre = Endpoint(name="data_centre", zone=Zone.DATA_CENTRE, networks=tuple(sorted(centre.networks)))
        clients = sorted(row.network for row in site.networks if row.name in site.proxy.clients)
        self.his_clients = Endpoint(name="his_clients", zone=Zone.TRUST, networks=tuple(clients))
        peer = peer_underlay(intent)
        self.gateway = Endpoint(name="data_centre_gateway", zone=Zone.UNTRUST, networks=(ip_network(peer),))
        self.cpe = None if isinstance(site.vpn, Pattern4) else _host("cpe", Zone.UNTRUST, untrust_gateway(intent))
        self.cpe_wan = Endpoint(name="cpe", zone=Zone.UNTRUST, networks=(IPv6Network("::/0"),))
        self.others = {
            row.name: Endpoint(name=other_service_name(row.name), zone=Zone.UNTRUST, networks=(row.network,))
            for row in other_services(site.vpn)
        }

    def hospital(self, name: str, address: IPv4Address) -> Endpoint:
        """Return one system of the hospital."""
        return _host(name, Zone.TRUST, address)


def _host(name: str, zone: Zone, address: IPv4Address) -> Endpoint:
    return Endpoint(name=name, zone=zone, networks=(IPv4Network(address),))


def _join(name: str, *ends: Endpoint) -> Endpoint:
    networks = sorted(network for end in ends for network in end.networks)
    return Endpoint(name=name, zone=ends[0].zone, networks=tuple(networks))
