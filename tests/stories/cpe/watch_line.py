"""Count the packets on the NGN's side of the line until ended; prints JSON: kind -> packets."""

from __future__ import annotations

import json
import signal
import socket
import sys
from collections import Counter
from ipaddress import IPv4Address, IPv6Address

ETH_P_ALL, IPV4, IPV6 = 0x0003, 0x0800, 0x86DD
UDP, ICMPV6, ESP = 17, 58, 50
IKE = {500, 4500}


def kind_of(frame: bytes) -> str:
    """Return what one Ethernet frame is: ``ike``, ``icmpv6``, ``esp``, ``dhcp``, ``ipv4 A > B`` or its numbers."""
    kind = int.from_bytes(frame[12:14])
    packet = frame[14:]
    if kind == IPV4:
        header = 4 * (packet[0] & 15)
        if packet[9] == UDP and {int.from_bytes(packet[header + n : header + n + 2]) for n in (0, 2)} == {67, 68}:
            return "dhcp"
        return f"ipv4 {IPv4Address(packet[12:16])} > {IPv4Address(packet[16:20])}"
    if kind != IPV6:
        return f"ethertype {kind:#06x}"
    if packet[6] == UDP:
        ports = {int.from_bytes(packet[40:42]), int.from_bytes(packet[42:44])}
        return "ike" if ports & IKE else "dhcpv6" if ports == {546, 547} else f"udp {sorted(ports)}"
    names = {ICMPV6: "icmpv6", ESP: "esp", 0: "icmpv6"}  # 0: hop by hop, as multicast listener reports have it
    ends = f"{IPv6Address(packet[8:24])} > {IPv6Address(packet[24:40])}"
    return names.get(packet[6], f"ipv6 next header {packet[6]} {ends}")


def main() -> None:
    """Watch ``line0``."""
    counts: Counter[str] = Counter()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as wire:
        wire.bind(("line0", ETH_P_ALL))
        signal.signal(signal.SIGTERM, lambda *_: wire.close() or sys.exit(print(json.dumps(counts))))
        print("watching", flush=True)
        while True:
            counts[kind_of(wire.recv(2048))] += 1


if __name__ == "__main__":
    main()
