"""What a node of the lab does on the wire; runs on the node, standard library only.

listen PORT                     answer TCP connections and close them
hold PORT                       answer TCP connections and keep them open
reach ADDRESS PORT [SOURCE]     end with 0 when a TCP connection comes about within three seconds
talk ADDRESS PORT               print "open" once connected, then send until stopped
capture INTERFACE               print one JSON line for each IPv4 packet, after a line that says "ready"
"""

from __future__ import annotations

import json
import socket
import struct
import sys

ETH_P_ALL = 3
TCP, UDP = 6, 17


def listen(port: int) -> None:
    with socket.create_server(("", port), backlog=16) as server:
        while True:
            wire, _ = server.accept()
            wire.close()


def reach(address: str, port: int, source: str = "") -> None:
    try:
        socket.create_connection((address, port), timeout=3, source_address=(source, 0)).close()
    except OSError as err:
        sys.exit(str(err))


def talk(address: str, port: int) -> None:
    """Open a connection, hold it, and try to say something every 0.2 s whatever comes back."""
    with socket.create_connection((address, port), timeout=3) as wire:
        print("open", flush=True)
        wire.settimeout(0.2)
        while True:
            try:
                wire.send(b"x")
                wire.recv(1)
            except TimeoutError:
                continue


def hold(port: int) -> None:
    """Answer connections and keep them open."""
    held = []
    with socket.create_server(("", port), backlog=16) as server:
        while True:
            held.append(server.accept())


def capture(interface: str) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)) as wire:
        wire.bind((interface, ETH_P_ALL))
        print("ready", flush=True)
        while True:
            packet = wire.recv(2048)
            if packet[0] >> 4 == 4:
                print(json.dumps(describe(packet)), flush=True)


def describe(packet: bytes) -> dict[str, object]:
    """Return addresses, protocol, ports, TCP flags and MSS of one IPv4 packet."""
    at, protocol = (packet[0] & 15) * 4, packet[9]
    seen: dict[str, object] = {
        "from": socket.inet_ntoa(packet[12:16]),
        "to": socket.inet_ntoa(packet[16:20]),
        "protocol": protocol,
    }
    if protocol in (TCP, UDP) and len(packet) >= at + 8:
        seen["sport"], seen["dport"] = struct.unpack_from("!HH", packet, at)
    if protocol == TCP and len(packet) >= at + 20:
        seen["syn"] = bool(packet[at + 13] & 2)
        seen["mss"] = mss(packet[at + 20 : at + (packet[at + 12] >> 4) * 4])
    return seen


def mss(options: bytes) -> int | None:
    """Return the maximum segment size among TCP options (RFC 9293 3.2), None when it is not given."""
    at = 0
    while at < len(options) and options[at] != 0:
        if options[at] == 1:
            at += 1
        elif options[at] == 2:  # kind 2, length 4, two octets
            return int(struct.unpack_from("!H", options, at + 2)[0])
        else:
            at += max(options[at + 1], 2)
    return None


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    if verb == "listen":
        listen(int(words[0]))
    elif verb == "hold":
        hold(int(words[0]))
    elif verb == "capture":
        capture(words[0])
    elif verb == "talk":
        talk(words[0], int(words[1]))
    else:
        reach(words[0], int(words[1]), *words[2:])
