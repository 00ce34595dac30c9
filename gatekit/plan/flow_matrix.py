"""The flow matrix: every permitted flow of one site, computed once.

Firewall policies, packet filters, Squid's ACLs, the reachability tests and the hand-over document
are all made from it; nobody writes a port number anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from gatekit.catalogue import products
from gatekit.catalogue.appliance import appliance
from gatekit.intent.load import Intent
from gatekit.intent.ups import NetworkCard
from gatekit.intent.vpn import Pattern4
from gatekit.model import Text
from gatekit.plan.endpoints import Endpoints
from gatekit.plan.flow import Endpoint, Flow, Protocol
from gatekit.plan.topology import Links, links, other_services, way

type Service = tuple[Protocol, tuple[int, ...], str]
"""Protocol, ports, and the name of what listens."""

TCP, UDP, ESP, ICMP = Protocol.TCP, Protocol.UDP, Protocol.ESP, Protocol.ICMP


def flow_matrix(intent: Intent) -> tuple[Flow, ...]:
    """Return the site's flows in the order a reader meets them: use, data, operation, maintenance, tunnel."""
    builder = _Matrix(intent, links(intent))
    flows = (
        *builder.proxy(),
        *builder.portal(),
        *builder.hospital(),
        *builder.operation(),
        *builder.power(),
        *builder.maintenance(),
        *builder.tunnel(),
        *builder.other_services(),
    )
    return tuple(flows)


def package_url(intent: Intent) -> str:
    """Return where the Linux guests get their packages: the site's own mirror, else the data centre's."""
    return intent.site.packages.url if intent.site.packages else intent.data_centre.mirror.url


class _Matrix:
    def __init__(self, intent: Intent, cabling: Links) -> None:
        self.intent, self.cabling = intent, cabling
        self.at = Endpoints(intent)
        self.ports = appliance().ports

    def flow(
        self,
        flow_id: str,
        requirement: str,
        ends: tuple[Endpoint, Endpoint],
        service: Service,
        ja: str,
        en: str,
    ) -> Flow:
        source, destination = ends
        protocol, ports, listener = service
        return Flow(
            id=flow_id,
            requirement=requirement,
            source=source,
            destination=destination,
            protocol=protocol,
            ports=ports,
            purpose=Text(ja=ja, en=en),
            listener=listener,
            route=way(self.cabling, source, destination),
        )

    def proxy(self) -> Iterator[Flow]:
        """HC-1, HC-2: terminals to the proxy, the proxy to the portal, nothing else."""
        at, ports = self.at, self.ports
        terminals = (at.his_clients, at.vm2)
        yield self.flow(
            "proxy.terminals",
            "HC-1",
            terminals,
            (TCP, (ports["proxy"],), "squid"),
            "HIS 端末から Squid プロキシ",
            "HIS terminals to the Squid proxy",
        )
        yield self.flow(
            "proxy.settings",
            "HC-2",
            terminals,
            (TCP, (ports["http"],), "lighttpd"),
            "プロキシ設定（PAC ファイル）の配布",
            "Proxy settings (PAC file) for the terminals",
        )
        yield self.flow(
            "proxy.portal",
            "HC-1",
            (at.vm2, at.portal),
            (TCP, (self.intent.data_centre.portal.port,), "portal"),
            "プロキシからポータル",
            "Proxy to the portal",
        )
        if self.intent.site.proxy.other_destinations:
            yield self.flow(
                "proxy.other",
                "HC-1",
                (at.vm2, at.data_centre),
                (TCP, (ports["https"],), "other_destinations"),
                "プロキシからその他の許可サイト",
                "Proxy to the other permitted names",
            )

    def portal(self) -> Iterator[Flow]:
        """AP-2: the portal reads what the Gateway publishes."""
        yield self.flow(
            "publish.portal",
            "AP-2",
            (self.at.portal, self.at.vm1),
            (TCP, (self.ports["https"],), "apache"),
            "ポータルから公開データの参照",
            "The portal reads the published records",
        )

    def hospital(self) -> Iterator[Flow]:
        """IN-1, IN-2: PACS and the linked systems."""
        for pacs in self.intent.site.pacs:
            end = self.at.hospital(f"pacs.{pacs.name}", pacs.address)
            yield self.flow(
                f"pacs.query.{pacs.name}",
                "IN-2",
                (self.at.vm1, end),
                (TCP, (pacs.port,), "pacs"),
                "PACS への照会と取得要求（C-FIND、C-MOVE）",
                "Query and retrieve requests to the PACS (C-FIND, C-MOVE)",
            )
            yield self.flow(
                f"pacs.store.{pacs.name}",
                "IN-2",
                (end, self.at.vm1),
                (TCP, (self.intent.site.archive.port,), "archive"),
                "PACS からの画像送信（C-STORE）",
                "Images sent by the PACS (C-STORE)",
            ).model_copy(update={"bandwidth_mbit_s": pacs.bandwidth_mbit_s})
        for system in self.intent.site.linked_systems:
            end = self.at.hospital(f"system.{system.name}", system.address)
            outward = system.direction == "from_gateway"
            yield self.flow(
                f"link.{system.name}",
                "IN-1",
                (self.at.vm1, end) if outward else (end, self.at.vm1),
                (TCP, (system.port,), "linked_system" if outward else "gateway_service"),
                f"院内システム連携（{system.name}、{system.protocol}）",
                f"Link with the hospital's {system.name} ({system.protocol})",
            )

    def operation(self) -> Iterator[Flow]:
        """Names, time, logs and packages, all from the data centre through the tunnel (NW-6)."""
        at, ports = self.at, self.ports
        rows = (
            ("dns", UDP, ports["dns"], "dns", "名前解決", "Names"),
            ("dns_tcp", TCP, ports["dns"], "dns", "名前解決（TCP）", "Names (TCP)"),
            ("ntp", UDP, ports["ntp"], "ntp", "時刻同期", "Time"),
            ("syslog", TCP, ports["syslog"], "syslog", "ログ転送", "Logs"),
        )
        for name, protocol, port, listener, ja, en in rows:
            service = (protocol, (port,), listener)
            yield self.flow(f"{name}.appliance", "NW-6", (at.appliance, at.services), service, ja, en)
            yield self.flow(
                f"{name}.firewall", "NW-6", (at.firewall_dmz, at.services), service, f"{ja}（FW）", f"{en} (firewall)"
            )
            if at.cpe:
                if name == "syslog" and self._cpe_logs_by_udp():
                    service = (UDP, (port,), listener)
                yield self.flow(f"{name}.cpe", "NW-6", (at.cpe, at.services), service, f"{ja}（CPE）", f"{en} (CPE)")
        url = urlsplit(package_url(self.intent))
        if url.scheme in ("http", "https"):
            port = url.port or ports[url.scheme]
            yield self.flow(
                "packages.linux_vms",
                "AP-8",
                (at.linux_vms, at.services),
                (TCP, (port,), "mirror"),
                "パッケージの取得",
                "Packages",
            )

    def power(self) -> Iterator[Flow]:
        """AP-5: VM2 hears of the UPS, tells VM1, and stops the machines and the host."""
        at, ports, ups = self.at, self.ports, self.intent.site.ups
        if ups is None:
            return
        if isinstance(ups.connection, NetworkCard):
            asked = (UDP, (ports["snmp"],), "ups")
            yield self.flow("ups.card", "AP-5", (at.vm2, at.ups), asked, "UPS の状態監視", "The state of the UPS")
        told = (TCP, (ports["nut"],), "upsd")
        yield self.flow("ups.state", "AP-5", (at.vm1, at.vm2), told, "UPS の状態の通知", "The state of the UPS, to VM1")
        stopped = (TCP, (ports["https"],), "esxi")
        yield self.flow(
            "ups.shutdown", "AP-5", (at.vm2, at.esxi), stopped, "停電時の順序停止", "Shutdown in order on power failure"
        )

    def _cpe_logs_by_udp(self) -> bool:
        vpn = self.intent.site.vpn
        return not isinstance(vpn, Pattern4) and products()[vpn.cpe.product].syslog == "udp"

    def maintenance(self) -> Iterator[Flow]:
        """AP-4, AP-8, OP-7: from VM3 and the engineer's machine in the DMZ, and from our support."""
        at, ports = self.at, self.ports
        targets: tuple[tuple[str, Endpoint, Service, str], ...] = (
            ("esxi", at.esxi, (TCP, (ports["https"],), "esxi"), "ESXi"),
            ("linux_vms", at.linux_vms, (TCP, (ports["ssh"],), "sshd"), "Linux VM"),
            ("firewall", at.firewall_dmz, (TCP, (ports["ssh"],), "sshd"), "firewall"),
            *((("cpe", at.cpe, (TCP, (ports["ssh"],), "sshd"), "CPE"),) if at.cpe else ()),
        )
        ssh = (ports["ssh"],) if self.intent.site.windows.openssh else ()
        windows: tuple[str, Endpoint, Service, str] = (
            "vm3",
            at.vm3,
            (TCP, (*ssh, ports["rdp"], ports["winrm"]), "windows"),
            "Windows VM",
        )
        for name, target, service, title in targets:
            yield self.flow(
                f"maintain.{name}",
                "AP-4",
                (at.maintenance, target),
                service,
                f"DMZ 内からの保守（{title}）",
                f"Maintenance from within the DMZ ({title})",
            )
        yield self.flow(
            f"maintain.{windows[0]}",
            "AP-4",
            (at.staging_controller, windows[1]),
            windows[2],
            "DMZ 内からの保守（Windows VM）",
            "Maintenance from within the DMZ (Windows VM)",
        )
        for name, target, service, title in (*targets, windows):
            yield self.flow(
                f"support.{name}",
                "OP-7",
                (at.operations, target),
                service,
                f"サポートセンターからの遠隔保守（{title}）",
                f"Remote maintenance by support ({title})",
            )
        pinged = (("appliance", at.appliance), ("firewall", at.firewall_dmz), ("cpe", at.cpe))
        for name, target in ((name, end) for name, end in pinged if end):
            yield self.flow(
                f"ping.{name}",
                "OP-7",
                (at.operations, target),
                (ICMP, (), "host"),
                "サポートセンターからの疎通確認",
                "Reachability checks by support",
            )

    def tunnel(self) -> Iterator[Flow]:
        """NW-6: IKE and ESP between the data centre's VPN device and the firewall or CPE that ends the tunnel."""
        gateway, requirement = self.at.gateway, f"VPN-{self.intent.site.vpn.pattern}"
        ours = self.at.cpe_wan if self.at.cpe else self.at.firewall_untrust
        ike = (UDP, (self.ports["ike"], self.ports["ike_nat"]), "ike")
        for direction, ends in (("out", (ours, gateway)), ("in", (gateway, ours))):
            yield self.flow(
                f"ike.{direction}", requirement, ends, ike, "VPN の鍵交換（IKE）", "Key exchange of the VPN (IKE)"
            )
            yield self.flow(
                f"esp.{direction}",
                requirement,
                ends,
                (ESP, (), "ike"),
                "VPN の暗号化通信（ESP）",
                "The VPN's packets (ESP)",
            )

    def other_services(self) -> Iterator[Flow]:
        """VPN-1: what else the same line carries, in clear and outside the tunnel; these and no others."""
        users = {"gateway": self.at.vm1, "proxy": self.at.vm2}
        for row in other_services(self.intent.site.vpn):
            yield self.flow(
                f"other.{row.name}",
                "VPN-1",
                (users[row.used_by], self.at.others[row.name]),
                (Protocol(row.protocol), (row.port,), "other_service"),
                f"同じ回線を使うその他のサービス（{row.name}）",
                f"Other service on the same line ({row.name})",
            )
