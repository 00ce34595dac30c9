"""Configuration texts of the twin's own hosts: what stands around the appliance, not the appliance. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Interface, IPv6Network

from gatekit.plan.boundary import HospitalFirewallPlan
from gatekit.plan.flow import Endpoint, Flow, Protocol
from gatekit.plan.model import DataCentrePlan, PacsPeer
from gatekit.plan.network_device import TunnelPlan
from twin.topology import IPAddress, Leg, StaticRoute, Topology

_BLACKHOLE_METRIC = 4278  # behind any route that leads somewhere

ROUTES_UNIT = """\
[Unit]
Description=Static routes of this twin host
DefaultDependencies=no
Before=network.target multi-user.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip -batch /etc/twin/routes
[Install]
WantedBy=multi-user.target
"""

FILTER_UNIT = """\
[Unit]
Description=Packet filter of this twin host
DefaultDependencies=no
Before=network.target strongswan.service multi-user.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/twin/filter.nft
[Install]
WantedBy=multi-user.target
"""

STRONGSWAN_DROP_IN = """\
[Unit]
Requires=twin-filter.service
After=twin-filter.service twin-routes.service
"""

INTERNET_FILTER = """\
# The Internet carries no private addresses; what shows up is counted, as evidence of a leak, and dropped.
table inet twin
delete table inet twin
table inet twin {
  counter private_addresses { }
  counter ike_packets { }
  counter esp_packets { }
  set private { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ip saddr @private counter name private_addresses drop
    ip daddr @private counter name private_addresses drop
    udp dport 500 counter name ike_packets accept
    udp dport 4500 counter name esp_packets accept
    meta l4proto esp counter name esp_packets accept
  }
}
"""


def route_batch(routes: Iterable[StaticRoute]) -> str:
    """Return the input of ``ip -batch``."""
    lines = []
    for route in routes:
        if route.via is None:
            lines.append(f"route replace blackhole {route.network} metric {_BLACKHOLE_METRIC}")
        else:
            lines.append(f"route replace {route.network} via {route.via}")
    return "".join(f"{line}\n" for line in lines)


def address_batch(legs: Iterable[Leg], topology: Topology) -> str:
    """Return what corrects podman's addresses: a cable wider than its net, and an address the line will give."""
    lines = []
    for leg in legs:
        cable = topology.network(leg.network).subnet
        if leg.learnt:
            lines.append(f"address del {leg.address} dev {leg.interface}")
        elif leg.address.network.prefixlen != cable.prefixlen:
            lines.append(f"address add {leg.address} dev {leg.interface}")
            lines.append(f"address del {leg.address.ip}/{cable.prefixlen} dev {leg.interface}")
    return "".join(f"{line}\n" for line in lines)


def hospital_firewall_filter(firewall: HospitalFirewallPlan) -> str:
    """Return what the hospital's vendor makes of our request: its flows and their answers, nothing else (NW-5)."""
    rules = [
        f"    ip saddr {_among(flow.source)} ip daddr {_among(flow.destination)} "
        f'{_service(flow)} counter accept comment "{flow.id}"\n'
        for flow in firewall.flows
    ]
    return (
        "table inet twin\ndelete table inet twin\ntable inet twin {\n  chain forward {\n"
        "    type filter hook forward priority filter; policy drop;\n    ct state established,related accept\n"
        f'{"".join(rules)}    counter comment "refused"\n  }}\n}}\n'
    )


def _among(end: Endpoint) -> str:
    return f"{{ {', '.join(map(str, end.ipv4_networks))} }}"


def _service(flow: Flow) -> str:
    if flow.protocol is Protocol.ICMP:
        return "icmp type echo-request"
    return f"{flow.protocol} dport {{ {', '.join(map(str, flow.ports))} }}"


def ngn_filter(home_gateway: IPv4Interface | None) -> str:
    """Return the line's packet filter: what is private and should not be here is counted, as on the Internet.

    With a home gateway the CPE's one IPv4 address is translated, as MAP-E or DS-Lite would.
    """
    if home_gateway is None:
        return INTERNET_FILTER
    return (
        INTERNET_FILTER.replace("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16", "10.0.0.0/8, 172.16.0.0/12")
        + f"""\
table ip twin_home
delete table ip twin_home
table ip twin_home {{
  chain source {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr {home_gateway.network} oifname "wan0" masquerade
  }}
}}
"""
    )


def radvd(line: str, prefix: IPv6Network, *, delegated: bool) -> str:
    """Return the NGN's router advertisements: with Hikari Denwa only the way out, the prefix comes by DHCPv6."""
    own = "" if delegated else f"  prefix {prefix} {{ AdvOnLink on; AdvAutonomous on; }};\n"
    return (
        f"interface {line} {{\n  AdvSendAdvert on;\n  MinRtrAdvInterval 3;\n  MaxRtrAdvInterval 4;\n"
        f"  AdvManagedFlag {'on' if delegated else 'off'};\n  AdvOtherConfigFlag on;\n{own}}};\n"
    )


def kea(line: str, subnet: IPv6Network, delegated: IPv6Network) -> str:
    """Return the NGN's DHCPv6 server: one prefix, and a script that routes it to whoever has it."""
    settings = {
        "Dhcp6": {
            "interfaces-config": {"interfaces": [line]},
            "lease-database": {"type": "memfile", "persist": False},
            "valid-lifetime": 600,
            "subnet6": [
                {
                    "id": 1, "subnet": str(subnet), "interface": line,
                    "pd-pools": [
                        {
                            "prefix": str(delegated.network_address), "prefix-len": delegated.prefixlen,
                            "delegated-len": delegated.prefixlen,
                        }
                    ],
                }
            ],
            "hooks-libraries": [
                {
                    "library": "libdhcp_run_script.so",
                    "parameters": {"name": "/usr/share/kea/scripts/twin-route", "sync": False},
                }
            ],
        }
    }  # fmt: skip
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"


def home_gateway(line: str, address: IPv4Interface) -> str:
    """Return the home gateway's DHCP for IPv4."""
    first = address.network.network_address
    return (
        f"interface={line}\nbind-dynamic\nport=0\ndhcp-range={first + 100},{first + 150},{address.netmask},10m\n"
        f"dhcp-option=option:router,{address.ip}\n"
    )


def gateway_filter(tunnel: TunnelPlan, inside: str) -> str:
    """Return the data centre's packet filter: a hospital's network is reached inside the tunnel or not at all."""
    hospital = ", ".join(str(network) for network in tunnel.remote.networks)
    centre = ", ".join(str(network) for network in tunnel.local.networks)
    clamp = f"tcp flags syn / syn,rst tcp option maxseg size set {tunnel.mss}"
    return f"""\
table inet twin
delete table inet twin
table inet twin {{
  set hospital {{ type ipv4_addr; flags interval; elements = {{ {hospital} }} }}
  set centre {{ type ipv4_addr; flags interval; elements = {{ {centre} }} }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    oifname != "ipsec0" ip daddr @hospital counter drop comment "no-clear-to-hospital"
    iifname != "ipsec0" ip saddr @hospital counter drop comment "no-spoofed-hospital"
    oifname "ipsec0" {clamp}
    iifname "ipsec0" {clamp}
    iifname "ipsec0" oifname "{inside}" ip saddr @hospital ip daddr @centre counter accept
    iifname "{inside}" oifname "ipsec0" ip saddr @centre ip daddr @hospital counter accept
    counter drop comment "default-deny"
  }}
  chain output {{
    type filter hook output priority filter; policy accept;
    oifname != "ipsec0" ip daddr @hospital counter drop comment "no-clear-to-hospital-output"
  }}
}}
"""


def dnsmasq(listen: IPv4Address, domain: str, names: Mapping[str, IPAddress]) -> str:
    """Return the data centre's DNS: authoritative for its own names, everything else does not exist."""
    records = "".join(f"host-record={name},{address}\n" for name, address in sorted(names.items()))
    return (
        f"listen-address={listen}\nbind-interfaces\nport=53\nno-resolv\nno-hosts\nlocal=/{domain}/\naddress=/#/\n"
        f"log-queries\nlog-facility=/var/log/dnsmasq.log\n{records}"
    )


def lighttpd(listen: IPv4Address, path: str) -> str:
    """Return the package mirror's web server; ``path`` is the URL's, e.g. ``/debian``."""
    return (
        f'server.port = 80\nserver.bind = "{listen}"\nserver.document-root = "/srv/empty"\n'
        'server.modules = ("mod_alias", "mod_accesslog")\n'
        f'alias.url = ("{path.rstrip("/")}/" => "/srv/mirror/")\n'
        'server.pid-file = "/run/lighttpd.pid"\nserver.username = "www-data"\nserver.groupname = "www-data"\n'
        'accesslog.filename = "/var/log/lighttpd/access.log"\n'
        'mimetype.assign = ("" => "application/octet-stream")\n'
    )


def portal_vhosts(centre: DataCentrePlan) -> str:
    """Return the portal's two faces: inside the tunnel, and on the Internet with client certificates (OP-9)."""
    tls = (
        "  SSLEngine on\n  SSLProtocol -all +TLSv1.2 +TLSv1.3\n"
        "  SSLCertificateFile /etc/portal/portal.pem\n  SSLCertificateKeyFile /etc/portal/portal_key.pem\n"
        f"  ServerName {centre.portal_name}\n"
    )
    return (
        f"Listen {centre.portal}:443\nListen {centre.portal_public}:443\n"
        f"<VirtualHost {centre.portal}:443>\n{tls}  DocumentRoot /srv/portal/inside\n</VirtualHost>\n"
        f"<VirtualHost {centre.portal_public}:443>\n{tls}  DocumentRoot /srv/portal/public\n"
        "  SSLCACertificateFile /etc/portal/ca.pem\n  SSLVerifyClient require\n  SSLVerifyDepth 1\n</VirtualHost>\n"
        "<Directory /srv/portal>\n  Require all granted\n</Directory>\n"
    )


def orthanc(peer: PacsPeer, archive: tuple[str, IPv4Address, int]) -> str:
    """Return Orthanc's settings; ``archive`` is the Gateway's AE title, address and port, where C-MOVE stores to."""
    title, address, port = archive
    settings = {
        "Name": peer.name,
        "StorageDirectory": "/var/lib/orthanc/db-v6",
        "IndexDirectory": "/var/lib/orthanc/db-v6",
        "Plugins": [],
        "HttpPort": 8042,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAet": peer.ae_title,
        "DicomPort": peer.port,
        "DicomCheckCalledAet": True,
        "DicomAlwaysAllowEcho": False,
        "DicomAlwaysAllowFind": False,
        "DicomAlwaysAllowGet": False,
        "DicomAlwaysAllowMove": False,
        "DicomAlwaysAllowStore": False,
        "DicomCheckModalityHost": True,
        "DicomModalities": {
            "gateway": {
                "AET": title, "Host": str(address), "Port": port, "AllowEcho": True, "AllowFind": True,
                "AllowMove": True, "AllowGet": False, "AllowStore": False,
            }
        },
    }  # fmt: skip
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"
