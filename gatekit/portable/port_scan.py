"""Ask every port of some addresses once, and print who answered as one JSON document.

Self-contained on purpose, as ``gatekit.portable.probe``: the text of this file is piped to ``python3 -`` on a probe
host, as root, with the job as JSON in the only argument. Nothing is installed, written or left running there.

It sends its own frames, so that neither this host's packet filter nor its connection tracking takes part: what is
tested is everything behind this host (docs/adr/0005). One run is one pass; how many passes prove something is decided
in ``gatekit.verify.scanning``.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from fcntl import ioctl
from ipaddress import IPv4Address, IPv4Network
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

ETH_P_IP, ETH_P_ARP = 0x0800, 0x0806
SOL_PACKET, PACKET_QDISC_BYPASS = 263, 20
SO_RCVBUFFORCE = 33
SYN, RST, SYN_ACK = 0x02, 0x04, 0x12
BATCH = 64
SETTLE_S = 0.6
CONTROL_PROBES = 64

Frame = tuple[str, bytes | bytearray]
"""The interface it leaves by, and its octets."""


class Way(NamedTuple):
    """How frames leave for one address: interface, own hardware address, the next hop's."""

    interface: str
    own_mac: bytes
    next_mac: bytes


def _sum16(octets: bytes) -> int:
    """Return the ones' complement sum of 16-bit words (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def next_hop(table: str, address: IPv4Address) -> tuple[str, IPv4Address] | None:
    """Return (interface, next hop) for an address from the text of /proc/net/route, or None without a route."""
    best: tuple[int, int, str, IPv4Address] | None = None
    for line in table.splitlines()[1:]:
        name, network, gateway, flags, _, _, metric, mask = line.split()[:8]
        prefix = int.from_bytes(bytes.fromhex(mask), "little").bit_count()
        row = IPv4Network((int.from_bytes(bytes.fromhex(network), "little"), prefix))
        if address not in row or not int(flags, 16) & 1 or name == "*":
            continue
        via = IPv4Address(int.from_bytes(bytes.fromhex(gateway), "little"))
        candidate = (prefix, -int(metric), name, via if int(via) else address)
        best = candidate if best is None or candidate[:2] > best[:2] else best
    return None if best is None else best[2:]


def _mac_of(interface: str) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer_bytes: bytes = ioctl(any_socket, 0x8927, struct.pack("256s", interface.encode()))  # SIOCGIFHWADDR
    return answer_bytes[18:24]


def _resolve(interface: str, source: IPv4Address, address: IPv4Address) -> bytes | None:
    """Return the hardware address behind ``address`` by ARP (RFC 826), or None when nobody owns it."""
    own = _mac_of(interface)
    frame = 6 * b"\xff" + own + struct.pack("!HHHBBH", ETH_P_ARP, 1, ETH_P_IP, 6, 4, 1)
    frame += own + source.packed + 6 * b"\0" + address.packed
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP)) as wire:
        wire.bind((interface, ETH_P_ARP))
        for _ in range(3):
            wire.send(frame)
            end = time.monotonic() + 0.3
            while (left := end - time.monotonic()) > 0:
                wire.settimeout(left)
                try:
                    reply = wire.recv(128)
                except TimeoutError:
                    break
                if reply[20:22] == b"\0\x02" and reply[28:32] == address.packed:
                    return reply[22:28]
    return None


def _ip_header(source: IPv4Address, target: IPv4Address, protocol: int, length: int) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0x6777, 0x4000, 64, protocol, 0) + source.packed
    head += target.packed
    return head[:10] + struct.pack("!H", 65535 - _sum16(head)) + head[12:]


def _tcp_frame(way: Way, source: IPv4Address, target: IPv4Address, sport: int, flags: int) -> tuple[bytearray, int]:
    """Return a TCP frame with destination port and checksum open, and the sum of everything else."""
    segment = struct.pack("!HHIIBBHHH", sport, 0, 0x67617465, 0, 0x50, flags, 1024, 0, 0)
    pseudo = source.packed + target.packed + struct.pack("!HH", 6, len(segment))
    head = way.next_mac + way.own_mac + struct.pack("!H", ETH_P_IP)
    return bytearray(head + _ip_header(source, target, 6, len(segment)) + segment), _sum16(pseudo + segment)


def _udp_frame(
    way: Way, source: IPv4Address, target: IPv4Address, sport: int, port: int, payload: bytes = b"\0\0\0\0"
) -> bytes:
    datagram = struct.pack("!HHHH", sport, port, 8 + len(payload), 0) + payload  # checksum 0: none (RFC 768)
    return (
        way.next_mac
        + way.own_mac
        + struct.pack("!H", ETH_P_IP)
        + _ip_header(source, target, 17, len(datagram))
        + datagram
    )


class Scanner:
    """One scan from one source: sends SYN and UDP frames at a bounded rate, and notes who answers what."""

    def __init__(self, source: IPv4Address, rate_pps: int) -> None:
        self.source, self.rate_pps = source, rate_pps
        self.sent, self.answers = 0, dict[tuple[str, str, int], str]()
        self.controls_answered = set[int]()
        self._reserved = [socket.socket() for _ in range(1 + CONTROL_PROBES)]
        for held in self._reserved:  # ports no other program here gets meanwhile
            held.bind(("", 0))
        self.sport, *self.control_sports = [held.getsockname()[1] for held in self._reserved]
        self._wires = dict[str, socket.socket]()
        self._ways = dict[IPv4Address, Way | None]()
        self._table = Path("/proc/net/route").read_text(encoding="ascii")

    def close(self) -> None:
        for each in (*self._reserved, *self._wires.values()):
            each.close()

    def way(self, target: IPv4Address) -> Way | None:
        """Return how to reach a target, or None when there is no route or nobody answers ARP."""
        if target not in self._ways:
            hop = next_hop(self._table, target)
            mac = hop and _resolve(hop[0], self.source, hop[1])
            self._ways[target] = Way(hop[0], _mac_of(hop[0]), mac) if hop and mac else None
            if hop and hop[0] not in self._wires:
                self._wires[hop[0]] = self._open(hop[0])
        return self._ways[target]

    def _open(self, interface: str) -> socket.socket:
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        wire.bind((interface, ETH_P_IP))
        wire.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        wire.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        wire.setblocking(False)
        return wire

    def send_paced(self, frames: Iterable[Frame]) -> None:
        """Send frames in batches, never faster than the rate, reading answers between batches."""
        started, base = time.monotonic(), self.sent
        for interface, frame in frames:
            self._send(self._wires[interface], frame)
            self.sent += 1
            if self.sent % BATCH == 0:
                self.read_answers()
                ahead = (self.sent - base) / self.rate_pps - (time.monotonic() - started)
                if ahead > 0.0005:
                    time.sleep(ahead)

    @staticmethod
    def _send(wire: socket.socket, frame: bytes | bytearray) -> None:
        while True:
            try:
                wire.send(frame)
            except (BlockingIOError, OSError) as error:
                if error.errno not in (11, 105):  # EAGAIN, ENOBUFS: the interface's queue is full
                    raise
                time.sleep(0.001)
            else:
                return

    def read_answers(self) -> int:
        """Note every answer waiting on the wires; return how many packets were read."""
        count = 0
        for interface, wire in self._wires.items():
            while True:
                try:
                    packet = wire.recv(256)
                except BlockingIOError:
                    break
                count += 1
                self._note(interface, packet)
        return count

    def settle(self) -> None:
        """Read on until nothing has come for SETTLE_S seconds (at most ten times that)."""
        end = time.monotonic() + SETTLE_S
        limit = time.monotonic() + 10 * SETTLE_S
        while time.monotonic() < min(end, limit):
            if self.read_answers():
                end = time.monotonic() + SETTLE_S
            time.sleep(0.02)

    def _note(self, interface: str, packet: bytes) -> None:
        if len(packet) < 42 or packet[30:34] != self.source.packed:
            return
        at, protocol = 14 + (packet[14] & 15) * 4, packet[23]
        sender = socket.inet_ntoa(packet[26:30])
        if protocol == 6 and len(packet) >= at + 20:
            port, mine = struct.unpack_from("!HH", packet, at)
            self._note_tcp(interface, sender, port, mine, packet[at + 13], packet[at + 8 : at + 12])
        elif protocol == 17:
            port, mine = struct.unpack_from("!HH", packet, at)
            if mine == self.sport:
                self.answers["udp", sender, port] = "accepted"
        elif protocol == 1 and packet[at : at + 2] == b"\3\3" and len(packet) >= at + 32:  # port unreachable
            mine, port = struct.unpack_from("!HH", packet, at + 28)
            if mine == self.sport and packet[at + 24 : at + 28] == packet[26:30]:
                self.answers.setdefault(("udp", sender, port), "refused")

    def _note_tcp(self, interface: str, sender: str, port: int, mine: int, flags: int, acknowledged: bytes) -> None:
        if mine != self.sport and mine not in self.control_sports:
            return
        kind = "accepted" if flags & SYN_ACK == SYN_ACK else "refused" if flags & RST else ""
        if not kind:
            return
        if mine == self.sport:
            self.answers["tcp", sender, port] = kind
        else:
            self.controls_answered.add(mine)
        if kind == "accepted":
            self._tear_down(interface, IPv4Address(sender), port, mine, acknowledged)

    def _tear_down(self, interface: str, target: IPv4Address, port: int, mine: int, sequence: bytes) -> None:
        """Reset a half-open connection, so that no listener is left waiting for us."""
        way = self._ways.get(target)
        if way is None:
            return
        frame, _ = _tcp_frame(way, self.source, target, mine, RST)
        frame[36:38], frame[38:42] = struct.pack("!H", port), sequence
        pseudo = self.source.packed + target.packed + struct.pack("!HH", 6, 20)
        frame[50:52] = struct.pack("!H", 65535 - _sum16(pseudo + bytes(frame[34:])))
        self._wires[interface].send(frame)

    def syn_frames(self, target: IPv4Address, ports: Iterable[int], sport: int) -> Iterator[Frame]:
        """Yield one SYN frame a port; the same buffer each time, only port and checksum change."""
        way = self.way(target)
        if way is None:
            return
        frame, base = _tcp_frame(way, self.source, target, sport, SYN)
        interface, put = way.interface, struct.Struct("!H").pack_into
        for port in ports:
            total = base + port
            put(frame, 36, port)
            put(frame, 50, 65535 - ((total & 0xFFFF) + (total >> 16)))
            yield interface, frame

    def udp_frames(self, target: IPv4Address, ports: Iterable[int], questions: Mapping[int, bytes]) -> Iterator[Frame]:
        way = self.way(target)
        if way is not None:
            for port in ports:
                question = {"payload": questions[port]} if port in questions else {}
                yield way.interface, _udp_frame(way, self.source, target, self.sport, port, **question)


def port_ranges(ports: Iterable[int]) -> str:
    """Return ports as text, e.g. ``22,80-443``."""
    ranges: list[list[int]] = []
    for port in sorted(ports):
        if ranges and port == ranges[-1][1] + 1:
            ranges[-1][1] = port
        else:
            ranges.append([port, port])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)


def ports_of(text: str) -> Iterator[int]:
    """Yield the ports of a text written by ``port_ranges``."""
    for part in filter(None, text.split(",")):
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)


def _with_controls(
    scanner: Scanner, frames: Iterator[Frame], total: int, controls: list[tuple[IPv4Address, int]]
) -> Iterator[Frame]:
    """Yield the frames with CONTROL_PROBES questions of known answer spread evenly among them."""
    every, left = max(1, total // CONTROL_PROBES), list(scanner.control_sports)
    for count, frame in enumerate(frames):
        if left and count % every == 0:
            target, port = controls[len(left) % len(controls)]
            yield from scanner.syn_frames(target, (port,), left.pop())
        yield frame
    while left:
        target, port = controls[len(left) % len(controls)]
        yield from scanner.syn_frames(target, (port,), left.pop())


def scan(job: dict[str, Any]) -> dict[str, Any]:
    """Return who answered one pass: per target the TCP and UDP ports accepted and refused, and the controls' count.

    ``job``: ``source``, ``rate_pps``, ``controls`` [[address, port], ...] known to answer, ``targets`` [{address, tcp,
    udp}] with ports as text (``1-65535``), ``questions`` {port: hex}, what a server behind a UDP port understands.
    """
    scanner, started = Scanner(IPv4Address(job["source"]), job["rate_pps"]), time.monotonic()
    try:
        targets = [(IPv4Address(row["address"]), row["tcp"], row["udp"]) for row in job["targets"]]
        questions = {int(port): bytes.fromhex(text) for port, text in job["questions"].items()}
        controls = [(IPv4Address(address), port) for address, port in job["controls"]]
        controls = answering_controls(scanner, controls)
        if controls:
            _sweep(scanner, [row for row in targets if scanner.way(row[0]) is not None], controls, questions)
        return {
            "sent": scanner.sent,
            "duration_s": round(time.monotonic() - started, 3),
            "controls_sent": CONTROL_PROBES,
            "controls_answered": len(scanner.controls_answered),
            "targets": {str(target): _seen(scanner, target) for target, _, _ in targets},
        }
    finally:
        scanner.close()


def answering_controls(scanner: Scanner, controls: list[tuple[IPv4Address, int]]) -> list[tuple[IPv4Address, int]]:
    """Return those controls that answer now; a control that is down is some flow's own failure, not the scan's."""
    reached = [row for row in controls if scanner.way(row[0]) is not None]
    for _ in range(2):
        scanner.send_paced(
            frame for target, port in reached for frame in scanner.syn_frames(target, (port,), scanner.sport)
        )
        scanner.settle()
        seen = [(target, port) for target, port in reached if ("tcp", str(target), port) in scanner.answers]
        if seen:
            return seen
    return []


def _sweep(
    scanner: Scanner,
    targets: list[tuple[IPv4Address, str, str]],
    controls: list[tuple[IPv4Address, int]],
    questions: Mapping[int, bytes],
) -> None:
    """Send everything with controls in between: UDP, TCP, and UDP again, since hosts bound their refusals a second."""

    def udp() -> Iterator[Frame]:
        return (frame for to, _, ports in targets for frame in scanner.udp_frames(to, ports_of(ports), questions))

    tcp = (frame for to, ports, _ in targets for frame in scanner.syn_frames(to, ports_of(ports), scanner.sport))
    total = sum(_count(tcp_ports) + 2 * _count(udp_ports) for _, tcp_ports, udp_ports in targets)
    scanner.send_paced(_with_controls(scanner, chain(udp(), tcp, udp()), total, controls))
    scanner.settle()


def _count(ports: str) -> int:
    return sum(1 for _ in ports_of(ports))


def _seen(scanner: Scanner, target: IPv4Address) -> dict[str, Any]:
    seen: dict[str, Any] = {"way": scanner.way(target) is not None}
    for protocol in ("tcp", "udp"):
        for kind in ("accepted", "refused"):
            seen[f"{protocol}_{kind}"] = port_ranges(
                port
                for (proto, address, port), found in scanner.answers.items()
                if (proto, address, found) == (protocol, str(target), kind)
            )
    return seen


if __name__ == "__main__":
    print(json.dumps(scan(json.loads(sys.argv[1]))))
