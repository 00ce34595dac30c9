"""What the router says of its routes and its tunnel, in the shapes of the vendor reference (5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface

from gatekit.simulators.yamaha_rtx.configuration import Configuration

_RULE = "-" * 76


def ip_route(configuration: Configuration) -> str:
    """Return ``show ip route``: connected nets, then static ones; a tunnel that is enabled counts as up."""
    rows = [*_connected(configuration), *_static(configuration)]
    head = "Destination         Gateway          Interface       Kind  Additional Info.\n"
    return head + "".join(
        f"{network:<19} {gateway:<15} {interface:>10} {kind:>9}  {more}\n"
        for network, gateway, interface, kind, more in rows
    )


def ipsec_sa(configuration: Configuration) -> str:
    """Return ``show ipsec sa``."""
    peers = {number: _peer(configuration, number) for number in _up(configuration)}
    count = len(peers)
    rows = [f"Total: isakmp:{count} send:{count} recv:{count}", ""]
    rows += ["sa    sgw isakmp connection    dir  life[s] remote-id", _RULE]
    for index, (number, peer) in enumerate(peers.items()):
        ike = 3 * index + 1
        rows.append(f"{ike:<5} {number:<3} -      ike           -    14011   {peer}")
        rows += [
            f"{ike + at:<5} {number:<3} {ike:<6} tun[{number:04}]esp  {way} 3012    {peer}"
            for at, way in ((1, "send"), (2, "recv"))
        ]
    return "\n".join(rows) + "\n"


def status_tunnel(configuration: Configuration, number: int) -> str:
    """Return ``show status tunnel N`` of a tunnel with traffic, or of one that is down."""
    lines = configuration.tunnel(number)
    name = lines.get("description tunnel", "").removeprefix("description tunnel ")
    mtu = lines.get("ip tunnel mtu", "ip tunnel mtu 1280").rpartition(" ")[2]
    status = "Online" if number in _up(configuration) else "Offline"
    return (
        f"TUNNEL[{number}]: \nDescription: {name}\n  Interface type: IPsec\n  Current status is {status}.\n"
        f"  Maximum Transmission Unit(MTU):\n   IPv4: {mtu} octets\n   IPv6: {mtu} octets\n"
        "  Received:    (IPv4) 20517 packets [9120044 octets]\n               (IPv6) 0 packet [0 octet]\n"
        "  Transmitted: (IPv4) 19870 packets [4410233 octets]\n               (IPv6) 0 packet [0 octet]\n"
    )


def _up(configuration: Configuration) -> list[int]:
    numbers = sorted({number for number, _ in configuration.lines if number})
    return [number for number in numbers if f"tunnel enable {number}" in configuration.tunnel(number)]


def _peer(configuration: Configuration, number: int) -> str:
    lines = configuration.tunnel(number)
    found = [line for name, line in lines.items() if name.startswith("ipsec ike remote address ")]
    return found[0].rpartition(" ")[2] if found else "-"


def _connected(configuration: Configuration) -> Iterator[tuple[str, str, str, str, str]]:
    for (number, name), line in configuration.lines.items():
        words = line.split()
        if not number and name.endswith(" address") and words[0] == "ip" and words[3] != "dhcp":
            place = IPv4Interface(words[3])
            yield str(place.network), str(place.ip), words[1].upper(), "implicit", ""


def _static(configuration: Configuration) -> Iterator[tuple[str, str, str, str, str]]:
    for (number, name), line in configuration.lines.items():
        words = line.split()
        if number or not name.startswith("ip route "):
            continue
        if words[4] == "tunnel" and int(words[5]) in _up(configuration):
            yield words[2], "-", f"TUNNEL[{words[5]}]", "static", "hide" if "hide" in words else ""
        elif "null" in words:
            yield words[2], "-", "NULL", "static", ""
        elif words[4] == "dhcp":
            yield words[2], "192.168.1.1", words[5].upper(), "static", ""
        else:
            yield words[2], words[4], "LAN1", "static", ""
