"""What is read on the devices themselves, by other means than those that configured them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.flow_checks import NO_FIREWALL_READER, SAS, no_tunnel_reader
from gatekit.verify.hardening_checks import hardening_checks
from gatekit.verify.model import Check, Kind, NotRun
from gatekit.verify.readings import NO_HOST, Row, check_of, unless
from gatekit.verify.targets import Targets
from gatekit.verify.windows_checks import windows_hardware_check

ADDRESSES = "ip -j address show"
SOCKETS = "ss -H -l -n -t -u"
FAILED_UNITS = "systemctl list-units --state=failed --no-legend --plain"
SQUID = ("systemctl show --property=ActiveState,SubState squid.service", "squid -v")
SWITCH_ROUTES = "vtysh -c 'show ip route json'"
RULESET = "nft -j list ruleset"
NO_SWITCH_READER = Text(
    ja="このL3スイッチ製品の状態を読む手段がない", en="the state of this L3 switch product is not read"
)
NO_ESXI = Text(ja="ESXi APIへの接続がない", en="no connection to the ESXi API")


def state_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    """Yield the checks read on the firewall, the L3 switch, the guests and ESXi."""
    yield from _firewall_checks(plan, targets)
    yield from _switch_checks(plan, targets)
    for vm in plan.vms:
        if vm.guest == "debian13":
            yield from _guest_checks(targets, vm.name)
    yield from _esxi_checks(targets)
    yield from hardening_checks(targets, None if targets.esxi is not None else NO_ESXI)
    yield windows_hardware_check(targets, None if targets.esxi is not None else NO_ESXI)


def _firewall_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    reason = None if plan.firewall.product == "linux" else NO_FIREWALL_READER
    reason = reason if "firewall" in targets.hosts else NO_HOST
    for row in _zone_rows():
        yield unless(check_of(targets, "firewall", row), reason)
    for row in _tunnel_rows(plan):
        yield unless(check_of(targets, plan.tunnel_device, row), no_tunnel_reader(plan, targets))


def _zone_rows() -> tuple[Row, ...]:
    return (
        Row(
            "address.dmz_rule",
            Kind.ADDRESS,
            "NW-1",
            Text(
                ja="DMZは10.16X.XXX.0/24で、FWのDMZ側は.254",
                en="The DMZ is 10.16X.XXX.0/24 and the firewall's DMZ address .254",
            ),
            Text(ja="装置上の実アドレスが規則どおり", en="the live address keeps the rule"),
            (ADDRESSES,),
            "dmz_rule",
        ),
        Row(
            "address.firewall_trust",
            Kind.TRUST_ADDRESS,
            "NW-3",
            Text(
                ja="FWのTRUST側は病院が指定したアドレス", en="The firewall's TRUST address is the one the hospital gave"
            ),
            Text(ja="装置上の実アドレスが計画と一致", en="the live address equals the plan"),
            (ADDRESSES,),
            "trust_address",
        ),
        Row(
            "zones.firewall",
            Kind.ZONES,
            "AP-6",
            Text(
                ja="FWはUNTRUST・DMZ・TRUSTの3ゾーンを持ち、転送は既定で拒否",
                en="The firewall has the zones UNTRUST, DMZ and TRUST and forwards nothing by default",
            ),
            Text(ja="3つのアドレスと既定拒否", en="three addresses, policy drop"),
            (ADDRESSES, RULESET),
            "zones",
        ),
    )


def _tunnel_rows(plan: Plan) -> tuple[Row, ...]:
    ours = "firewall.dmz" if plan.tunnel_device == "firewall" else "cpe.lan"
    way = f"ip -j route get {plan.data_centre.portal} from {plan.address(ours)}"
    device = Text(ja="FW", en="firewall") if plan.tunnel_device == "firewall" else Text(ja="CPE", en="CPE")
    return (
        Row(
            "tunnel.algorithms",
            Kind.PATTERN,
            f"VPN-{plan.pattern}",
            Text(
                ja=f"{device.ja}がVPNを終端し、暗号方式は計画どおり",
                en=f"The {device.en} ends the VPN and negotiated the planned algorithms",
            ),
            Text(ja="折衝結果が計画と一致", en="what was negotiated equals the plan"),
            (SAS,),
            "tunnel_algorithms",
        ),
        Row(
            "tunnel.state",
            Kind.TUNNEL,
            "NW-6",
            Text(ja="データセンターへのIPsecトンネルが確立している", en="The IPsec tunnel to the data centre is up"),
            Text(ja="IKEv2が確立し、対象ネットワークが計画どおり", en="IKEv2 established, networks as planned"),
            (SAS,),
            "tunnel_state",
        ),
        Row(
            "tunnel.counters",
            Kind.TUNNEL,
            "NW-6",
            Text(ja="通信が実際にトンネルを通っている", en="The traffic really passes the tunnel"),
            Text(ja="送受信カウンターが増える", en="both counters grow"),
            (SAS,),
            "tunnel_counters",
            twice=True,
        ),
        Row(
            "tunnel.no_clear",
            Kind.TUNNEL,
            "NW-6",
            Text(ja="データセンター宛ての通信は平文で出ない", en="Traffic for the data centre never leaves in clear"),
            Text(
                ja="経路はトンネル、平文は破棄規則あり", en="the route is the tunnel, and a rule drops the clear path"
            ),
            (way, ADDRESSES, RULESET),
            "no_clear",
        ),
    )


def _switch_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    reason = None if plan.l3_switch.product == "frr" else NO_SWITCH_READER
    reason = reason if "l3_switch" in targets.hosts else NO_HOST
    rows = (
        Row(
            "route.l3_switch",
            Kind.ROUTE,
            "NW-4",
            Text(ja="L3スイッチにDMZへの経路がちょうど1本ある", en="The L3 switch has exactly our route to the DMZ"),
            Text(ja="次ホップはFWのTRUST側のみ", en="the only next hop is the firewall's TRUST address"),
            (SWITCH_ROUTES,),
            "switch_route",
        ),
        Row(
            "overlap.dmz",
            Kind.OVERLAP,
            "NW-2",
            Text(ja="DMZが他のどのネットワークとも重ならない", en="The DMZ overlaps no other network"),
            Text(ja="計画と実際の経路表の両方で重複なし", en="no overlap in the plan nor in the live routing table"),
            (SWITCH_ROUTES,),
            "overlap",
        ),
    )
    for row in rows:
        yield unless(check_of(targets, "l3_switch", row), reason)


def _guest_checks(targets: Targets, name: str) -> Iterator[Check | NotRun]:
    rows = [
        Row(
            f"address.{name}",
            Kind.ADDRESS,
            "NW-1",
            Text(ja=f"{name}のアドレスは計画どおり", en=f"{name} has the planned address"),
            Text(ja="ほかのアドレスはない", en="and no other"),
            (ADDRESSES,),
            "guest_address",
        ),
        Row(
            f"listening.{name}",
            Kind.LISTENING,
            "AP-6",
            Text(
                ja=f"{name}では計画にないポートが待ち受けていない",
                en=f"Nothing listens on {name} that the plan does not know",
            ),
            Text(ja="待受ポート＝計画", en="listening ports = plan"),
            (SOCKETS,),
            "listening",
        ),
        Row(
            f"service.{name}.units",
            Kind.SERVICE,
            "AP-8",
            Text(ja=f"{name}に失敗したサービスがない", en=f"No unit has failed on {name}"),
            Text(ja="失敗0件", en="none failed"),
            (FAILED_UNITS,),
            "no_failed_unit",
        ),
    ]
    if name == "vm2":
        rows.append(
            Row(
                "service.squid",
                Kind.SERVICE,
                "AP-3",
                Text(ja="VM2でSquidが稼働している", en="Squid runs on VM2"),
                Text(ja="稼働中、版を記録", en="active, version recorded"),
                SQUID,
                "squid",
            )
        )
    for row in rows:
        yield unless(check_of(targets, name, row), None if name in targets.hosts else NO_HOST)


def _esxi_checks(targets: Targets) -> Iterator[Check | NotRun]:
    rows = (
        (
            "machines",
            "計画の全VMが起動し、ゲストのアドレスが計画どおり",
            "Every planned VM is powered on with its planned guest address",
            "全VMが起動",
            "all powered on",
        ),
        (
            "autostart",
            "全VMが計画の順序で自動起動する",
            "Every VM starts by itself in the planned order",
            "自動起動の順序が計画と一致",
            "autostart order equals the plan",
        ),
        (
            "network",
            "NIC1がDMZの仮想スイッチにあり、全VMがそこに接続",
            "NIC1 is in the DMZ's vSwitch and every VM hangs on it",
            "全VMのNICが計画のポートグループ",
            "every VM's card is in the planned port group",
        ),
    )
    for word, ja, en, want_ja, want_en in rows:
        title, expected = Text(ja=ja, en=en), Text(ja=want_ja, en=want_en)
        row = Row(f"esxi.{word}", Kind.ESXI, "AP-1", title, expected, ("esxi",), f"esxi_{word}")
        yield unless(check_of(targets, "esxi", row), None if targets.esxi is not None else NO_ESXI)
