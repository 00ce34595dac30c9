"""Who has which address: the appliance's are assigned by us, the TRUST side's by the hospital (NW-1, NW-3)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.catalogue.appliance import appliance
from gatekit.intent.load import Intent
from gatekit.intent.network import BoundaryFirewall
from gatekit.intent.rules.networks import transit_network
from gatekit.intent.vpn import Pattern4
from gatekit.model import Text
from gatekit.plan.flow import HOSPITAL, Address, AddressRow, NetworkRow, Zone

PURPOSE = {
    "esxi": Text(ja="仮想化ホスト ESXi（NIC1）", en="Virtualisation host ESXi (NIC1)"),
    "ups": Text(ja="UPS のネットワークカード", en="Network card of the UPS"),
    "vm1": Text(ja="Linux VM1：データ収集、DICOM アーカイブ", en="Linux VM1: data collection, DICOM archive"),
    "vm2": Text(ja="Linux VM2：Squid プロキシ", en="Linux VM2: Squid proxy"),
    "vm3": Text(ja="Windows VM3：保守用", en="Windows VM3: maintenance"),
    "staging_controller": Text(ja="構築・保守作業端末", en="Engineer's machine for build and maintenance"),
    "firewall.dmz": Text(ja="ファイアウォール DMZ 側", en="Firewall, DMZ side"),
    "firewall.trust": Text(ja="ファイアウォール TRUST 側", en="Firewall, TRUST side"),
    "firewall.untrust": Text(ja="ファイアウォール UNTRUST 側", en="Firewall, UNTRUST side"),
    "cpe.lan": Text(ja="CPE のファイアウォール側", en="CPE, firewall side"),
    "hospital_firewall.trust": Text(ja="病院側ファイアウォール TRUST 側", en="Hospital firewall, TRUST side"),
    "hospital_firewall.inside": Text(ja="病院側ファイアウォール 院内側", en="Hospital firewall, inner side"),
    "l3_switch": Text(ja="病院の L3 スイッチ", en="The hospital's L3 switch"),
    "line.gateway": Text(ja="プロバイダーのルーター", en="The provider's router"),
}

KIND_PURPOSE = {
    "his_servers": Text(ja="HIS サーバー", en="HIS servers"),
    "pacs": Text(ja="PACS", en="PACS"),
    "departments": Text(ja="部門システム", en="Departmental systems"),
    "his_clients": Text(ja="HIS 端末", en="HIS terminals"),
    "other": Text(ja="病院のその他のネットワーク", en="Other network of the hospital"),
}


def dmz_address(intent: Intent, name: str) -> IPv4Address:
    """Return the DMZ address of ``esxi``, ``vm1`` ...: its host number in the assigned /24."""
    return intent.site.dmz.network.network_address + appliance().host_numbers[name]


def untrust_network(intent: Intent) -> IPv4Network:
    """Return the network on the firewall's UNTRUST side: the line's in pattern 4, else the transit /30."""
    if isinstance(intent.site.vpn, Pattern4):
        return intent.site.vpn.line.network
    return transit_network(intent.site.dmz.network)


def untrust_address(intent: Intent) -> IPv4Address:
    """Return the firewall's UNTRUST address."""
    if isinstance(intent.site.vpn, Pattern4):
        return intent.site.vpn.line.global_address
    return untrust_network(intent).network_address + 2


def untrust_gateway(intent: Intent) -> IPv4Address:
    """Return where the firewall's default route points: the provider's router, or the CPE."""
    if isinstance(intent.site.vpn, Pattern4):
        return intent.site.vpn.line.gateway
    return untrust_network(intent).network_address + 1


def peer_underlay(intent: Intent) -> Address:
    """Return the address of the data centre's VPN device that this pattern's line reaches.

    Raises:
        KeyError: never for a valid intent; equipment_rules refuses a peer without it (GW131).
    """
    peers = intent.data_centre.peers
    peer = peers.internet if intent.site.vpn.pattern in (1, 4) else peers.closed_network
    address = peer.ipv4 if isinstance(intent.site.vpn, Pattern4) else peer.ipv6
    if address is None:
        raise KeyError(peer.identity)
    return address


def network_rows(intent: Intent) -> tuple[NetworkRow, ...]:
    """Return every network the plan speaks of, ours first."""
    site = intent.site
    pattern_4 = isinstance(site.vpn, Pattern4)
    untrust = Text(ja="インターネット回線", en="Internet line") if pattern_4 else Text(ja="CPE 接続", en="CPE transit")
    rows = [
        NetworkRow(
            name="dmz",
            zone=Zone.DMZ,
            network=site.dmz.network,
            purpose=Text(ja="DMZ（ID-Link Appliance）", en="DMZ (the appliance)"),
            assigned_by="us",
        ),
        NetworkRow(
            name="untrust",
            zone=Zone.UNTRUST,
            network=untrust_network(intent),
            purpose=untrust,
            assigned_by="provider" if pattern_4 else "us",
        ),
        NetworkRow(
            name="trust",
            zone=Zone.TRUST,
            network=site.trust.network,
            purpose=Text(ja="L3 スイッチとの接続", en="Link to the L3 switch"),
            assigned_by="hospital",
        ),
    ]
    if isinstance(site.boundary, BoundaryFirewall):
        rows.append(
            NetworkRow(
                name="boundary",
                zone=Zone.TRUST,
                network=site.boundary.inside_network,
                purpose=Text(ja="病院側 FW と L3 スイッチの間", en="Hospital firewall to L3 switch"),
                assigned_by="hospital",
            )
        )
    rows += [
        NetworkRow(
            name=f"{HOSPITAL}{row.name}",
            zone=Zone.TRUST,
            network=row.network,
            purpose=KIND_PURPOSE[row.kind],
            assigned_by="hospital",
        )
        for row in site.networks
    ]
    rows += [
        NetworkRow(
            name="data_centre" if not index else f"data_centre.{index + 1}",
            zone=Zone.DATA_CENTRE,
            network=network,
            purpose=Text(ja="データセンター", en="Data centre"),
            assigned_by="us",
        )
        for index, network in enumerate(intent.data_centre.networks)
    ]
    return tuple(rows)


def address_rows(intent: Intent) -> tuple[AddressRow, ...]:
    """Return every address of the appliance and its neighbours, DMZ first."""
    site, numbers = intent.site, appliance().host_numbers
    dmz = [(name, "dmz", dmz_address(intent, name), "us") for name in numbers if name != "firewall"]
    dmz.append(("firewall.dmz", "dmz", dmz_address(intent, "firewall"), "us"))
    pattern_4 = isinstance(site.vpn, Pattern4)
    line = ("line.gateway", "provider") if pattern_4 else ("cpe.lan", "us")
    others = [
        ("firewall.untrust", "untrust", untrust_address(intent), line[1]),
        (line[0], "untrust", untrust_gateway(intent), line[1]),
        ("firewall.trust", "trust", site.trust.firewall_address, "hospital"),
    ]
    if isinstance(site.boundary, BoundaryFirewall):
        others += [
            ("hospital_firewall.trust", "trust", site.boundary.address, "hospital"),
            ("hospital_firewall.inside", "boundary", site.boundary.inside_address, "hospital"),
            ("l3_switch", "boundary", site.l3_switch.address, "hospital"),
        ]
    else:
        others.append(("l3_switch", "trust", site.l3_switch.address, "hospital"))
    networks = {row.name: row.network for row in network_rows(intent)}
    return tuple(
        AddressRow.model_validate(
            {
                "name": name,
                "network": network,
                "address": address,
                "prefix_length": networks[network].prefixlen,
                "purpose": PURPOSE[name],
                "assigned_by": by,
            }
        )
        for name, network, address, by in [*dmz, *others]
    )
