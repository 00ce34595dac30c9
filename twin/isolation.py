"""Keeps the twin inside: this machine neither forwards between or out of its bridges, nor answers on them."""

from __future__ import annotations

from collections.abc import Iterable

from twin.commands import run, succeeds
from twin.naming import isolation_table


def isolation_rules(site: str, bridges: Iterable[str]) -> str:
    """Return the machine's nft table for one twin.

    Forwarded packets that enter by a bridge of the twin leave by the same bridge (the kernel shows
    bridged packets to these hooks when br_netfilter is on) or not at all. To the machine itself a twin
    host may only answer: the machine is the staging controller, which opens connections and takes none.
    What only passes a bridge is not tracked: a scan would fill the machine's own table.
    """
    names = "{ " + ", ".join(f'"{name}"' for name in sorted(bridges)) + " }"
    same = "".join(f'    iifname "{name}" oifname "{name}" accept\n' for name in sorted(bridges))
    table = isolation_table(site)
    return (
        f"table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n"
        f"  chain raw {{\n    type filter hook prerouting priority raw; policy accept;\n"
        f"    iifname {names} fib daddr type != local notrack\n  }}\n"
        f"  chain forward {{\n    type filter hook forward priority filter - 10; policy accept;\n{same}"
        f'    iifname {names} counter drop comment "twin-out"\n'
        f'    oifname {names} counter drop comment "twin-in"\n  }}\n'
        f"  chain input {{\n    type filter hook input priority filter - 10; policy accept;\n"
        f"    iifname {names} ct state established,related accept\n"
        f"    iifname {names} ip6 nexthdr icmpv6 accept\n"
        f'    iifname {names} counter drop comment "twin-to-machine"\n  }}\n}}\n'
    )


def isolate(site: str, bridges: Iterable[str]) -> None:
    """Load the table, in place of the one that may be there."""
    run(["nft", "-f", "-"], stdin=isolation_rules(site, bridges).encode())


def leave_networks(bridges: Iterable[str]) -> None:
    """Take this machine's addresses off bridges, and with them its routes into the twin's networks.

    The twin's public addresses may be somebody's: with the route in place, the machine's packets for
    them would end in the twin. podman puts the address back with each container that joins.
    """
    for name in bridges:
        run(["ip", "address", "flush", "dev", name])


def remove_isolation(site: str) -> bool:
    """Remove the table; return whether there was one."""
    if not is_isolated(site):
        return False
    run(["nft", "delete", "table", "inet", isolation_table(site)])
    return True


def is_isolated(site: str) -> bool:
    """Return whether the table is loaded."""
    return succeeds(["nft", "list", "table", "inet", isolation_table(site)])
