"""One check for each permitted flow, from its real source to its real destination. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from gatekit.catalogue.appliance import appliance
from gatekit.model import Text
from gatekit.plan.flow import Endpoint, Flow, Protocol, Zone
from gatekit.plan.model import Plan
from gatekit.probes.target import ProbeTarget
from gatekit.verify.model import Check, Kind, NotRun, Operation, Reading
from gatekit.verify.targets import Targets

TIMEOUT_S = 5.0
BANNERS = {"sshd": "SSH-2.0"}
SAS = "swanctl --list-sas --raw"

NO_PROBE = Text(
    ja="送信元に検査用のホストがない",
    en="no probe host stands at the source",
)
WHOLE_NETWORK = Text(
    ja="宛先がネットワーク全体であり、代表するホストがない",
    en="the destination is a whole network; no single host stands for it",
)
NO_SPEECH = Text(ja="このUDPサービスの検査手順がない", en="no question is known that this UDP service answers")

ANSWERS = Text(ja="サービスが応答する", en="the service answers")
ARRIVES = Text(
    ja="パケットが宛先に届く（サービスは未構築のため、宛先自身の拒否も可）",
    en="the packets arrive (the service is not built yet, a refusal by the destination itself counts)",
)


def flow_checks(plan: Plan, targets: Targets) -> Iterator[Check | NotRun]:
    """Yield a check, or the reason why there is none, for each source, destination and port of each flow."""
    for flow in plan.flows:
        if flow.listener == "ike":
            yield _tunnel_flow(plan, targets, flow)
            continue
        for source in flow.source.ipv4_networks:
            for destination in flow.destination.ipv4_networks:
                if source != destination:
                    yield from _between(plan, targets, flow, source, destination)


def name_of(plan: Plan, network: IPv4Network, end: Endpoint) -> str:
    """Return the plan's name of one end's address, e.g. ``vm1``, else the end's own name."""
    for row in plan.addresses:
        if network.prefixlen == 32 and row.address == network.network_address:
            return row.name
    return end.name


def probe_in(targets: Targets, network: IPv4Network, zone: Zone) -> tuple[str, ProbeTarget] | None:
    """Return the probe host inside a network, by name where several are; the firewall is found by its zone."""
    for name, probe in sorted(targets.probes.items()):
        if probe.address in network or (zone is Zone.FIREWALL and probe.zone is Zone.FIREWALL):
            return name, probe
    return None


def tier(targets: Targets, *names: str) -> int:
    """Return the weaker proof of those ends: 2 as soon as one is a simulator."""
    return max([1, *(targets.tiers[name] for name in names if name in targets.tiers)])


def _between(
    plan: Plan, targets: Targets, flow: Flow, source: IPv4Network, destination: IPv4Network
) -> Iterator[Check | NotRun]:
    ends = name_of(plan, source, flow.source), name_of(plan, destination, flow.destination)
    probe = probe_in(targets, source, flow.source.zone)
    reason = _reason(targets, ends, destination, found=probe is not None)
    for port in flow.ports or (0,):
        identity = f"reach.{flow.id}.{ends[0]}.{ends[1]}" + (f".{port}" if port else "")
        if reason is None and probe is not None:
            yield _flow_check(plan, targets, flow, (probe[0], ends[0], ends[1]), destination.network_address, port)
        else:
            yield NotRun(identity, flow.requirement, _title(flow, ends, port), reason or NO_PROBE)


def _reason(targets: Targets, ends: tuple[str, str], destination: IPv4Network, *, found: bool) -> Text | None:
    for name in ends:
        if name in targets.absent:
            return targets.absent[name]
    if destination.prefixlen < 32:
        return WHOLE_NETWORK
    return None if found else NO_PROBE


def _title(flow: Flow, ends: tuple[str, str], port: int) -> Text:
    way = f"{ends[0]} → {ends[1]} {flow.protocol.value}" + (f"/{port}" if port else "")
    return Text(ja=f"{flow.purpose.ja}（{way}）", en=f"{flow.purpose.en} ({way})")


def _flow_check(
    plan: Plan, targets: Targets, flow: Flow, names: tuple[str, str, str], address: IPv4Address, port: int
) -> Check | NotRun:
    probe, source, destination = names
    built = flow.protocol is Protocol.ICMP or flow.listener in appliance().built_listeners
    identity = f"reach.{flow.id}.{source}.{destination}" + (f".{port}" if port else "")
    asked = _question(plan, targets, flow, address, port)
    if asked is None:
        return NotRun(identity, flow.requirement, _title(flow, (source, destination), port), NO_SPEECH)
    operation, accepts, detail = asked
    return Check(
        id=identity,
        kind=Kind.REACH if built else Kind.PATH,
        requirement=flow.requirement,
        title=_title(flow, (source, destination), port),
        source=probe,
        destination=destination,
        protocol=flow.protocol.value,
        port=str(port) if port else "",
        expected=ANSWERS if built else ARRIVES,
        tier=tier(targets, source, destination),
        asks=operation,
        accepts=accepts if built else ("accepted", "refused"),
        detail=detail if built else "",
        proof=identity if operation.op == "syslog" else "",
    )


def _question(
    plan: Plan, targets: Targets, flow: Flow, address: IPv4Address, port: int
) -> tuple[Operation, tuple[str, ...], str] | None:
    """Return what is asked, the outcomes that prove the flow, and what the answer must contain."""
    to = (("address", str(address)), ("port", port), ("timeout_s", TIMEOUT_S))
    match flow.protocol, flow.listener:
        case Protocol.ICMP, _:
            return Operation("ping", to), ("answered",), ""
        case Protocol.UDP, "dns":
            name = ("name", plan.data_centre.portal_name)
            return Operation("dns", (*to, name)), ("answered",), str(plan.data_centre.portal)
        case Protocol.UDP, "ntp":
            return Operation("ntp", to), ("answered",), ""
        case protocol, "syslog" if targets.log is not None:
            return Operation("syslog", (*to, ("protocol", protocol.value))), ("found",), ""
        case Protocol.TCP, listener:
            banner = BANNERS.get(listener, "")
            return Operation("tcp", (*to, ("banner", bool(banner)))), ("accepted",), banner
        case _:
            return None


def _tunnel_flow(plan: Plan, targets: Targets, flow: Flow) -> Check | NotRun:
    """IKE and ESP are proved by the tunnel they carry: its state, and counters that move with the traffic."""
    ports = ",".join(map(str, flow.ports))
    title = _title(flow, (flow.source.name, flow.destination.name), 0)
    reason = no_tunnel_reader(plan, targets)
    if reason is not None:
        return NotRun(f"reach.{flow.id}", flow.requirement, title, reason)
    esp = flow.protocol is Protocol.ESP
    return Check(
        id=f"reach.{flow.id}",
        kind=Kind.TUNNEL,
        requirement=flow.requirement,
        title=title,
        source=flow.source.name,
        destination=flow.destination.name,
        protocol=flow.protocol.value,
        port=ports,
        expected=Text(ja="ESPのカウンターが通信とともに増える", en="the ESP counters grow with the traffic")
        if esp
        else Text(ja="IKE SAが確立している", en="the IKE SA is established"),
        tier=tier(targets, plan.tunnel_device),
        asks=Reading(plan.tunnel_device, (SAS,), "tunnel_counters" if esp else "tunnel_state", twice=esp),
    )


def no_tunnel_reader(plan: Plan, targets: Targets) -> Text | None:
    """Return why the device that ends the tunnel is not read here; None where it is."""
    ends_it = plan.firewall if plan.cpe is None else plan.cpe
    if plan.tunnel_device in targets.hosts and ends_it.product == "linux":
        return None
    return NO_FIREWALL_READER if plan.cpe is None else NO_CPE_READER


NO_CPE_READER = Text(ja="このCPE製品の状態を読む手段がない", en="the state of this CPE product is not read")
NO_FIREWALL_READER = Text(
    ja="このファイアウォール製品の状態を読む手段がない", en="the state of this firewall product is not read"
)
