"""The guest's own packet filter, from the flows with one end at the guest."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

from gatekit.plan.appliance import VmPlan
from gatekit.plan.flow import Endpoint, Flow, Protocol
from gatekit.render.flows import incoming, outgoing
from gatekit.render.text import RenderedFile, header, render

__all__ = ["DROP_LOG_GROUP", "packet_filter"]

DROP_LOG_GROUP = 5
"""NFLOG group ulogd reads: plain ``log`` writes to the host's kernel log, which a container cannot see."""


BYTES_IN_MBIT = 125_000
LEAST_BURST_BYTES = 65_536
"""One receive offload batch: less would drop part of every batch at any rate."""


def packet_filter(vm: VmPlan) -> RenderedFile:
    """Return ``/etc/nftables.conf``: one table of ours that drops what is not in the flow matrix."""
    content = render(
        "guest",
        "nftables.conf.j2",
        header=header(f"vms.{vm.name}.flows"),
        limits=[
            _limit(flow, flow.bandwidth_mbit_s) for flow in incoming(vm.flows, vm.address) if flow.bandwidth_mbit_s
        ],
        incoming=[_rule(flow, "saddr", flow.source) for flow in incoming(vm.flows, vm.address)],
        replies=[_reply(flow) for flow in incoming(vm.flows, vm.address) if flow.listener == "sshd"],
        outgoing=[_rule(flow, "daddr", flow.destination) for flow in outgoing(vm.flows, vm.address)],
        log_group=DROP_LOG_GROUP,
    )
    return RenderedFile(path="/etc/nftables.conf", content=content, checker="nft --check --file %s")


def _limit(flow: Flow, mbit_s: int) -> str:
    """Return the rule that drops what comes too fast; TCP slows down to what is left.

    It stands before the rule for established connections. The kernel gives one second's worth on top at first;
    over 20 s a limit of 100 Mbit/s let 103.9 Mbit/s through, one of 10 Mbit/s 10.5 (measured between two guests).
    """
    peers, ports = _set(_text(net) for net in flow.source.ipv4_networks), _set(str(port) for port in flow.ports)
    rate, burst = mbit_s * BYTES_IN_MBIT, max(mbit_s * BYTES_IN_MBIT // 8, LEAST_BURST_BYTES)
    match = f"ip saddr {peers} {flow.protocol} dport {ports} limit rate over {rate} bytes/second burst {burst} bytes"
    return f'{match} counter drop comment "{flow.id}.bandwidth"'


def _rule(flow: Flow, side: str, peer: Endpoint) -> str:
    """Return one rule; its comment is the flow's id, its counter is evidence."""
    match flow.protocol:
        case Protocol.TCP | Protocol.UDP:
            service = f"{flow.protocol} dport {_set(str(port) for port in flow.ports)}"
        case Protocol.ICMP:
            service = "icmp type echo-request"
        case Protocol.ESP:
            service = "meta l4proto esp"
    return f'ip {side} {_set(_text(net) for net in peer.ipv4_networks)} {service} counter accept comment "{flow.id}"'


def _reply(flow: Flow) -> str:
    """Return the rule for answers of a session that began before the kernel tracked connections.

    Loading the first table that asks for ``ct state`` starts the tracking. The very SSH session that loads it is
    unknown then, and its next packet is our answer: without this rule the session hangs until it times out.
    No connection can be opened by it, since a first packet (SYN without ACK) does not match.
    """
    peers, ports = _set(_text(net) for net in flow.source.ipv4_networks), _set(str(port) for port in flow.ports)
    return f'ip daddr {peers} tcp sport {ports} tcp flags & (syn | ack) == ack counter accept comment "{flow.id}.reply"'


def _text(network: IPv4Network) -> str:
    return str(network.network_address) if network.prefixlen == 32 else str(network)


def _set(members: Iterable[str]) -> str:
    listed = tuple(members)
    return listed[0] if len(listed) == 1 else "{ " + ", ".join(listed) + " }"
