"""What ``show`` prints, in the shapes of the vendor reference 1.2 and 7.5; all from the active configuration."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.simulators.junos.commits import Commits
from gatekit.simulators.junos.configuration import Configuration, compared, hierarchical

ESP_NAMES = {"aes-256-gcm": "aes-gcm-256/None", "aes-256-cbc": "aes-cbc-256/sha256"}
PREFERENCE = {"direct": 0, "static": 5}


def shown(line: str, commits: Commits, release: str, model: str) -> str | None:
    """Return the answer to an operational ``show``, None when there is no such command here."""
    active = commits.active
    exact: dict[str, Callable[[], str]] = {
        "show version": lambda: _version(active, release, model),
        "show system commit": commits.shown,
        "show configuration": lambda: _configuration(commits, release),
        "show configuration | display set": lambda: _as_set(active, release),
        "show security ike security-associations": lambda: _ike(active),
        "show security ipsec security-associations": lambda: _ipsec(active),
        "show security ipsec inactive-tunnels": lambda: _inactive(active),
        "show security policies hit-count": lambda: _hits(active),
        "show interfaces terse": lambda: _terse(active, ""),
        "show route": lambda: _routes(active, None),
    }
    if line in exact:
        return exact[line]()
    if line.startswith("show interfaces terse "):
        return _terse(active, line.rsplit(" ", 1)[1])
    if line.startswith("show route "):
        return _routes(active, IPv4Network(line.rsplit(" ", 1)[1], strict=False))
    if line.startswith("show configuration | compare rollback "):
        return _against(commits, int(line.rsplit(" ", 1)[1]))
    return None


def _version(active: Configuration, release: str, model: str) -> str:
    name = "".join(active.names("system", "host-name"))
    return f"Hostname: {name}\nModel: {model}\nJunos: {release}\nJUNOS Software Release [{release}]\n"


def _as_set(active: Configuration, release: str) -> str:
    return "".join(f"{line}\n" for line in (f"set version {release}", *active.lines()))


def _configuration(commits: Commits, release: str) -> str:
    last = commits.history[0]
    head = f"## Last commit: {last.at} {last.by}\nversion {release};\n"
    return head + "".join(hierarchical(last.configuration))


def _against(commits: Commits, number: int) -> str:
    if number >= len(commits.history):
        return f"error: rollback configuration {number} does not exist\n"
    return compared(commits.history[number].configuration, commits.active)


def _peer(active: Configuration) -> str | None:
    for name in active.names("security", "ike", "gateway"):
        for (address,) in active.below("security", "ike", "gateway", name, "address"):
            return address
    return None


def _ike(active: Configuration) -> str:
    head = "Index   State  Initiator cookie  Responder cookie  Mode           Remote Address\n"
    peer = _peer(active)
    row = f"5512047 UP     7c1e90aa52b1f3d4  c4408f1be0973a65  IKEv2          {peer}\n"
    return head + row if peer else ""


def _ipsec(active: Configuration) -> str:
    peer = _peer(active)
    if peer is None:
        return "  Total active tunnels: 0     Total Ipsec sas: 0\n"
    cipher = next(iter(active.below("security", "ipsec", "proposal", "*", "encryption-algorithm")))[0]
    name = ESP_NAMES.get(cipher, cipher)
    return (
        "  Total active tunnels: 1     Total Ipsec sas: 1\n"
        "  ID    Algorithm       SPI      Life:sec/kb  Mon lsys Port  Gateway\n"
        f"  <131073 ESP:{name} 5be02c19 3127/ unlim - root 500 {peer}\n"
        f"  >131073 ESP:{name} a97f1140 3127/ unlim - root 500 {peer}\n"
    )


def _inactive(active: Configuration) -> str:
    del active
    return "  Total inactive tunnels: 0\n  Total inactive tunnels with establish immediately: 0\n"


def _hits(active: Configuration) -> str:
    head = (
        "Logical system: root-logical-system\n Index   From zone        To zone           Name           Policy count\n"
    )
    rows: dict[tuple[str, str, str], None] = {}
    for said in active.below("security", "policies", "from-zone"):
        rows[said[0], said[2], said[4]] = None
    for name in active.names("security", "policies", "global", "policy"):
        rows["junos-global", "junos-global", name] = None
    lines = (f" {at:<8}{a:<16} {b:<17} {name:<14} 0\n" for at, (a, b, name) in enumerate(rows, start=1))
    return f"{head}{''.join(lines)}\nNumber of policy: {len(rows)}\n"


def units(active: Configuration) -> dict[str, IPv4Interface | None]:
    """Return logical interface -> its address."""
    found: dict[str, IPv4Interface | None] = {}
    for port in active.names("interfaces"):
        for said in active.below("interfaces", port, "unit"):
            unit = f"{port}.{said[0]}"
            found.setdefault(unit, None)
            if said[1:4] == ("family", "inet", "address"):
                found[unit] = IPv4Interface(said[4])
    return found


def _terse(active: Configuration, wanted: str) -> str:
    lines = ["Interface               Admin Link Proto    Local                 Remote\n"]
    seen: set[str] = set()
    for unit, address in units(active).items():
        port = unit.rsplit(".", 1)[0]
        if wanted not in {"", port, unit}:
            continue
        if port not in seen:
            seen.add(port)
            lines.append(f"{port:<24}up    up\n")
        lines.append(f"{unit:<24}up    up   inet{f'     {address}' if address else ''}\n")
    return "".join(lines)


def _routes(active: Configuration, wanted: IPv4Network | None) -> str:
    table: dict[IPv4Network, str] = {}
    for unit, address in units(active).items():
        if address is not None:
            table[address.network] = f"*[Direct/0] 02:11:40\n                    >  via {unit}\n"
    for text in active.names("routing-options", "static", "route"):
        said = active.below("routing-options", "static", "route", text)[0]
        table[IPv4Network(text)] = f"*[Static/5] 02:11:40\n                    {_leads(active, said)}\n"
    chosen = sorted(table)
    if wanted is not None:
        covering = [network for network in table if wanted.subnet_of(network)]
        chosen = [max(covering, key=lambda network: network.prefixlen)] if covering else []
    rows = "".join(f"{network!s:<19}{table[network]}" for network in chosen)
    count = len(table)
    head = f"\ninet.0: {count} destinations, {count} routes ({count} active, 0 holddown, 0 hidden)\n"
    return f"{head}+ = Active Route, - = Last Active, * = Both\n\n{rows}" if rows else ""


def _leads(active: Configuration, said: tuple[str, ...]) -> str:
    if said[0] == "discard":
        return "   Discard"
    if said[1] == "st0.0":
        return ">  via st0.0"
    hop = IPv4Address(said[1])
    way = next((unit for unit, own in units(active).items() if own and hop in own.network), "")
    return f">  to {hop} via {way}"
