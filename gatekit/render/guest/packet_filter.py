"""The guest's own packet filter, from the flows with one end at the guest."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

from gatekit.plan.model import Endpoint, Flow, Protocol, VmPlan
from gatekit.render.flows import incoming, outgoing
from gatekit.render.text import RenderedFile, header, render

__all__ = ["DROP_LOG_GROUP", "packet_filter"]

DROP_LOG_GROUP = 5
"""NFLOG group ulogd reads: plain ``log`` writes to the host's kernel log, which a container cannot see."""


def packet_filter(vm: VmPlan) -> RenderedFile:
    """Return ``/etc/nftables.conf``: one table of ours that drops what is not in the flow matrix."""
    content = render(
        "guest",
        "nftables.conf.j2",
        header=header(f"vms.{vm.name}.flows"),
        incoming=[_rule(flow, "saddr", flow.source) for flow in incoming(vm.flows, vm.address)],
        replies=[_reply(flow) for flow in incoming(vm.flows, vm.address) if flow.listener == "sshd"],
        outgoing=[_rule(flow, "daddr", flow.destination) for flow in outgoing(vm.flows, vm.address)],
        log_group=DROP_LOG_GROUP,
    )
    return RenderedFile(path="/etc/nftables.conf", content=content, checker="nft --check --file %s")


def _rule(flow: Flow, side: str, peer: Endpoint) -> str:
    """Return one rule; its comment is the flow's id, its counter is evidence."""
    match flow.protocol:
        case Protocol.TCP | Protocol.UDP:
            service = f"{flow.protocol} dport {_set(str(port) for port in flow.ports)}"
        case Protocol.ICMP:
            service = "icmp type echo-request"
        case Protocol.ESP:
            service = "meta l4proto esp"
    return f'ip {side} {_set(_text(net) for net in peer.networks)} {service} counter accept comment "{flow.id}"'


def _reply(flow: Flow) -> str:
    """Return the rule for answers of a session that began before the kernel tracked connections.

    Loading the first table that asks for ``ct state`` starts the tracking. The very SSH session that loads it is
    unknown then, and its next packet is our answer: without this rule the session hangs until it times out.
    No connection can be opened by it, since a first packet (SYN without ACK) does not match.
    """
    peers, ports = _set(_text(net) for net in flow.source.networks), _set(str(port) for port in flow.ports)
    return f'ip daddr {peers} tcp sport {ports} tcp flags & (syn | ack) == ack counter accept comment "{flow.id}.reply"'


def _text(network: IPv4Network) -> str:
    return str(network.network_address) if network.prefixlen == 32 else str(network)


def _set(members: Iterable[str]) -> str:
    listed = tuple(members)
    return listed[0] if len(listed) == 1 else "{ " + ", ".join(listed) + " }"
