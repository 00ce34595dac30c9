"""The IPsec tunnel to the data centre, both ends (NW-6, VPN-1 .. VPN-4)."""

from __future__ import annotations

from gatekit.catalogue import products
from gatekit.catalogue.appliance import appliance
from gatekit.intent.load import Intent
from gatekit.intent.rules.equipment import tunnel_product
from gatekit.intent.vpn import Pattern4
from gatekit.plan.addresses import peer_underlay, untrust_address, untrust_network
from gatekit.plan.network_device import CryptoSuite, TunnelEnd, TunnelPlan

TCP_IP_HEADERS = 40  # IPv4 inside, no options
PSK = "vpn_psk"


def tunnel_plan(intent: Intent) -> TunnelPlan:
    """Return the tunnel as our end sees it; the data centre's is ``mirrored()``."""
    site, centre, facts = intent.site, intent.data_centre, appliance().tunnel
    pattern_4 = isinstance(site.vpn, Pattern4)
    peer = centre.peers.internet if site.vpn.pattern in (1, 4) else centre.peers.closed_network
    # the CPE itself needs time and logs, so its net to the firewall is in the tunnel with the DMZ
    ours = (site.dmz.network,) if pattern_4 else (site.dmz.network, untrust_network(intent))
    underlay = facts.ipv4 if pattern_4 else facts.ipv6
    return TunnelPlan(
        name=facts.name,
        local=TunnelEnd(
            identity=f"gw-{site.hospital.id}.{centre.domain}",
            underlay=untrust_address(intent) if pattern_4 else None,
            networks=ours,
        ),
        remote=TunnelEnd(
            identity=peer.identity,
            underlay=peer_underlay(intent),
            networks=tuple(sorted(centre.networks)),
        ),
        suite=crypto_suite(intent),
        underlay="ipv4" if pattern_4 else "ipv6",
        psk=PSK,
        initiator=True,
        dpd_delay_s=facts.dpd_delay_s,
        ike_rekey_s=facts.ike_rekey_s,
        child_rekey_s=facts.child_rekey_s,
        tunnel_mtu=underlay.tunnel_mtu,
        mss=underlay.tunnel_mtu - TCP_IP_HEADERS,
    )


def crypto_suite(intent: Intent) -> CryptoSuite:
    """Return the one offer: HIGH is fixed, BASE takes the strongest group of the product that ends the tunnel."""
    level = intent.site.vpn.crypto
    facts = appliance().suites[level]
    strongest = products()[tunnel_product(intent.site)[1]].dh_groups[-1]
    return CryptoSuite(
        level=level,
        encryption=facts.encryption,
        integrity=facts.integrity,
        prf=facts.prf,
        dh_group=facts.dh_group or strongest,
    )
