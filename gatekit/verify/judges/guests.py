"""What runs and listens in a Linux guest (AP-3, AP-6, AP-8)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.vm1 import vm1
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.judges.gateway import BOUND_TO_ALL
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

FIRST_EPHEMERAL = 32768  # net.ipv4.ip_local_port_range: sockets that ask (DNS, NTP), not that serve


def open_sockets(text: str) -> frozenset[tuple[str, int]]:
    """Return (protocol, port) of each socket in ``ss -H -l -n -t -u`` that other hosts can reach."""
    found = set()
    for line in text.splitlines():
        protocol, _state, _received, _sent, local = line.split()[:5]
        host, _, port = local.rpartition(":")
        outside = not host.split("%")[0].strip("[]").startswith(("127.", "::1"))
        if outside and port != "*" and not (protocol == "udp" and int(port) >= FIRST_EPHEMERAL):
            found.add((protocol, int(port)))
    return frozenset(found)


def listening(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """Return whether nothing listens that no flow of the matrix leads to, and everything built does."""
    own = IPv4Address(plan.vm(check.source).address)
    flows = [flow for flow in plan.flows if any(own in network for network in flow.destination.networks)]
    permitted = {(flow.protocol.value, port) for flow in flows for port in flow.ports}
    if check.source == "vm1":
        permitted |= {("tcp", vm1().loopback_ports[name]) for name in BOUND_TO_ALL}
    built = {
        (flow.protocol.value, port)
        for flow in flows
        if flow.listener in appliance().built_listeners
        for port in flow.ports
    }
    live = open_sockets(texts[0])
    return Verdict(ok=live <= permitted and built <= live, observed=_listening_text(live, permitted, built))


def _listening_text(
    live: frozenset[tuple[str, int]], permitted: set[tuple[str, int]], built: set[tuple[str, int]]
) -> Text:
    def words(sockets: set[tuple[str, int]] | frozenset[tuple[str, int]]) -> str:
        return " ".join(f"{protocol}/{port}" for protocol, port in sorted(sockets))

    ja, en = words(live), words(live)
    if live - permitted:
        ja, en = f"{ja}; 計画外 {words(live - permitted)}", f"{en}; unplanned {words(live - permitted)}"
    if built - live:
        ja, en = f"{ja}; 未起動 {words(built - live)}", f"{en}; missing {words(built - live)}"
    return Text(ja=ja, en=en)


def no_failed_unit(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """Return whether systemd reports no failed unit."""
    del plan, check
    failed = [line.split()[0] for line in texts[0].splitlines() if line.strip()]
    return Verdict(ok=not failed, observed=both(" ".join(failed) or "0 failed"))


def squid(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-3: Squid is active; its version is on record."""
    del plan, check
    state = dict(line.split("=", 1) for line in texts[0].splitlines() if "=" in line)
    version = re.search(r"Version (\S+)", texts[1])
    running = (state.get("ActiveState"), state.get("SubState")) == ("active", "running")
    seen = f"{state.get('ActiveState')}/{state.get('SubState')}, Squid {version[1] if version else '?'}"
    return Verdict(ok=running and version is not None, observed=both(seen))
